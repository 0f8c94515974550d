"""Messages as templates of Meta: filled with the row's values, recorded as they are read, or held with the fix."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from integrator.domain.message import Composed, Message, NoTemplate, PartKind, TemplateUse, TemplateValue
from integrator.gateways.away import AwayGateway
from integrator.sending.compose import Composer
from integrator.sending.gateway import Condition, Gateway, GatewayState
from integrator.sending.policy import ComposePolicy
from integrator.sending.templates import Expression, NeedsTemplate, TemplateChoice, fitting
from integrator.settings.contents import SeveralBoletos
from tests.sending.samples import NOW, message, title, with_boleto

BODY = "Olá, {{1}}. Há {{2}} em aberto. Att., {{3}}."
EXPRESSIONS = (Expression("{primeiro_nome}"), Expression("{total}"), Expression("{empresa}"))
CHOICE = TemplateChoice("AVISO DE DÉBITOS", "DÉBITO VENCIDO", "aviso_vencido", "pt_BR", BODY, EXPRESSIONS, True)
FILLED = "Olá, João. Há R$ 150,00 em aberto. Att., Casa Pinhão Azul."


def as_template(row: Message, *choices: TemplateChoice, **policy: Any) -> Composed | NoTemplate | None:
    composed = Composer(ComposePolicy(templates=choices, **policy)).compose(row, NOW)
    assert isinstance(composed, Composed)
    return composed.templated


def reason(row: Message, *choices: TemplateChoice, **policy: Any) -> str:
    found = as_template(row, *choices, **policy)
    assert isinstance(found, NoTemplate)
    return found.reason


def plain_of(choice: TemplateChoice = CHOICE, **more: Any) -> TemplateChoice:
    return replace(choice, document=False, **more)


class Shut(AwayGateway):
    """A number that nobody has written to."""

    def __init__(self) -> None:
        super().__init__("oficial", Condition(GatewayState.CONNECTED))

    def may_write_freely(self, to: str) -> bool:
        return to == "5549988880000"


def test_a_number_without_templates_composes_none() -> None:
    composed = Composer(ComposePolicy()).compose(message(title()), NOW)
    assert isinstance(composed, Composed)
    assert composed.templated is None
    gateway: Gateway = AwayGateway("evolution", Condition(GatewayState.CONNECTED))
    assert fitting(composed, gateway, "5549988590187") is composed


@pytest.mark.feature("C44")
def test_the_text_is_the_template_filled_and_the_pdf_goes_on_top() -> None:
    ready = as_template(message(title()), CHOICE)
    assert isinstance(ready, Composed)
    (part,) = ready.parts
    assert ready.text == part.caption == FILLED
    assert part.kind is PartKind.DOCUMENT
    assert part.content.startswith(b"%PDF")
    values = TemplateValue("João"), TemplateValue("R$ 150,00"), TemplateValue("Casa Pinhão Azul")
    assert part.template == TemplateUse("aviso_vencido", "pt_BR", values)


def test_without_a_pdf_the_recorded_text_is_what_is_read() -> None:
    ready = as_template(message(title()), plain_of(), draw_statement=False)
    assert isinstance(ready, Composed)
    (part,) = ready.parts
    assert (part.kind, part.text) == (PartKind.TEXT, FILLED)


def test_named_placeholders_are_filled_by_name() -> None:
    named = tuple(replace(each, name=name) for each, name in zip(EXPRESSIONS, ("nome", "total", "loja"), strict=True))
    body = "{{loja}}: {{ total }} de {{nome}}, {{nome}}."
    ready = as_template(message(title()), plain_of(body=body, expressions=named), draw_statement=False)
    assert isinstance(ready, Composed)
    assert ready.text == "Casa Pinhão Azul: R$ 150,00 de João, João."


def test_values_are_one_line_as_meta_demands() -> None:
    lines = Expression("{#titulos}- {documento}\n\t     {valor}\n{/titulos}")
    choice = plain_of(body="Em aberto: {{1}}.", expressions=(lines,))
    ready = as_template(message(title("A"), title("B")), choice, draw_statement=False)
    assert isinstance(ready, Composed)
    assert not set("\n\t") & set(ready.text)
    assert "  " not in ready.text


def test_a_brace_in_a_value_is_a_brace() -> None:
    row = message(title())
    row = replace(row, customer=replace(row.customer, name="{{2}} {total}"))
    choice = plain_of(body="{{1}}, {{2}}.", expressions=(Expression("{cliente}"), Expression("{empresa}")))
    ready = as_template(row, choice, draw_statement=False)
    assert isinstance(ready, Composed)
    assert ready.text == "{{2}} {total}, Casa Pinhão Azul."


def test_each_further_pdf_has_a_template_of_its_own() -> None:
    choice = replace(CHOICE, further="mais_um", further_body="Segue mais um documento.")
    ready = as_template(message(title(), with_boleto()), choice, several_boletos=SeveralBoletos.ONE_EACH)
    assert isinstance(ready, Composed)
    first, second = ready.parts
    assert (first.order, second.order) == (1, 2)
    assert second.template == TemplateUse("mais_um", "pt_BR")
    assert second.caption == "Segue mais um documento."


def test_what_no_template_fits_says_what_to_configure() -> None:
    row = message(title())
    missing = reason(row)
    assert "modulo = “AVISO DE DÉBITOS”, tipo = “DÉBITO VENCIDO”" in missing
    assert "documento = false" in reason(row, plain_of())
    assert "documento = true" in reason(row, CHOICE, draw_statement=False)
    assert "modelo_documentos" in reason(message(title(), with_boleto()), CHOICE)
    assert "1024" in reason(row, replace(CHOICE, body=BODY + "x" * 1000))
    incomplete = reason(row, plain_of(expressions=(Expression("{contato}"), *EXPRESSIONS[1:])), draw_statement=False)
    assert "contato" in incomplete
    assert "aviso_vencido" in incomplete


def test_who_has_just_written_gets_the_message_itself_and_everybody_else_the_template() -> None:
    composed = Composer(ComposePolicy(templates=(CHOICE,))).compose(message(title()), NOW)
    assert isinstance(composed, Composed)
    assert fitting(composed, Shut(), "5549988880000") is composed
    assert fitting(composed, Shut(), "5549988590187") is composed.templated


def test_without_a_template_the_row_is_held_with_the_fix() -> None:
    composed = Composer(ComposePolicy(templates=())).compose(message(title()), NOW)
    assert isinstance(composed, Composed)
    with pytest.raises(NeedsTemplate, match="Configure em \\[\\[modelos_meta\\]\\]") as held:
        fitting(composed, Shut(), "5549988590187")
    assert held.value.code == "modelo"
