"""From the source of a text to its tree, with every name, filter and nesting checked (see :mod:`.language`)."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import NoReturn

from integrator.domain.errors import TemplateError
from integrator.messages.nodes import Condition, Literal, Loop, Node, Variation
from integrator.messages.placeholders import Complaint, find_foreign, read_placeholder
from integrator.messages.schema import Schema, plain, shown

_MAX_DEPTH = 8
_MAX_ITEMS = 100
_ESCAPES = (("{{", "{"), ("}}", "}"), ("\\[[", "[["), ("\\]]", "]]"), ("\\|", "|"))
#: Where a run of nodes ends, whoever began it.
_ENDS = ("{/", "{:", "]]")
#: Runs of text without any mark of the language; a lone bracket or backslash is text.
_TEXT = re.compile(r"(?:[^{}\[\]|\\]|\[(?!\[)|\](?!\])|\\(?!\[\[|\]\]|\|))+")
#: Neither typed nor seen by anybody: control characters but tab and line break, and halves of UTF-16 pairs.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a run of nodes stands. ``varying``: inside ``[[…]]``, where ``|`` begins the next option."""

    schema: Schema
    depth: int = 0
    varying: bool = False

    def deeper(self) -> _Scope:
        return replace(self, depth=self.depth + 1)


class Parser:
    """Recursive descent over one source; each position is read once."""

    def __init__(self, source: str, schema: Schema) -> None:
        self._source = source
        self._at = 0
        self._schema = schema
        self._variations = 0
        self._lines = [0, *(found.end() for found in re.finditer("\n", source))]

    def run(self) -> tuple[Node, ...]:
        """The whole text."""
        if invisible := _INVISIBLE.search(self._source):
            self._fail(f"há um caractere que não é texto (código {ord(invisible.group())})", invisible.start())
        if foreign := find_foreign(self._source, self._schema):
            self._fail(foreign[1], foreign[0])
        nodes = self._nodes(_Scope(self._schema))
        if self._sees("]]"):
            self._fail("há um “]]” sem o “[[” que o abre; para escrever colchetes, use “\\]]”")
        if self._at < len(self._source):
            self._fail(f"“{shown(self._tag())}” não tem um bloco aberto antes")
        return nodes

    def _nodes(self, scope: _Scope) -> tuple[Node, ...]:
        """Nodes up to the end of what began them, which is left unread."""
        if scope.depth > _MAX_DEPTH:
            self._fail(f"há mais de {_MAX_DEPTH} blocos um dentro do outro")
        ends = (*_ENDS, "|") if scope.varying else _ENDS
        nodes: list[Node] = []
        while self._at < len(self._source) and not self._source.startswith(ends, self._at):
            nodes.append(self._node(scope))
        return tuple(nodes)

    def _node(self, scope: _Scope) -> Node:
        if literal := self._literal():
            return Literal(literal)
        if self._sees("[["):
            return self._variation(scope)
        if self._sees("{#"):
            return self._loop(scope)
        if self._sees("{?"):
            return self._condition(scope)
        if self._sees("}"):
            self._fail("há um “}” sozinho; para escrever uma chave, use “}}”")
        return self._print(scope)

    def _literal(self) -> str:
        """The text up to the next mark, or what an escape stands for, or nothing; moves behind it."""
        for mark, text in (*_ESCAPES, ("|", "|")):
            if self._sees(mark):
                self._at += len(mark)
                return text
        match = _TEXT.match(self._source, self._at)
        self._at = match.end() if match else self._at
        return match.group() if match else ""

    def _variation(self, scope: _Scope) -> Variation:
        start = self._at
        index, self._variations = self._variations, self._variations + 1
        inner = replace(scope.deeper(), varying=True)
        options: list[tuple[Node, ...]] = []
        while not options or self._sees("|"):
            self._at += 1 if options else len("[[")
            options.append(self._nodes(inner))
        if not self._sees("]]"):
            self._fail("a variação “[[…” não foi fechada com “]]”", start)
        self._at += len("]]")
        if len(options) == 1:
            self._fail("a variação precisa de duas ou mais opções, como em [[Olá|Oi]]", start)
        return Variation(index, tuple(options))

    def _loop(self, scope: _Scope) -> Loop:
        start = self._at
        typed, colon, limit = self._read_tag()[1:].partition(":")
        name = plain(typed)
        if name not in scope.schema.lists:
            if not name:
                self._fail("falta o nome da lista, como em {#titulos}", start)
            if name in self._schema.lists:
                self._fail(f"a lista “{typed}” não pode ficar dentro de outra lista", start)
            if name in scope.schema.fields:
                self._fail(f"“{typed}” não é uma lista; para mostrar só quando houver valor, use {{?{typed}}}", start)
            self._fail(f"não há lista chamada “{shown(typed)}” aqui.{scope.schema.suggest(typed)}", start)
        if colon and not (limit.isascii() and limit.isdigit() and 0 < int(limit[:4]) <= _MAX_ITEMS):
            self._fail(f"o limite da lista deve ser um número de 1 a {_MAX_ITEMS}, como em {{#{typed}:10}}", start)
        body = self._nodes(replace(scope.deeper(), schema=scope.schema.inside(name)))
        self._close(typed, start)
        return Loop(name, int(limit) if colon else None, body, self._line(start))

    def _condition(self, scope: _Scope) -> Condition:
        start = self._at
        typed = self._read_tag()[1:]
        name = plain(typed)
        if name not in scope.schema.fields and name not in scope.schema.lists:
            if not name:
                self._fail("falta o nome da variável, como em {?tem_boleto}", start)
            self._fail(f"não conheço a variável “{shown(typed)}”.{scope.schema.suggest(typed)}", start)
        then = self._nodes(scope.deeper())
        otherwise: tuple[Node, ...] = ()
        if self._sees("{:"):
            between = self._at
            if plain(other := self._read_tag()[1:]) != "senao":
                self._fail(f"não existe “{{:{shown(other)}}}”; o que existe é {{:senao}}", between)
            otherwise = self._nodes(scope.deeper())
        self._close(typed, start)
        return Condition(name, then, otherwise)

    def _close(self, typed: str, start: int) -> None:
        if self._sees("{:"):
            self._fail(f"“{shown(self._tag())}” só vale uma vez, dentro de um bloco {{?…}}")
        if not self._sees("{/"):
            before = " antes do “]]”" if self._sees("]]") else ""
            self._fail(f"o bloco “{typed}” não foi fechado com {{/{typed}}}{before}", start)
        closing = self._at
        found = self._read_tag()[1:]
        if plain(found) != plain(typed):
            self._fail(f"“{{/{shown(found)}}}” fecha outro bloco; o que está aberto é “{typed}”", closing)

    def _print(self, scope: _Scope) -> Node:
        start = self._at
        try:
            return replace(read_placeholder(self._read_tag(), scope.schema), line=self._line(start))
        except Complaint as complaint:
            self._fail(str(complaint), start)

    def _read_tag(self) -> str:
        """The inside of the tag here, and move behind it."""
        tag = self._tag()
        self._at += len(tag)
        return tag[1:-1]

    def _tag(self) -> str:
        end = self._source.find("}", self._at)
        tag = self._source[self._at : end + 1]
        if end < 0 or "{" in tag[1:] or "\n" in tag:
            self._fail("há um “{” sem o “}” que o fecha; para escrever uma chave, use “{{”")
        if "[[" in tag or "]]" in tag:
            self._fail(f"dentro de “{shown(tag)}” não pode haver “[[” nem “]]”")
        return tag

    def _line(self, place: int) -> int:
        return bisect_right(self._lines, place)

    def _sees(self, mark: str) -> bool:
        return self._source.startswith(mark, self._at)

    def _fail(self, what: str, at: int | None = None) -> NoReturn:
        place = self._at if at is None else at
        line = self._line(place)
        column = place - self._lines[line - 1] + 1
        sentence = f"Texto da mensagem, linha {line}, coluna {column}: {what}"
        raise TemplateError(sentence if sentence.endswith((".", "?")) else f"{sentence}.")
