"""The inside of one ``{…}``: which variable, with which filters, and the placeholders that other systems use."""

from __future__ import annotations

import re

from integrator.messages.filters import DEFAULT, DEFAULT_NAME, FILTERS, Filter
from integrator.messages.nodes import Plural, Print
from integrator.messages.schema import Kind, Schema, alike, plain, shown

_PLURAL_FORMS = 2
_NAME = re.compile(r"[^\W\d]\w*")
_DATASET_FIELD = re.compile(r"\w+\s*[:.]\s*\w+")
#: A name in two or three braces would be escapes around it: the customer would read the name, or a brace.
_DOUBLED = re.compile(
    r"(?<!\{)\{{2,}+\s*+[#/^&>!?=~*-]{0,3}+\s*+\w[\w.:]*+(?:[ -]\w++){0,5}+\s*+(?:[|(\[][^{}\n]*+)?\}\}"
)
_MARKED = (
    re.compile(r"#(?:[A-ZÀ-Ú]|(?=\w*_))\w{2,}+#"),
    re.compile(r"(?<!\d)%[^\W\d]\w{2,}+%"),
    re.compile(r"%\(\w++\)[sd]"),
    re.compile(r"<<\s?[^\W\d]\w*+(?: \w++){0,5}+\s?>>"),
    re.compile(r"@[A-ZÀ-Ú_]{3,}+@"),
    re.compile(r"«\s?\w++\s?»"),
)
_FIRST_NAME = re.compile(r"\w[\w.:]*")


class Complaint(Exception):
    """What is wrong, as the end of a Portuguese sentence; the parser knows where."""


def find_foreign(source: str, schema: Schema) -> tuple[int, str] | None:
    """Place of and complaint about the first ``{{1}}``, ``{{nome}}``, ``#NOME#``, ``%NOME%``, ``<<nome>>``… if any."""
    found = [match for pattern in (_DOUBLED, *_MARKED) if (match := pattern.search(source))]
    if not found:
        return None
    first = min(found, key=re.Match.start)
    return first.start(), _foreign(first.group(), schema)


def _foreign(typed: str, schema: Schema) -> str:
    found = _FIRST_NAME.search(typed)
    name = plain(re.findall(r"\w+", found.group() if found else typed)[-1])
    origin = "modelo oficial do WhatsApp" if name.isdigit() else "outro sistema"
    known = schema.meant_by(name)
    hint = f"Você quis dizer {known}?" if known else "Use uma variável do integrador, por exemplo {cliente}."
    return f"“{shown(typed)}” é uma variável de {origin}. {hint}"


def read_placeholder(inside: str, schema: Schema) -> Print | Plural:
    """The node of ``{inside}``. Raises :class:`Complaint`."""
    typed, *pieces = inside.split("|")
    name = plain(typed)
    kind = schema.fields.get(name)
    if name in schema.lists:
        raise Complaint(f"“{typed}” é uma lista: use {{#{typed}}}…{{/{typed}}}")
    if kind is None:
        raise Complaint(_unknown(typed, schema))
    if kind in (Kind.NUMBER, Kind.OWN) and len(pieces) == _PLURAL_FORMS and not all(map(_is_filter, pieces)):
        if not any(pieces):
            raise Complaint("faltam as palavras do singular e do plural, como em {qtd|parcela|parcelas}")
        return Plural(name, pieces[0], pieces[1])
    return _filtered(name, kind, pieces)


def _unknown(typed: str, schema: Schema) -> str:
    bare = typed.strip()
    if _DATASET_FIELD.fullmatch(bare):
        return _foreign(f"{{{bare}}}", schema)
    if not bare:
        return f"falta o nome da variável em “{{{shown(typed)}}}”; para escrever uma chave, use “{{{{”"
    if not _NAME.fullmatch(bare):
        if meant := schema.meant_by(bare):
            return f"“{{{shown(typed)}}}” não é uma variável. Você quis dizer {meant}?"
        return f"“{{{shown(typed)}}}” não é uma variável; para escrever uma chave, use “{{{{”"
    return f"não conheço a variável “{shown(bare)}”.{schema.suggest(bare)}"


def _is_filter(piece: str) -> bool:
    return plain(piece.partition(":")[0]) in {*FILTERS, DEFAULT}


def _filtered(name: str, kind: Kind, pieces: list[str]) -> Print:
    filters: list[Filter] = []
    default: str | None = None
    now = kind
    for piece in pieces:
        typed, colon, argument = piece.partition(":")
        if plain(typed) == DEFAULT:
            if not argument.strip():
                raise Complaint("o filtro “padrão” precisa de um texto, como em {contato|padrão:cliente}")
            default = argument
            continue
        chosen = _filter(typed, now)
        if colon:
            raise Complaint(f"o filtro “{shown(typed)}” não leva argumento")
        filters.append(chosen)
        now = Kind.TEXT
    return Print(name, kind, tuple(filters), default)


def _filter(typed: str, kind: Kind) -> Filter:
    chosen = FILTERS.get(plain(typed))
    if not typed.strip():
        raise Complaint("falta o nome do filtro depois de “|”")
    if chosen is None:
        close = alike(plain(typed), [*FILTERS, DEFAULT])
        meant = FILTERS[close].name if close in FILTERS else DEFAULT_NAME
        hint = f" Você quis dizer “{meant}”?" if close else ""
        if not close:
            hint = " Singular e plural dependem de um número e se escrevem assim: {qtd|parcela|parcelas}."
        raise Complaint(f"não há filtro chamado “{shown(typed)}”.{hint}")
    if kind not in chosen.kinds:
        raise Complaint(f"o filtro “{shown(typed)}” não serve para {kind.value}")
    return chosen
