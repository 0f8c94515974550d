"""What a text can say about one row of the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from integrator.domain.errors import MissingValue, TemplateError
from integrator.domain.message import Customer, Message
from integrator.messages.language import parse
from integrator.messages.values import Enclosed, message_values
from integrator.messages.vocabulary import message_schema
from tests.messages.builders import COMPANY, CUSTOMER, NOW, OVERDUE, UPCOMING, debt_notice, service_notice, title

NOTHING = Enclosed()
EVERYTHING = Enclosed(boletos=2, statement=True, pix=True)


def said(source: str, message: Message, enclosed: Enclosed = NOTHING, *, masked: bool = False) -> str:
    return parse(source, message_schema(message)).render(message_values(message, NOW, enclosed, masked=masked), 1)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{cliente} {primeiro_nome} {codigo} {documento}", "JOSÉ ANTÔNIO GONÇALVES José 77 123.456.789-09"),
        ("{empresa} / {empresa_razao}", "Ferragens São João / Comércio de Ferragens São João Ltda"),
        ("{empresa_cnpj} / {empresa_documento}", "12.345.678/0001-95 / CNPJ 12.345.678/0001-95"),
        ("{empresa_endereco}", "Rua Marechal Deodoro, 1280 - Centro - Concórdia/SC - CEP 89700-000"),
        ("{empresa_telefone} {saudacao} {hoje}", "(49) 3442-0000 Bom dia 20/11/2026"),
        ("{qtd} {qtd_vencidos} {qtd_a_vencer}", "2 1 1"),
        ("{total} {total_vencido} {total_a_vencer}", "R$ 150,50 R$ 100,00 R$ 50,50"),
        ("{vencimento} {dias_atraso}", "10/11/2026 10"),
        ("{#vencidos}{documento}/{parcela} {emissao} {dias_atraso}{/vencidos}", "NF10/1 01/10/2026 10"),
        ("{#a_vencer}{documento} {vencimento} {valor} {dias_atraso}{/a_vencer}", "NF20 30/11/2026 R$ 50,50 0"),
        ("{#titulos}{documento}{?vencido}!{/vencido} {/titulos}", "NF10! NF20"),
    ],
)
def test_a_debt_notice_has_values_of_customer_shop_and_titles(source: str, text: str) -> None:
    assert said(source, debt_notice(UPCOMING, OVERDUE)) == text


def test_a_title_due_today_is_not_overdue() -> None:
    message = debt_notice(title("NF1", NOW.date()))
    assert said("{qtd_vencidos} {qtd_a_vencer} {dias_atraso}", message) == "0 1 0"


def test_a_paid_title_does_not_count() -> None:
    paid = replace(title("NF1", date(2026, 1, 1), "999.00"), open=False)
    assert said("{qtd} {total} {vencimento} {#titulos}{documento}{/titulos}", debt_notice(paid, OVERDUE)) == (
        "1 R$ 100,00 10/11/2026 NF10"
    )


def test_what_is_still_open_is_summed_not_the_face_value() -> None:
    part = replace(OVERDUE, open_amount=Decimal("30.00"))
    assert (
        said("{total} {#titulos}{valor} {valor_aberto}{/titulos}", debt_notice(part)) == "R$ 30,00 R$ 100,00 R$ 30,00"
    )


def test_the_updated_total_is_known_only_when_it_is_for_every_title() -> None:
    known = replace(OVERDUE, updated_amount=Decimal("103.10"))
    source = "{total}{?total_atualizado}, hoje {total_atualizado}{/total_atualizado}"
    assert said(source, debt_notice(known)) == "R$ 100,00, hoje R$ 103,10"
    assert said(source, debt_notice(known, UPCOMING)) == "R$ 150,50"


def test_what_goes_along_is_what_the_composer_says() -> None:
    source = "{qtd_boletos}{?tem_boleto} boleto{/tem_boleto}{?tem_demonstrativo} demonstrativo{/tem_demonstrativo}"
    with_digits = replace(OVERDUE, linha_digitavel="x", pix="y")
    assert said(source + "{?tem_pix} pix{/tem_pix}", debt_notice(with_digits), NOTHING) == "0"
    assert said(source + "{?tem_pix} pix{/tem_pix}", debt_notice(), EVERYTHING) == "2 boleto demonstrativo pix"


@pytest.mark.parametrize(
    ("customer", "name"),
    [
        (Customer("1", "MARIA DE LOURDES", "12345678909"), "Maria"),
        (Customer("1", "MARIA DE LOURDES"), "Maria"),
        (Customer("1", "Padaria Pão Quente Ltda", "12345678000195"), "Padaria Pão Quente Ltda"),
        (Customer("1", "Padaria Pão Quente Ltda", "12345678000195", contact_name="ANA LIMA"), "Ana"),
        (Customer("1", "MARIA DE LOURDES", contact_name="12"), "Maria"),
        (Customer("1", "Padaria Pão Quente Ltda", "12345678000195", contact_name="12"), "Padaria Pão Quente Ltda"),
        (Customer("1", "CONSTRUTORA BOA VISTA LTDA - ME"), "CONSTRUTORA BOA VISTA LTDA - ME"),
        (Customer("1", "Frigorífico Sul S/A"), "Frigorífico Sul S/A"),
        (Customer("1", "MARIA DE SÁ"), "Maria"),
        (Customer("1", "JOSÉ DA SILVA 12345678909", "12345678000195"), "José"),
        (Customer("1", "12.345.678 JOSÉ DA SILVA", "12345678000195"), "José"),
    ],
)
def test_people_are_called_by_their_first_name_and_firms_by_their_whole_name(customer: Customer, name: str) -> None:
    assert said("{primeiro_nome}", replace(debt_notice(OVERDUE), customer=customer)) == name


def test_variables_of_the_erp_are_texts_without_regard_to_case_and_accents() -> None:
    message = service_notice(None, {"NUMERO_OS": "4711", "Situação": "FINALIZADO", "TOTAL_OS": "350.00"})
    assert said("{numero_os} {SITUACAO} {total_os|moeda}", message) == "4711 FINALIZADO R$ 350,00"
    with pytest.raises(TemplateError, match=r"Você quis dizer \{numero_os\}\?"):
        said("{numero_oss}", message)


def test_a_variable_of_the_erp_never_replaces_a_built_in_one() -> None:
    names = {"CLIENTE": "Outro", "EMPRESA": "", "TOTAL": "1,00", "titulos": "x"}
    message = replace(debt_notice(OVERDUE), variables=names)
    assert said("{cliente} {empresa} {total} {#titulos}{documento}{/titulos}", message) == (
        "JOSÉ ANTÔNIO GONÇALVES Ferragens São João R$ 100,00 NF10"
    )


def test_without_titles_a_total_is_that_of_the_erp_or_missing_but_never_a_false_zero() -> None:
    assert said("{total} {vencimento}", service_notice(None, {"TOTAL": "R$ 350,00", "vencimento": "hoje"})) == (
        "R$ 350,00 hoje"
    )
    with pytest.raises(MissingValue, match=r"\{total\}"):
        said("{total}", service_notice(None, {}))


MASKABLE: Mapping[str, str] = {"PLACA": "ABC1D23", "ENTREGA": "N", "VAZIA": ""}


def test_a_test_number_sees_the_text_without_amounts_documents_and_codes() -> None:
    secret = replace(OVERDUE, linha_digitavel="74891", pix="0002", updated_amount=Decimal("103.10"))
    message = replace(debt_notice(secret), variables=MASKABLE)
    source = (
        "{cliente} {documento} {total} {total|moeda} {total_atualizado} {qtd|título|títulos} {empresa_cnpj} "
        "{#titulos}{documento} {valor} {linha_digitavel} {pix}{/titulos} {placa|maiusculas}"
    )
    assert said(source, message, masked=True) == (
        "JOSÉ ANTÔNIO GONÇALVES ••• R$ ••• R$ ••• R$ ••• título 12.345.678/0001-95 NF10 R$ ••• ••• ••• •••"
    )


def test_a_masked_text_has_the_blocks_that_the_customer_would_see() -> None:
    message = replace(debt_notice(OVERDUE), variables=MASKABLE)
    source = "{?placa}p{/placa}{?entrega}e{/entrega}{?vazia}v{/vazia}{?total_a_vencer}t{/total_a_vencer}{?qtd}q{/qtd}"
    assert said(source, message) == said(source, message, masked=True) == "pq"


def test_a_masked_text_prints_nothing_of_an_amount_even_through_filters() -> None:
    message = replace(debt_notice(OVERDUE), variables={"VALOR_OS": "1.234,56", "QTD_OS": "3"})
    text = said("{valor_os|moeda} {valor_os|data} {qtd_os|item|itens}", message, masked=True)
    assert text == "••• ••• itens"


def test_a_masked_text_hides_a_variable_of_the_erp_whatever_its_name() -> None:
    message = service_notice(None, {"VENCIMENTO": "R$ 350,00", "TOTAL": "350,00", "QTD": "350"})
    assert said("{vencimento} {total} {qtd}", message) == "R$ 350,00 350,00 350"
    assert said("{vencimento} {total} {qtd}", message, masked=True) == "••• R$ ••• •••"


def test_the_greeting_and_the_day_are_those_of_the_moment_of_sending() -> None:
    message = debt_notice(OVERDUE)
    values = message_values(message, datetime(2026, 12, 24, 19, 0), NOTHING)
    assert (values["saudacao"], values["hoje"], values["dias_atraso"]) == ("Boa noite", date(2026, 12, 24), 44)


def test_an_empty_shop_has_no_label_without_a_number() -> None:
    message = replace(debt_notice(OVERDUE), company=replace(COMPANY, tax_id=""), customer=replace(CUSTOMER, tax_id=""))
    assert said("x{?empresa_documento}y{/empresa_documento}{?documento}z{/documento}", message) == "x"
