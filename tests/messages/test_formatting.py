"""What people read is written the Brazilian way."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from integrator.messages.formatting import (
    document_name,
    first_name,
    format_contact,
    format_count,
    format_date,
    format_datetime,
    format_document,
    format_list,
    format_money,
    greeting,
    hide_amounts,
)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1234.56"), "R$ 1.234,56"),
        (Decimal("0"), "R$ 0,00"),
        (Decimal("0.005"), "R$ 0,01"),
        (Decimal("-1"), "-R$ 1,00"),
        (Decimal("1234567.8"), "R$ 1.234.567,80"),
        (10.1, "R$ 10,10"),
        (7, "R$ 7,00"),
    ],
)
def test_money_has_points_a_comma_and_a_plain_space(amount: Decimal | float, text: str) -> None:
    assert format_money(amount) == text


def test_days_and_instants() -> None:
    assert format_date(date(2026, 11, 5)) == "05/11/2026"
    assert format_datetime(datetime(2026, 11, 20, 14, 5)) == "20/11/2026 14:05"


@pytest.mark.parametrize(
    ("document", "text", "name"),
    [
        ("12345678909", "123.456.789-09", "CPF"),
        ("12345678000195", "12.345.678/0001-95", "CNPJ"),
        ("12.345.678/0001-95", "12.345.678/0001-95", "CNPJ"),
        ("12abc34501de35", "12.ABC.345/01DE-35", "CNPJ"),
        ("ISENTO", "ISENTO", ""),
        ("", "", ""),
    ],
)
def test_documents_are_told_apart_by_length(document: str, text: str, name: str) -> None:
    assert (format_document(document), document_name(document)) == (text, name)


@pytest.mark.parametrize(
    ("contact", "text"),
    [
        ("5549988590187", "(49) 98859-0187"),
        ("49 3442-1100", "(49) 3442-1100"),
        ("não tem", "não tem"),
        ("", ""),
    ],
)
def test_a_phone_is_shown_with_its_area_code(contact: str, text: str) -> None:
    assert format_contact(contact) == text


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("JOSÉ DA SILVA", "José"),
        ("maria", "Maria"),
        ("MacDonald Souza", "MacDonald"),
        ("DR. JOÃO PEREIRA", "João"),
        ("Sra. Ana", "Ana"),
        ("Dona", "Dona"),
        ("MARIA-CLARA D'ÁVILA", "Maria-Clara"),
        ("001 - JOSÉ", "José"),
        ("SILVA, JOSÉ", "Silva"),
        ("  ", ""),
        ("123", ""),
    ],
)
def test_the_first_name_is_said_softly(name: str, first: str) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 mensagens"), (1, "1 mensagem"), (42, "42 mensagens"), (1_234_567, "1.234.567 mensagens")],
)
def test_counts_agree_with_their_word(number: int, text: str) -> None:
    assert format_count(number, "mensagem", "mensagens") == text


@pytest.mark.parametrize(
    ("words", "text"), [((), ""), (("a",), "a"), (("a", "b"), "a e b"), (("a", "b", "c"), "a, b e c")]
)
def test_what_is_listed_ends_with_an_and(words: tuple[str, ...], text: str) -> None:
    assert format_list(words) == text


@pytest.mark.parametrize(
    ("hour", "text"),
    [(0, "Bom dia"), (11, "Bom dia"), (12, "Boa tarde"), (17, "Boa tarde"), (18, "Boa noite"), (23, "Boa noite")],
)
def test_the_greeting_follows_the_clock(hour: int, text: str) -> None:
    assert greeting(datetime(2026, 11, 20, hour, 59)) == text


def test_amounts_written_into_a_text_are_hidden_from_a_test_number() -> None:
    written = "Valor: R$ 1.234,56, CPF 123.456.789-09, OS 4501 de 20/11/2026 14:05, linha 34191.38007 22334.691239"

    assert hide_amounts(written) == "Valor: R$ •••, CPF •••, OS 4501 de 20/11/2026 14:05, linha •••"
