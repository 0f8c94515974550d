"""A text looked over before it is used: what makes it impossible, and what its writer should know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from integrator.domain.errors import MissingValue, TemplateError
from integrator.messages.catalogue import Situation
from integrator.messages.formatting import format_count, format_list
from integrator.messages.guards import always_there, every_node, names_of, unguarded, unlimited_loops
from integrator.messages.language import MAX_CAPTION_UTF16, MAX_RENDERED_UTF16, Template, lint, parse, utf16_length
from integrator.messages.nodes import Condition, Loop
from integrator.messages.render import LEFT_OUT
from integrator.messages.samples import LONG_CUSTOMER, sample_enclosed, sample_message
from integrator.messages.schema import Schema
from integrator.messages.tone import tone_warnings
from integrator.messages.values import message_values
from integrator.messages.vocabulary import base_schema, situation_schema

_SEEDS = 12
_USUAL, _MANY = 2, 100
#: What the law asks of every collection (CDC art. 42-A), and the variables that say it.
_WHO_COLLECTS = (
    ("o nome da loja ({empresa})", {"empresa", "empresa_razao", "credor"}),
    ("o endereço ({empresa_endereco})", {"empresa_endereco", "credor_endereco"}),
    ("o CNPJ ou CPF ({empresa_documento})", {"empresa_documento", "empresa_cnpj", "credor_documento"}),
)


@dataclass(frozen=True, slots=True)
class Review:
    """With ``errors`` the text cannot be used; ``warnings`` are for its writer to judge. ``length`` is the text with
    the situation's samples, in characters as WhatsApp counts; 0 when it could not be told."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    length: int = 0

    @property
    def usable(self) -> bool:
        """Whether the text may be sent."""
        return not self.errors


def review(source: str, situation: Situation | None = None, now: datetime = datetime(2026, 11, 20, 10)) -> Review:
    """Look a text over, for a situation or, with None, for any message. Never raises for what a text may hold.

    ``now`` is the day of the samples, which decides nothing but their dates.
    """
    schema = situation_schema(situation) if situation else base_schema()
    warnings = [*lint(source, schema), *tone_warnings(source)]
    try:
        template = parse(source, schema)
    except TemplateError as error:
        return Review((error.message,), tuple(warnings))
    warnings += _holding(template, schema, situation) + _loops(template)
    if situation is None:
        return Review((), tuple(warnings))
    if situation.collects:
        warnings += _supplier(template)
    errors, more, length = _lengths(template, situation, now)
    return Review(tuple(errors), tuple(warnings + more), length)


def _holding(template: Template, schema: Schema, situation: Situation | None) -> list[str]:
    """Variables that a row may lack."""
    return [
        f"Linha {each.line}: {{{each.name}}}{f', de {{#{each.inside}}},' if each.inside else ''} pode faltar, e então "
        f"a mensagem fica retida. Use {{{each.name}|padrão:…}} ou ponha o trecho entre {{?{each.name}}} e "
        f"{{/{each.name}}}."
        for each in unguarded(template, schema, always_there(situation))
    ]


def _loops(template: Template) -> list[str]:
    warnings = [
        f"Linha {loop.line}: a lista {{#{loop.name}}} não tem limite, e com muitos itens o texto não cabe no WhatsApp. "
        f"Escreva {{#{loop.name}:10}} e, depois da lista, {{?mais}}e mais {{mais}}{{/mais}}."
        for loop in unlimited_loops(template.nodes)
    ]
    nodes = list(every_node(template.nodes))
    tells_rest = LEFT_OUT in names_of(template.nodes) or any(
        isinstance(node, Condition) and node.name == LEFT_OUT for node in nodes
    )
    limited = [node for node in nodes if isinstance(node, Loop) and node.limit is not None and node.limit > 1]
    if limited and not tells_rest:
        first = limited[0]
        warnings.append(
            f"Linha {first.line}: a lista {{#{first.name}}} para no item {first.limit} sem dizer que há outros. Depois "
            "dela, escreva {?mais}e mais {mais}{/mais}."
        )
    return warnings


def _supplier(template: Template) -> list[str]:
    names = names_of(template.nodes)
    lacking = [told for told, either in _WHO_COLLECTS if not names & either]
    if not lacking:
        return []
    return [f"Toda cobrança diz quem cobra (CDC, art. 42-A). Falta dizer: {format_list(lacking)}."]


def _lengths(template: Template, situation: Situation, now: datetime) -> tuple[list[str], list[str], int]:
    """Errors, warnings and the usual length."""
    try:
        usual = _longest(template, situation, now, _USUAL)
    except TemplateError as error:
        return [f"Com os exemplos do catálogo: {error.message}"], [], 0
    except MissingValue:
        return [], [], 0  # told already, by what may be missing
    warnings = []
    if usual > MAX_CAPTION_UTF16 and situation.documents:
        warnings.append(
            f"Com os exemplos, o texto fica com {format_count(usual, 'caractere', 'caracteres')}. Até "
            f"{_count(MAX_CAPTION_UTF16)} ele iria na legenda do PDF; assim, vai numa mensagem antes dos PDFs."
        )
    try:
        _longest(template, situation, now, _MANY)
    except TemplateError:
        warnings.append(
            f"Com o nome mais longo e muitos itens, o texto passa de {_count(MAX_RENDERED_UTF16)} caracteres, e a "
            "mensagem fica retida. Diminua o limite da lista."
        )
    return [], warnings, usual


def _longest(template: Template, situation: Situation, now: datetime, count: int) -> int:
    """The longest of some variations. Raises :class:`MessageError` where the text cannot be printed."""
    message = sample_message(situation, now, count=count)
    if count > _USUAL:
        message = replace(message, customer=LONG_CUSTOMER)
    values = message_values(message, now, sample_enclosed(situation, count), situation=situation)
    return max(utf16_length(template.render(values, seed)) for seed in range(_SEEDS))


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")
