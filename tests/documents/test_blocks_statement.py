"""The statement of debts as a block document, and what the law asks of every document that collects."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from integrator.documents.blocks.draw import draw_document
from integrator.documents.blocks.loader import read_model
from integrator.documents.blocks.model import DocumentModel
from integrator.domain.errors import DocumentError, MessageError
from integrator.domain.message import Address, Creditor, Customer, Title
from integrator.messages.schema import Value
from tests.documents.block_samples import MODELS, TODAY, rows_of, titles, values_for
from tests.documents.builders import COMPANY, CUSTOMER, boleto_title
from tests.documents.readers import page_texts

CREDITOR = Creditor("Financeira Alfa S/A", "98765432000198", "Av. Paulista, 900 - São Paulo/SP")
COLLECTING = ("demonstrativo", "termo_acordo")


def statement(*open_titles: Title, customer: Customer = CUSTOMER) -> list[str]:
    model = MODELS.get("demonstrativo")
    values = values_for(model, open_titles=open_titles, customer=customer)
    return page_texts(draw_document(model, COMPANY, values))


@pytest.mark.feature("S04")
def test_every_open_title_is_listed_once_over_numbered_pages() -> None:
    pages = statement(*titles(120, date(2026, 6, 1)))
    assert len(pages) >= 3
    for number, page in enumerate(pages, start=1):
        assert f"página {number} de {len(pages)}" in page
        assert "Documento / parcela" in page
        assert "Se já pagou, desconsidere" in page
    assert re.findall(r"DOC\d{4}", "\n".join(pages)) == [f"DOC{1000 + number}" for number in range(120)]


@pytest.mark.feature("S04")
def test_overdue_and_upcoming_are_told_apart_with_days_and_sums() -> None:
    late = replace(boleto_title(date(2026, 11, 10), Decimal("1000.10")), document="A", open_amount=Decimal("400.10"))
    today = replace(boleto_title(TODAY, Decimal("20.00")), document="B")
    later = replace(boleto_title(date(2026, 12, 1), Decimal("3.00")), document="C")
    paid = replace(boleto_title(date(2026, 10, 1), Decimal("77.77")), document="PAGO", open=False)
    [text] = statement(later, late, paid, today)
    lines = text.splitlines()
    assert any(re.search(r"A/1.*10/11/2026.*\b10\b.*1\.000,10.*400,10", line) for line in lines)
    assert any("vence hoje" in line and "B/1" in line for line in lines)
    assert any(re.search(r"Subtotal: vencidos \(1 título\).*1\.000,10.*400,10", line) for line in lines)
    assert any(re.search(r"Subtotal: a vencer \(2 títulos\).*23,00.*23,00", line) for line in lines)
    assert any(re.search(r"^Total \(3 títulos\).*1\.023,10.*423,10", line) for line in lines)
    assert text.index("Vencidos") < text.index("A/1") < text.index("A vencer") < text.index("B/1") < text.index("C/1")
    assert "PAGO" not in text


def test_where_several_customers_share_a_message_each_debt_stands_under_its_debtor() -> None:
    ana, rui = Customer("1", "Ana Souza", "12345678909"), Customer("2", "Rui Prado")
    named = [("Ana Souza · NF1", ana), ("Rui Prado · NF2", rui), ("Ana Souza · NF3", ana)]
    shared = [
        replace(one, ref=str(number), document=document, payer=payer)
        for number, (one, (document, payer)) in enumerate(zip(titles(3), named, strict=True))
    ]
    [text] = statement(*shared, customer=Customer("1", "Ana Souza e Rui Prado"))
    assert "Cliente: Ana Souza e Rui Prado" in text
    places = [
        text.index(found) for found in ("Débitos de Ana Souza - CPF", "NF1", "NF3", "Débitos de Rui Prado", "NF2")
    ]
    assert places == sorted(places)
    assert "·" not in text
    assert re.search(r"Subtotal \(2 títulos\).*202,00.*202,00", text)
    assert re.search(r"Total \(3 títulos\).*303,00.*303,00", text)


def test_estimates_have_a_column_only_when_known_and_are_called_so() -> None:
    plain = titles(2)
    assert "Atualizado" not in statement(*plain)[0]
    [text] = statement(replace(plain[0], updated_amount=Decimal("110.00")), plain[1])
    assert "Atualizado*" in text
    assert "estimativa na data de emissão" in text
    assert re.search(r"Total \(2 títulos\).*201,00.*201,00.*211,00", text)


def test_a_model_that_prints_an_updated_amount_gets_the_note_by_itself() -> None:
    text = "{#titulos}{?valor_atualizado}{valor_atualizado}{/valor_atualizado}{/titulos}"
    model = own(f'tipo = "texto"\ntexto = "{text}"')
    updated = replace(titles(1)[0], updated_amount=Decimal("110.00"))
    assert "estimativa" in page_texts(draw_document(model, COMPANY, values_for(model, open_titles=(updated,))))[0]
    assert "estimativa" not in page_texts(draw_document(model, COMPANY, values_for(model, open_titles=titles(1))))[0]


def own(*blocks: str, name: str = "meu", head: str = "cobranca = true") -> DocumentModel:
    text = "".join(f"\n[[bloco]]\n{block}\n" for block in blocks)
    return read_model(f'[documento]\ntitulo = "Meu"\n{head}\n{text}', "meu.toml", name)


@pytest.mark.parametrize("name", COLLECTING)
def test_who_collects_is_on_the_first_page_whatever_the_model(name: str) -> None:
    for model in (MODELS.get(name), own('tipo = "linha"', name=name, head="")):
        text = page_texts(draw_document(model, COMPANY, rows_of(MODELS.get(name), 1)))[0]
        for expected in ("Ferragens São João", "CNPJ 12.345.678/0001-95", "Rua Marechal Deodoro, 1280"):
            assert expected in text, expected


@pytest.mark.parametrize(
    "lacking",
    [{"tax_id": ""}, {"address": Address()}, {"legal_name": "", "trade_name": ""}],
)
def test_a_collection_without_the_supplier_is_refused(lacking: dict[str, str]) -> None:
    model = MODELS.get("demonstrativo")
    with pytest.raises(MessageError, match="que a lei exige em toda cobrança"):
        draw_document(model, replace(COMPANY, **lacking), rows_of(model, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", COLLECTING)
def test_another_creditor_stands_below_the_shop(name: str) -> None:
    model = MODELS.get(name)
    values = values_for(model, open_titles=titles(2), creditor=CREDITOR)
    text = page_texts(draw_document(model, COMPANY, values))[0]
    assert "Ferragens São João" in text
    assert "Credor: Financeira Alfa S/A - CNPJ 98.765.432/0001-98 - Av. Paulista, 900 - São Paulo/SP" in text
    assert "Credor:" not in page_texts(draw_document(model, COMPANY, values_for(model, open_titles=titles(2))))[0]


def test_a_creditor_who_does_not_tell_who_he_is_is_refused() -> None:
    model = MODELS.get("demonstrativo")
    values = values_for(model, open_titles=titles(1), creditor=Creditor("Financeira Alfa S/A", "98765432000198"))
    with pytest.raises(DocumentError, match="Falta o endereço do credor Financeira Alfa"):
        draw_document(model, COMPANY, values)


@pytest.mark.parametrize("fine", ["10", "2,01", Decimal("2.5"), 3, "dez", "10%"])
def test_a_fine_over_two_percent_is_refused(fine: Value) -> None:
    model = MODELS.get("termo_acordo")
    with pytest.raises(DocumentError, match="multa"):
        draw_document(model, COMPANY, {**rows_of(model, 2), "multa": fine})


@pytest.mark.parametrize("fine", ["2", "2,00", Decimal("1.5"), 0, "", None])
def test_a_fine_that_the_law_allows_is_printed(fine: Value) -> None:
    model = MODELS.get("termo_acordo")
    [text] = page_texts(draw_document(model, COMPANY, {**rows_of(model, 2), "multa": fine}))
    assert ("terá multa de" in text) == bool(fine)


@pytest.mark.feature("C07")
def test_the_agreement_names_the_parties_the_debt_the_instalments_and_who_signs() -> None:
    model = MODELS.get("termo_acordo")
    [text] = page_texts(draw_document(model, COMPANY, rows_of(model, 3)))
    for expected in (
        "Termo de acordo nº 55",
        "Credor\nComércio de Ferragens São João Ltda",
        "reconhece dever ao credor o valor de R$ 1.152,30",
        "O valor de R$ 303,00 será pago em 3 parcelas",
        "DOC1002",
        "multa de 2% e juros de 1% ao mês",
        "Concórdia, 18/11/2026",
        "Maria da Silva",
        "Pelo credor Comércio de Ferragens São João Ltda",
    ):
        assert expected in text, expected


def test_the_receipt_names_what_was_paid_when_and_by_whom() -> None:
    model = MODELS.get("recibo_quitacao")
    [text] = page_texts(draw_document(model, COMPANY, rows_of(model, 2)))
    for expected in (
        "Recebemos de José Antônio",
        "R$ 155,34",
        "DOC1001",
        "Damos quitação",
        "Maria da Silva",
    ):
        assert expected in text, expected
