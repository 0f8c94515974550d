"""Texts of other systems become texts of this one: their placeholders are replaced by our variables.

What is known: ``{TABELA:CAMPO}`` of SG, ``#CORINGA#`` of Cedrus, ``%CAMPO%`` of CRMs, ``{{1}}`` of Meta's templates,
``{nome}`` of Zenvia and Infobip, and ``[NOME]``, ``<<nome>>``, ``«nome»``, ``@NOME@``, ``${nome}``, ``%(nome)s``.
What nobody knows stays in the text as a mark that the parser refuses, so that it can never be sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from integrator.domain.errors import TemplateError
from integrator.messages.aliases import Aliases, Meant
from integrator.messages.catalogue import Situation
from integrator.messages.language import MAX_SOURCE, lint, parse
from integrator.messages.placeholders import find_foreign
from integrator.messages.schema import Kind, Schema, plain, shown


class Origin(StrEnum):
    """Whose placeholders are replaced."""

    AUTO = "auto"
    SG = "sg"
    CEDRUS = "cedrus"
    CRM = "crm"
    META = "meta"


@dataclass(frozen=True, slots=True)
class Imported:
    """``mapped`` are pairs of what stood there and what stands there now, each once; ``unmapped`` as it stood there."""

    text: str
    mapped: tuple[tuple[str, str], ...] = ()
    unmapped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


_SPACED: Final = r"[^\W\d]\w*+(?:[ -]\w++){0,5}+"
#: Each form by the group that holds its name. All braces around a name belong to it, and what stands behind it in them.
_FORMS: Final = (
    r"(?<!\{)\$?\{++\s*+(?P<sinal>[#/^&>!?=~*:-]{0,3}+)\s*+"
    r"(?P<chaves>\w[\w.:]*+(?:\s?[:.]\s?\w[\w.:]*+)?(?:[ -]\w++){0,5}+)"
    r"\s*+(?P<resto>[|(\[][^{}\n]*+)?\}++",
    r"#(?P<cerquilha>(?:[^\W\d]|(?=\w*_))\w{2,}+)#",
    r"(?<!\d)%(?P<porcento>[^\W\d]\w++)%",
    r"%\((?P<formato>\w++)\)[sd]",
    rf"<<\s?(?P<setas>{_SPACED})\s?>>",
    r"<(?P<menor>[A-ZÀ-Ú_]{3,}+)>",
    r"«\s?(?P<aspas>\w++)\s?»",
    r"@(?P<arroba>[A-ZÀ-Ú_]{3,}+)@",
    rf"\[{{1,2}}(?P<colchete>{_SPACED})\]{{1,2}}",
)
_PLACEHOLDER: Final = re.compile("|".join(_FORMS))
_GROUPS: Final = ("chaves", "cerquilha", "porcento", "formato", "setas", "menor", "aspas", "arroba", "colchete")
_OF: Final[Mapping[Origin, frozenset[str]]] = {
    Origin.AUTO: frozenset(_GROUPS),
    Origin.SG: frozenset({"chaves"}),
    Origin.CEDRUS: frozenset({"cerquilha", "chaves"}),
    Origin.CRM: frozenset({"porcento", "chaves"}),
    Origin.META: frozenset({"chaves"}),
}
#: Blocks and filters of our own: a text that has them and parses is ours already.
_OURS: Final = re.compile(r"\{[?#/:]|\{[^{}]*\||\[\[")
_KEPT: Final = re.compile(r"\{[\w:. -]+\}")
_FILTERS: Final = {"upper": "maiúsculas", "uppercase": "maiúsculas", "lower": "minúsculas", "lowercase": "minúsculas"}
_SHOUTED: Final = re.compile(r"[A-ZÀ-Ú][A-ZÀ-Ú0-9_]{2,}")
_CURRENCY: Final = re.compile(r"R\$\s?([*_~]{0,3})$")
_ESCAPED: Final = (("{", "{{"), ("}", "}}"), ("[[", "\\[["), ("]]", "\\]]"))
_ONLY_FIRST: Final = (
    "{written} mostra só o título mais antigo. Se a mensagem pode ter vários, use a lista inteira, como em "
    "{{#titulos:10}}…{{/titulos}}."
)


@dataclass
class _Work:
    """One import: what was found so far, and the pieces of the new text; ``unmapped`` with the mark that stays."""

    pieces: list[str] = field(default_factory=list)
    mapped: dict[str, str] = field(default_factory=dict)
    unmapped: dict[str, str] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """What names mean: as bound by hand, else, in the chosen ``forms``, as everybody calls it."""

    aliases: Aliases
    bound: Mapping[str, Meant]
    forms: frozenset[str]

    def meant(self, name: str, form: str) -> Meant | None:
        bound = self.bound.get(name.casefold())
        return bound or (self.aliases.meant(name) if form in self.forms else None)


def import_text(
    source: str,
    situation: Situation | None = None,
    *,
    origin: Origin = Origin.AUTO,
    bindings: Mapping[str, str] | None = None,
) -> Imported:
    """``source`` in our language, for a text of ``situation``; ``bindings`` are names and what they mean, as in
    ``{"1": "cliente"}`` or ``{"2": "total|moeda"}``.

    Raises :class:`TemplateError` for a text that is too long or a binding that our language does not have.
    """
    if len(source) > MAX_SOURCE:
        raise TemplateError("O texto a importar tem mais de 20.000 caracteres. Divida-o ou encurte-o.")
    aliases = Aliases(situation)
    bound = {name.casefold(): _bound(target, aliases.schema) for name, target in (bindings or {}).items()}
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip()
    if _is_ours(text, aliases.schema):
        return Imported(text, warnings=tuple(lint(text, aliases.schema)))
    work, at = _Work(), 0
    for found in _PLACEHOLDER.finditer(text):
        start, end = _with_braces(found, text, at)
        work.pieces.append(_literal(text[at:start]))
        at = end
        _replace(found, work, _Known(aliases, bound, _OF[origin]))
    work.pieces.append(_literal(text[at:]))
    return _finished("".join(work.pieces), work, aliases.schema)


def _with_braces(found: re.Match[str], text: str, after: int) -> tuple[int, int]:
    """Where a placeholder begins and ends with the braces right around it: ``{%NOME%}`` is one of ``%NOME%``."""
    start, end = found.span()
    while start > after and text[start - 1] == "{" and text[end : end + 1] == "}":
        start, end = start - 1, end + 1
    return start, end


def _is_ours(text: str, schema: Schema) -> bool:
    if not _OURS.search(text):
        return False
    try:
        parse(text, schema)
    except TemplateError:
        return False
    return True


def _replace(found: re.Match[str], work: _Work, known: _Known) -> None:
    """Add what stands for one placeholder."""
    form = next(group for group in _GROUPS if found[group] is not None)
    name, typed = found[form].strip(), found.group()
    meant = None if _is_block(found) else known.meant(name, form)
    if meant is None and form == "colchete" and not _SHOUTED.fullmatch(name):
        work.pieces.append(_literal(typed))
        return
    if meant is None:
        if typed not in work.unmapped:
            work.unmapped[typed] = _visible(typed, name, known.aliases.schema)
        work.pieces.append(work.unmapped[typed])
        return
    written = _filtered(meant.text, (found["resto"] or "").strip(), work, known.aliases.schema)
    if meant.kind is Kind.MONEY and work.pieces:
        work.pieces[-1] = _CURRENCY.sub(r"\1", work.pieces[-1])
    work.mapped[typed] = written
    work.pieces.append(written)


def _is_block(found: re.Match[str]) -> bool:
    """The beginning, middle or end of a block of another language, which has no counterpart."""
    return bool(found["sinal"] and found["sinal"] not in "&=")


def _filtered(written: str, rest: str, work: _Work, schema: Schema) -> str:
    """Our variable with what stood behind the name, where our language has the same."""
    if not rest:
        return written
    filters = "".join(f"|{_FILTERS.get(each.strip().lower(), each.strip())}" for each in rest.strip("|").split("|"))
    try:
        parse(filtered := f"{written[:-1]}{filters}}}", schema)
    except TemplateError:
        work.notes[f"“{shown(rest)}” ficou de fora de {written}. Confira como o valor sai."] = None
        return written
    return filtered


def _visible(typed: str, name: str, schema: Schema) -> str:
    """What nobody knows, so that the parser refuses it whatever the text around it is."""
    if find_foreign(typed, schema) or (_KEPT.fullmatch(typed) and plain(name) not in schema.fields):
        return typed
    return f"{{{name}?}}"


def _literal(text: str) -> str:
    for mark, escaped in _ESCAPED:
        text = text.replace(mark, escaped)
    return text


def _bound(target: str, schema: Schema) -> Meant:
    """What a binding means: the name of a variable, with filters if wanted."""
    written = f"{{{target.strip().removeprefix('{').removesuffix('}')}}}"
    try:
        parse(written, schema)
    except TemplateError as error:
        _, _, what = error.message.partition(": ")
        raise TemplateError(f"“{shown(target)}” não serve: {what}") from error
    name, _, filters = written[1:-1].partition("|")
    return Meant(written, Kind.TEXT if filters else schema.fields.get(name.strip().lower(), Kind.TEXT))


def _finished(text: str, work: _Work, schema: Schema) -> Imported:
    warnings = [
        _ONLY_FIRST.format(written=written)
        for written in dict.fromkeys(work.mapped.values())
        if written.startswith("{#")
    ]
    warnings += [*work.notes, *lint(text, schema)]
    if not work.unmapped and text:
        try:
            parse(text, schema)
        except TemplateError as error:
            warnings.append(f"O texto importado ainda precisa de ajuste. {error.message}")
    return Imported(text, tuple(work.mapped.items()), tuple(map(shown, work.unmapped)), tuple(warnings))
