"""What the command line answers about digits: the JSON's keys are a contract, the lines are for people."""

from __future__ import annotations

import json
from datetime import date

import pytest

from integrator.cli_checks import boleto_check, pix_check
from tests.documents import vectors
from tests.documents.builders import PIX
from tests.documents.vectors import Vector

KEYS = ["kind", "bank", "due", "amount", "barcode", "linha", "valid", "reason"]
TODAY = date(2026, 11, 20)


@pytest.mark.feature("B09")
@pytest.mark.parametrize("form", ["barcode", "linha"])
@pytest.mark.parametrize("vector", vectors.of_kind("cobranca"), ids=lambda vector: vector["barcode"])
def test_a_boleto_answers_its_facts_in_json(vector: Vector, form: str) -> None:
    answer = json.loads(boleto_check(vector[form], on=date.fromisoformat(vector["due"])).json())
    assert list(answer) == KEYS
    assert answer == {key: vector[key] for key in KEYS[:6]} | {"valid": True, "reason": None}


@pytest.mark.parametrize("vector", vectors.of_kind("arrecadacao"), ids=lambda vector: vector["barcode"])
def test_a_guia_answers_without_bank_and_due_date(vector: Vector) -> None:
    answer = json.loads(boleto_check(vector["linha"], on=TODAY).json())
    assert list(answer) == KEYS
    assert (answer["kind"], answer["bank"], answer["due"], answer["valid"]) == ("arrecadacao", None, None, True)
    assert (answer["amount"], answer["barcode"]) == (vector["amount"], vector["barcode"])


@pytest.mark.parametrize("vector", vectors.of_kind("invalid"), ids=lambda vector: vector["linha"])
def test_wrong_digits_answer_the_reason(vector: Vector) -> None:
    report = boleto_check(vector["linha"], on=TODAY)
    answer = json.loads(report.json())
    assert list(answer) == KEYS
    assert not report.valid
    assert answer["valid"] is False
    assert answer["kind"] == ("arrecadacao" if vector["linha"].startswith("8") else "cobranca")
    assert answer["reason"] == report.reason
    assert report.lines()[-1] == f"Não confere: {report.reason}"


def test_people_read_one_date_inside_the_window_and_both_in_its_hole() -> None:
    linha = "34191.38007 22334.691239 45678.900007 1 72250000020000"
    assert "Vencimento:       19/07/2017" in boleto_check(linha, on=date(2017, 7, 1)).lines()
    far = boleto_check(linha, on=TODAY)
    assert any("19/07/2017 ou 10/03/2042 (o fator se repete" in line for line in far.lines())
    assert json.loads(far.json())["due"] == "2017-07-19"


def test_a_boleto_without_factor_and_amount_says_so() -> None:
    report = boleto_check("74895000000000000001119200003001560585305101", on=TODAY)
    assert not report.valid
    right = boleto_check(report_barcode(report.reason or ""), on=TODAY)
    assert any("não informado (fator 0000)" in line for line in right.lines())
    assert any("em aberto" in line for line in right.lines())
    assert json.loads(right.json())["due"] is None


def report_barcode(reason: str) -> str:
    """The barcode of the test above with the DV that the reason announces."""
    return f"7489{reason.rstrip('.')[-1]}000000000000001119200003001560585305101"


@pytest.mark.parametrize("vector", vectors.of_kind("brcode"), ids=lambda vector: vector["crc"])
def test_a_pix_code_answers_its_facts(vector: Vector) -> None:
    report = pix_check(vector["payload"])
    answer = json.loads(report.json())
    assert list(answer) == ["kind", "type", "name", "city", "amount", "key", "url", "txid", "valid", "reason"]
    assert answer["valid"] is True
    assert vector["type"].startswith(answer["type"])
    assert f"({answer['city']})" in "".join(report.lines())


def test_a_bad_pix_code_answers_the_reason_with_the_same_keys() -> None:
    good, bad = json.loads(pix_check(PIX).json()), json.loads(pix_check(PIX[:-1] + "5").json())
    assert list(good) == list(bad)
    assert bad["valid"] is False
    assert "CRC" in bad["reason"]
