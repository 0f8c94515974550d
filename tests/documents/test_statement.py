"""The statement of debts: every open title once, sums that add up, pages that say which of how many."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from integrator.documents.statement import draw_statement, statement_file_name
from integrator.domain.errors import DocumentError
from integrator.domain.message import Customer, Title
from tests.documents.builders import COMPANY, CUSTOMER, boleto_title
from tests.documents.readers import page_texts, picture

TODAY = date(2026, 11, 20)


def titles(count: int, first: date = date(2026, 6, 1)) -> list[Title]:
    return [
        replace(
            boleto_title(first + timedelta(days=4 * number), Decimal(100 + number)),
            ref=str(number),
            document=f"DOC{1000 + number}",
            instalment="",
        )
        for number in range(count)
    ]


@pytest.mark.feature("S04")
def test_every_open_title_is_listed_once_over_numbered_pages() -> None:
    pages = page_texts(draw_statement(COMPANY, CUSTOMER, titles(120), TODAY))
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
    [text] = page_texts(draw_statement(COMPANY, CUSTOMER, [later, late, paid, today], TODAY))
    lines = text.splitlines()
    assert any(re.search(r"A/1.*10/11/2026.*\b10\b.*1\.000,10.*400,10", line) for line in lines)
    assert any("vence hoje" in line and "B/1" in line for line in lines)
    assert any(re.search(r"Subtotal: vencidos 1 título.*1\.000,10.*400,10", line) for line in lines)
    assert any(re.search(r"Subtotal: a vencer 2 títulos.*23,00.*23,00", line) for line in lines)
    assert any(re.search(r"^Total 3 títulos.*1\.023,10.*423,10", line) for line in lines)
    assert text.index("Vencidos") < text.index("A/1") < text.index("A vencer") < text.index("B/1") < text.index("C/1")
    assert "PAGO" not in text


@pytest.mark.feature("S04")
def test_where_several_customers_share_a_message_each_debt_stands_under_its_debtor() -> None:
    ana, rui = Customer("1", "Ana Souza", "12345678909"), Customer("2", "Rui Prado")
    named = [("Ana Souza · NF1", ana), ("Rui Prado · NF2", rui), ("Ana Souza · NF3", ana)]
    shared = [
        replace(one, ref=str(number), document=document, payer=payer)
        for number, (one, (document, payer)) in enumerate(zip(titles(3), named, strict=True))
    ]
    [text] = page_texts(draw_statement(COMPANY, Customer("1", "Ana Souza e Rui Prado"), shared, TODAY))
    assert "Cliente: Ana Souza e Rui Prado" in text
    places = [
        text.index(found) for found in ("Débitos de Ana Souza - CPF", "NF1", "NF3", "Débitos de Rui Prado", "NF2")
    ]
    assert places == sorted(places)
    assert "·" not in text
    assert re.search(r"Subtotal 2 títulos.*202,00.*202,00", text)
    assert re.search(r"Total 3 títulos.*303,00.*303,00", text)


def test_estimates_have_a_column_only_when_known_and_are_called_so() -> None:
    plain = titles(2)
    assert "Atualizado" not in page_texts(draw_statement(COMPANY, CUSTOMER, plain, TODAY))[0]
    estimated = [replace(plain[0], updated_amount=Decimal("110.00")), plain[1]]
    [text] = page_texts(draw_statement(COMPANY, CUSTOMER, estimated, TODAY))
    assert "Atualizado*" in text
    assert "estimativa" in text
    assert re.search(r"Total 2 títulos.*201,00.*201,00.*211,00", text)


def test_the_letterhead_is_the_shops() -> None:
    [text] = page_texts(draw_statement(COMPANY, CUSTOMER, titles(1), TODAY))
    for expected in (
        "Ferragens São João",
        "CNPJ 12.345.678/0001-95",
        "Rua Marechal Deodoro, 1280",
        "(49) 3442-0000",
        "(49) 98859-0187",
        "contato@ferragens.example",
        "Cliente: José Antônio Gonçalves & Filhos",
        "Emitido em 20/11/2026",
    ):
        assert expected in text, expected


def test_a_logo_is_drawn_and_a_broken_one_left_out() -> None:
    buffer = BytesIO()
    Image.new("RGB", (200, 100), "black").save(buffer, "PNG")
    without = draw_statement(COMPANY, CUSTOMER, titles(1), TODAY)
    corner = (0, 0, 150, 90)

    def head(logo: bytes) -> Image.Image:
        return picture(draw_statement(replace(COMPANY, logo=logo), CUSTOMER, titles(1), TODAY), 72).crop(corner)

    assert sum(head(buffer.getvalue()).histogram()[:64]) > 3000
    assert head(b"not an image").tobytes() == picture(without, 72).crop(corner).tobytes()
    assert head(buffer.getvalue()[:60]).tobytes() == picture(without, 72).crop(corner).tobytes()


def test_equal_input_gives_equal_bytes() -> None:
    assert draw_statement(COMPANY, CUSTOMER, titles(60), TODAY) == draw_statement(COMPANY, CUSTOMER, titles(60), TODAY)


def test_nothing_open_makes_no_statement() -> None:
    with pytest.raises(DocumentError, match="Não há títulos em aberto"):
        draw_statement(COMPANY, CUSTOMER, [replace(boleto_title(), open=False)], TODAY)


def test_the_file_name_is_safe() -> None:
    name = statement_file_name(CUSTOMER, TODAY)
    assert name == "demonstrativo-de-debitos-Jose-Antonio-Goncalves-Filhos-2026-11-20.pdf"
    assert statement_file_name(replace(CUSTOMER, name="日本"), TODAY) == "demonstrativo-de-debitos-77-2026-11-20.pdf"
