"""Which template of Meta's stands for a message, and when: for who has not written to the shop within a day.

A number of the official API may write freely only to people who have just written to it. To everybody else goes a
template that Meta approved, its placeholders filled here; what is recorded is the text that the customer reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from integrator.domain.errors import MessageError
from integrator.domain.message import Composed, Message, NoTemplate, Part, PartKind, TemplateUse, TemplateValue
from integrator.domain.meta_template import MAX_BODY, filled, one_line
from integrator.messages.catalogue import Situation, bare, text_version
from integrator.messages.language import utf16_length
from integrator.sending.gateway import Gateway, Windowed
from integrator.sending.shape import Bubble

_PDF = "application/pdf"
_CLOSED = "Este cliente não escreveu para a loja nas últimas 24 horas, e a Meta só aceita um modelo aprovado."


@dataclass(frozen=True, slots=True)
class Expression:
    """A text of the messages' language that stands for a placeholder; ``name`` is empty for a numbered one."""

    source: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """The shop's template for one situation; see :class:`~integrator.settings.templates.TemplateSettings`."""

    module: str
    kind: str
    name: str
    language: str
    body: str
    expressions: tuple[Expression, ...] = ()
    document: bool = False
    further: str = ""
    further_body: str = ""


class NeedsTemplate(MessageError):
    """The message may only go as a template, and there is none that fits it."""

    code = "modelo"


def choose(
    choices: Sequence[TemplateChoice], message: Message, situation: Situation | None
) -> TemplateChoice | NoTemplate:
    """The template of a message's situation, or which one to configure."""
    module, kind = (situation.module, situation.kind) if situation else (message.module, message.kind)
    wanted = bare(module), bare(kind)
    for choice in choices:
        if (bare(choice.module), bare(choice.kind)) == wanted:
            return choice
    return NoTemplate(
        f"{_CLOSED} Configure em [[modelos_meta]] o modelo de modulo = “{module}”, tipo = “{kind}” e libere a mensagem."
    )


def templated(choice: TemplateChoice, render: Callable[[str], str], files: Sequence[Bubble]) -> Composed | NoTemplate:
    """The message as templates: the text with the first PDF on top, then a template for each further PDF.

    ``render`` prints an expression with the row's values and raises :class:`MessageError` where one is missing.
    """
    if misfit := _misfit(choice, files):
        return NoTemplate(f"{_CLOSED} {misfit}")
    try:
        values = tuple(TemplateValue(_printed(each, render), each.name) for each in choice.expressions)
    except MessageError as error:
        return NoTemplate(f"{_CLOSED} O modelo “{choice.name}” não pôde ser preenchido: {error.message}")
    text = filled(choice.body, values)
    if (size := utf16_length(text)) > MAX_BODY:
        return NoTemplate(
            f"{_CLOSED} O modelo “{choice.name}” preenchido tem {size} caracteres; a Meta aceita até {MAX_BODY}. "
            "Encurte as variáveis dele."
        )
    use = TemplateUse(choice.name, choice.language, values)
    first = _document(1, files[0], text, use) if files else _text(text, use)
    rest = TemplateUse(choice.further, choice.language)
    others = (_document(order, file, choice.further_body, rest) for order, file in enumerate(files[1:], start=2))
    return Composed(text, text_version(choice.body), (first, *others))


def fitting(composed: Composed, gateway: Gateway, to: str) -> Composed:
    """The message as the number may send it to ``to`` (E.164 digits) now.

    Raises :class:`NeedsTemplate` with what to configure, and :class:`~integrator.domain.errors.GatewayError`.
    """
    if not isinstance(gateway, Windowed) or gateway.may_write_freely(to):
        return composed
    match composed.templated:
        case Composed() as ready:
            return ready
        case NoTemplate(reason):
            raise NeedsTemplate(reason)
        case None:
            raise NeedsTemplate(f"{_CLOSED} Configure em [[modelos_meta]] o modelo deste tipo de mensagem.")


def _misfit(choice: TemplateChoice, files: Sequence[Bubble]) -> str:
    """Why the template cannot carry these files; empty when it can."""
    name = choice.name
    if files and not choice.document:
        return f"O modelo “{name}” vai sem PDF (documento = false), e esta mensagem leva {files[0].name}."
    if choice.document and not files:
        return f"O modelo “{name}” leva um PDF (documento = true), e esta mensagem não tem nenhum."
    if len(files) > 1 and not choice.further:
        return (
            f"Esta mensagem tem {len(files)} PDFs, e o modelo “{name}” leva um. Preencha modelo_documentos, ou junte "
            "os boletos num arquivo só."
        )
    other = next((file.name for file in files if file.mime != _PDF), "")
    return f"O arquivo {other} não é um PDF, e os modelos da Meta só levam PDF." if other else ""


def _printed(expression: Expression, render: Callable[[str], str]) -> str:
    return one_line(render(expression.source))


def _document(order: int, file: Bubble, text: str, use: TemplateUse) -> Part:
    digest = hashlib.sha256(file.content).hexdigest()
    return Part(order, PartKind.DOCUMENT, file.content, digest, file.name, file.mime, text, use)


def _text(text: str, use: TemplateUse) -> Part:
    content = text.encode("utf-8")
    return Part(1, PartKind.TEXT, content, hashlib.sha256(content).hexdigest(), template=use)
