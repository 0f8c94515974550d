"""A consumer's bill announces a fine of at most 2 % (CDC art. 52, § 1º), however the instructions are worded."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from integrator.documents.fines import fine_above_limit

HUNDRED = Decimal("100.00")


@pytest.mark.parametrize(
    "instructions",
    [
        "MULTA DE 10,00% APÓS O VENCIMENTO",
        "Após o vencimento, multa de 3 %",
        "Multa: 2,01%",
        "multa de 10 (dez) por cento",
        "multa de R$ 50,00",
        "MULTA R$50",
        "Cobrar 10% de multa",
        "Cobrar R$ 5,00 de multa e juros de 1% ao mês",
        "Juros de 1% ao mês e multa moratória de 10%",
        "APÓS 20/11/2026 COBRAR MULTA DE\n10,00%",
        "MULTA APOS 20/11/2026.......: 24,69",
        "multa de mora de 5%",
        "Multa e juros de 10%",
        "MULTA/JUROS: 10%",
        "Multa de 2% até 30 dias. Depois, multa de 10%.",
        "multa de 1.000,00",
        "MULTA DE 2.5%",
        "Multa após 5 dias: 10%",
        "multas de 4%",
        "MULTA 10",
        "Multa de dez por cento",
        "Cobrar TRÊS POR CENTO de multa",
        "Multa de 10 %, nos termos do contrato",
        "Multa por atraso = 10 por cento",
        "MULTA 2,00% + R$ 15,00",
    ],
)
def test_a_fine_above_the_limit_is_found(instructions: str) -> None:
    assert "multa" in fine_above_limit(instructions, HUNDRED).lower()


@pytest.mark.parametrize(
    "instructions",
    [
        "",
        "Após o vencimento cobrar multa de 2% e juros de 1% ao mês.",
        "MULTA DE 2,00 % E JUROS DE 5,00% AO MÊS",
        "Multa de R$ 2,00 e mora de R$ 0,33 por dia",
        "MULTA DE 2,00 APÓS 20/11/2026",
        "MULTA: 2,00 JUROS: 10,00",
        "Multa e juros de 5% ao mês",
        "Sem multa. Juros de 5% ao mês.",
        "Sujeito a multa\n10% de desconto até 10/11/2026",
        "Desconto de 10% até o vencimento; depois, multa de 2%.",
        "Multa de 2% sobre o valor de R$ 100,00",
        "Multa após 30 dias: 2%",
        "multa de 2,00% (R$ 2,00)",
        "Conceder desconto de R$ 50,00. Não cobrar multa",
        "Multicoisas Ltda, 50% de desconto",
        "0,33% ao dia de juros, multa de 2%",
        "Multa de 2% conforme art 52 do CDC e contrato 1234",
        "Multa a partir de 20/11: 2%",
        "Multa após 15 (quinze) dias: 2%",
        "Multa de 2%. Após 10 dias, protesto. Dúvidas: 3442-0000",
        "Multa de 2% Fone 49 3442 0000",
    ],
)
def test_what_is_within_the_limit_or_no_fine_goes_through(instructions: str) -> None:
    assert fine_above_limit(instructions, HUNDRED) == ""


@pytest.mark.parametrize(
    ("instructions", "found"), [("multa de R$ 24,69", ""), ("multa de R$ 24,71", "multa de R$ 24,71")]
)
def test_a_fine_in_reais_is_compared_with_the_bill(instructions: str, found: str) -> None:
    assert fine_above_limit(instructions, Decimal("1234.56")) == found


def test_a_long_text_is_read_in_no_time() -> None:
    started = time.thread_time()
    assert fine_above_limit("multa de 2% e juros de 1% ao mês após o vencimento " * 500, HUNDRED) == ""
    assert fine_above_limit("multa " * 5000, HUNDRED) == ""
    assert time.thread_time() - started < 5


def test_a_bare_number_counts_where_percent_and_reais_are_both_above() -> None:
    assert fine_above_limit("MULTA DE 10,00", Decimal("1234.56")) == ""
    assert fine_above_limit("MULTA DE 10,00", HUNDRED) == "MULTA DE 10,00"
