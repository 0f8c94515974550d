"""From the source of a text to its tree, with every name, filter and nesting checked (see :mod:`.language`)."""

from __future__ import annotations

import difflib
import re

from integrator.domain.errors import TemplateError
from integrator.messages.filters import DEFAULT, FILTERS, Filter
from integrator.messages.nodes import Condition, Literal, Loop, Node, Plural, Print, Variation
from integrator.messages.schema import Kind, Schema, plain

_MAX_DEPTH = 8
_MAX_ITEMS = 100
_PLURAL_FORMS = 2
_FOREIGN = (
    (re.compile(r"\{\{\s*\d+\s*\}\}"), "modelos do WhatsApp oficial"),
    (re.compile(r"\{[A-Z][A-Z0-9_]*:[A-Z][A-Z0-9_]*\}"), "outro sistema"),
    (re.compile(r"#[A-ZÀ-Ú][A-ZÀ-Ú0-9_]{2,}#"), "outro sistema"),
    (re.compile(r"%[A-Za-z_][A-Za-z0-9_]{2,}%"), "outro sistema"),
)
_NAME = re.compile(r"[^\W\d]\w*")
#: Runs of text without any mark of the language.
_TEXT = re.compile(r"[^{}\[\]|\\]+")


def refuse_foreign(source: str) -> None:
    """Name the placeholders of other systems, which would go to the customer as they are."""
    for pattern, origin in _FOREIGN:
        match = pattern.search(source)
        if match:
            raise TemplateError(
                f"{_place(source, match.start())}: “{match.group()}” é uma variável de {origin}. Troque por uma "
                "variável "
                "do integrador, por exemplo {cliente}."
            )


class Parser:
    """Recursive descent over one source; each position is read once."""

    def __init__(self, source: str, schema: Schema) -> None:
        self._source = source
        self._at = 0
        self._schema = schema
        self._variations = 0

    def run(self) -> tuple[Node, ...]:
        """The whole text."""
        nodes = self._nodes(self._schema, (), 0)
        if self._at < len(self._source):
            raise self._error(f"“{self._tag()}” fecha um bloco que não foi aberto")
        return nodes

    def _nodes(self, schema: Schema, stops: tuple[str, ...], depth: int) -> tuple[Node, ...]:
        """Nodes up to one of ``stops``, which is left unread, or to a closing or else tag, or to the end."""
        if depth > _MAX_DEPTH:
            raise self._error(f"há mais de {_MAX_DEPTH} blocos um dentro do outro")
        nodes: list[Node] = []
        while self._at < len(self._source) and not any(self._sees(stop) for stop in stops):
            if self._sees("{/") or self._sees("{:"):
                break
            nodes.append(self._node(schema, depth))
        return tuple(nodes)

    def _node(self, schema: Schema, depth: int) -> Node:
        for mark, text in (("{{", "{"), ("}}", "}"), ("\\[[", "[[")):
            if self._sees(mark):
                self._at += len(mark)
                return Literal(text)
        if self._sees("[["):
            return self._variation(schema, depth)
        if self._sees("{#"):
            return self._loop(schema, depth)
        if self._sees("{?"):
            return self._condition(schema, depth)
        if self._sees("{"):
            return self._print(schema)
        if self._sees("}"):
            raise self._error("há um “}” sozinho; para escrever uma chave use “}}”")
        match = _TEXT.match(self._source, self._at)
        text = match.group() if match else self._source[self._at]
        self._at += len(text)
        return Literal(text)

    def _variation(self, schema: Schema, depth: int) -> Variation:
        start = self._at
        self._at += 2
        index, self._variations = self._variations, self._variations + 1
        options = [self._nodes(schema, ("|", "]]"), depth + 1)]
        while self._sees("|"):
            self._at += 1
            options.append(self._nodes(schema, ("|", "]]"), depth + 1))
        if not self._sees("]]"):
            raise self._error("a variação “[[…” não foi fechada com “]]”", start)
        self._at += 2
        if len(options) == 1:
            raise self._error("a variação precisa de duas ou mais opções, separadas por “|”", start)
        return Variation(index, tuple(options))

    def _loop(self, schema: Schema, depth: int) -> Loop:
        start = self._at
        typed, _, limit = self._read_tag()[1:].partition(":")
        name = plain(typed)
        if name not in schema.lists:
            raise self._error(f"não há lista chamada “{typed}”.{schema.suggest(typed)}", start)
        if limit and not (limit.isascii() and limit.isdigit() and 0 < int(limit) <= _MAX_ITEMS):
            raise self._error(f"o limite da lista deve ser um número de 1 a {_MAX_ITEMS}", start)
        body = self._nodes(schema.inside(name), (), depth + 1)
        self._close(name, typed, start)
        return Loop(name, int(limit or _MAX_ITEMS), body)

    def _condition(self, schema: Schema, depth: int) -> Condition:
        start = self._at
        typed = self._read_tag()[1:]
        name = plain(typed)
        if name not in schema.fields and name not in schema.lists:
            raise self._error(f"não conheço a variável “{typed}”.{schema.suggest(typed)}", start)
        then = self._nodes(schema, (), depth + 1)
        otherwise: tuple[Node, ...] = ()
        if self._sees("{:"):
            if plain(self._read_tag()[1:]) != "senao":
                raise self._error("esperava “{:senao}”")
            otherwise = self._nodes(schema, (), depth + 1)
        self._close(name, typed, start)
        return Condition(name, then, otherwise)

    def _close(self, name: str, typed: str, start: int) -> None:
        if not self._sees("{/"):
            raise self._error(f"o bloco “{typed}” não foi fechado com “{{/{typed}}}”", start)
        closing = self._at
        found = self._read_tag()[1:]
        if plain(found) != name:
            raise self._error(f"“{{/{found}}}” fecha outro bloco: o aberto é “{typed}”", closing)

    def _print(self, schema: Schema) -> Node:
        start = self._at
        typed, *pieces = self._read_tag().split("|")
        name = plain(typed)
        if not _NAME.fullmatch(typed.strip()):
            raise self._error(f"“{{{typed}}}” não é uma variável; para escrever uma chave use “{{{{”", start)
        if name in schema.lists:
            raise self._error(f"“{typed}” é uma lista: use “{{#{typed}}}…{{/{typed}}}”", start)
        if name not in schema.fields:
            raise self._error(f"não conheço a variável “{typed}”.{schema.suggest(typed)}", start)
        kind = schema.fields[name]
        if kind is Kind.NUMBER and len(pieces) == _PLURAL_FORMS and not any(_is_filter(piece) for piece in pieces):
            return Plural(name, pieces[0], pieces[1])
        return self._filtered(name, kind, pieces, start)

    def _filtered(self, name: str, kind: Kind, pieces: list[str], start: int) -> Print:
        filters: list[Filter] = []
        default: str | None = None
        for piece in pieces:
            typed, colon, argument = piece.partition(":")
            wanted = plain(typed)
            if wanted == DEFAULT:
                if not argument:
                    raise self._error("o filtro “padrão” precisa de um texto: {contato|padrão:cliente}", start)
                default = argument
                continue
            if wanted not in FILTERS:
                close = difflib.get_close_matches(wanted, [*FILTERS, DEFAULT], n=1, cutoff=0.6)
                hint = f" Você quis dizer “{close[0]}”?" if close else ""
                raise self._error(f"não há filtro chamado “{typed}”.{hint}", start)
            if colon:
                raise self._error(f"o filtro “{typed}” não leva argumento", start)
            if not filters and kind not in FILTERS[wanted].kinds:
                raise self._error(f"o filtro “{typed}” não serve para {kind.value}", start)
            filters.append(FILTERS[wanted])
        return Print(name, kind, tuple(filters), default)

    def _read_tag(self) -> str:
        """The inside of the tag here, and move behind it."""
        tag = self._tag()
        self._at += len(tag)
        return tag[1:-1]

    def _tag(self) -> str:
        end = self._source.find("}", self._at)
        if end < 0 or "{" in self._source[self._at + 1 : end] or "\n" in self._source[self._at : end]:
            raise self._error("há um “{” sem o “}” que o fecha; para escrever uma chave use “{{”")
        return self._source[self._at : end + 1]

    def _sees(self, mark: str) -> bool:
        return self._source.startswith(mark, self._at)

    def _error(self, what: str, at: int | None = None) -> TemplateError:
        sentence = f"{_place(self._source, self._at if at is None else at)}: {what}"
        return TemplateError(sentence if sentence.endswith((".", "?")) else f"{sentence}.")


def _is_filter(piece: str) -> bool:
    return plain(piece.partition(":")[0]) in {*FILTERS, DEFAULT}


def _place(source: str, at: int) -> str:
    line = source.count("\n", 0, at) + 1
    column = at - source.rfind("\n", 0, at)
    return f"Texto da mensagem, linha {line}, coluna {column}"
