"""Digits of boletos and guias against public vectors, and properties that every boleto has."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrator.documents.arrecadacao import Arrecadacao
from integrator.documents.check_digits import bank_dv, mod11_cobranca
from integrator.documents.febraban import Cobranca, check_title, decode_due, due_factor, parse_digits
from integrator.domain.errors import DigitsError
from integrator.domain.message import Title
from tests.documents import vectors
from tests.documents.builders import barcode_for, boleto_title, changed
from tests.documents.vectors import Vector

digits_25 = st.text("0123456789", min_size=25, max_size=25)
banks = st.integers(1, 799).map("{:03d}".format)
dues = st.dates(date(2000, 7, 3), date(2060, 12, 31))
amounts = st.integers(1, 99_999_999_99).map(lambda cents: Decimal(cents).scaleb(-2))


def only_digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def title_of(vector: Vector) -> Title:
    amount = Decimal(vector["amount"])
    return replace(
        boleto_title(),
        due=date.fromisoformat(vector["due"]),
        amount=amount,
        open_amount=amount,
        linha_digitavel=vector["linha"],
        barcode=vector["barcode"],
        bank_name=f"{vector['bank']} Banco",
    )


def test_every_kind_of_vector_has_a_test() -> None:
    assert {vector["kind"] for vector in vectors.ALL} == vectors.TESTED_KINDS


@pytest.mark.feature("B09")
@pytest.mark.parametrize("vector", vectors.of_kind("cobranca"), ids=lambda vector: vector["barcode"])
def test_a_boleto_of_a_bank_reads_the_same_from_both_forms(vector: Vector) -> None:
    from_barcode, from_linha = parse_digits(vector["barcode"]), parse_digits(vector["linha"])
    assert from_barcode == from_linha
    assert isinstance(from_barcode, Cobranca)
    assert from_barcode.barcode == vector["barcode"]
    assert from_barcode.linha == vector["linha"]
    assert from_barcode.bank == vector["bank"]
    assert from_barcode.amount == Decimal(vector["amount"])
    assert from_barcode.campo_livre == vector["campo_livre"]
    assert from_barcode.barcode[4] == vector["dv"]
    assert from_barcode.factor == int(vector["fator"]) == due_factor(date.fromisoformat(vector["due"]))


@pytest.mark.feature("B09")
@pytest.mark.parametrize("vector", vectors.of_kind("cobranca"), ids=lambda vector: vector["barcode"])
def test_a_boleto_of_a_bank_agrees_with_its_title(vector: Vector) -> None:
    checked = check_title(title_of(vector))
    assert (checked.barcode, checked.linha, checked.bank) == (vector["barcode"], vector["linha"], vector["bank"])


@pytest.mark.parametrize("vector", vectors.of_kind("fator"), ids=lambda vector: vector["due"])
def test_the_due_date_factor_is_that_of_febraban_before_and_after_the_rollover(vector: Vector) -> None:
    assert due_factor(date.fromisoformat(vector["due"])) == int(vector["fator"])


@pytest.mark.parametrize("vector", vectors.of_kind("fator_decode"), ids=lambda vector: vector["fator"])
def test_a_factor_inside_the_window_has_one_due_date(vector: Vector) -> None:
    candidates = decode_due(int(vector["fator"]), date.fromisoformat(vector["today"]))
    assert candidates.in_window
    assert candidates.dates == (date.fromisoformat(vector["due"]),)


def test_a_factor_in_the_hole_of_the_window_has_a_candidate_on_each_side() -> None:
    candidates = decode_due(7225, date(2026, 11, 20))
    assert not candidates.in_window
    assert candidates.dates == (date(2017, 7, 19), date(2042, 3, 10))
    assert candidates.nearest == date(2017, 7, 19)


def test_factor_zero_means_no_due_date() -> None:
    assert decode_due(0, date(2026, 11, 20)).dates == ()
    assert decode_due(0, date(2026, 11, 20)).nearest is None


@given(dues, st.integers(-2999, 5499))
def test_a_factor_read_near_its_due_date_gives_that_date(due: date, days: int) -> None:
    assert decode_due(due_factor(due), due - timedelta(days=days)).nearest == due


@pytest.mark.parametrize("vector", vectors.of_kind("arrecadacao"), ids=lambda vector: vector["barcode"])
def test_a_guia_reads_the_same_from_both_forms(vector: Vector) -> None:
    from_barcode, from_linha = parse_digits(vector["barcode"]), parse_digits(vector["linha"])
    assert from_barcode == from_linha
    assert isinstance(from_barcode, Arrecadacao)
    assert from_barcode.barcode == vector["barcode"]
    assert only_digits(from_barcode.linha) == vector["linha"]
    assert from_barcode.segment == vector["segmento"]
    assert from_barcode.amount == Decimal(vector["amount"])


@pytest.mark.parametrize("vector", vectors.of_kind("invalid"), ids=lambda vector: vector["linha"])
def test_wrong_digits_are_refused(vector: Vector) -> None:
    with pytest.raises(DigitsError, match=r"Dígito verificador errado|identificador de valor"):
        parse_digits(vector["linha"])


@pytest.mark.parametrize("vector", vectors.of_kind("mismatch"), ids=lambda vector: vector["barcode"])
def test_a_barcode_with_a_wrong_dv_is_refused_though_the_linha_is_right(vector: Vector) -> None:
    linha = parse_digits(vector["linha"])
    assert isinstance(linha, Cobranca)
    title = replace(
        boleto_title(due=date(2016, 10, 1), amount=linha.amount),
        linha_digitavel=vector["linha"],
        barcode=vector["barcode"],
    )
    with pytest.raises(DigitsError, match=r"^Código de barras: Dígito verificador errado geral.*veio 1.*seria 9"):
        check_title(title)


@given(banks, dues, amounts, digits_25)
def test_linha_and_barcode_convert_there_and_back(bank: str, due: date, amount: Decimal, free: str) -> None:
    barcode = barcode_for(due, amount, bank, free)
    parsed = parse_digits(barcode)
    assert parse_digits(parsed.linha) == parsed
    assert parse_digits(only_digits(parsed.linha)).barcode == barcode


@pytest.mark.feature("B09")
@given(banks, dues, amounts, digits_25, st.data())
def test_any_changed_digit_of_a_linha_is_detected(
    bank: str, due: date, amount: Decimal, free: str, data: st.DataObject
) -> None:
    barcode = barcode_for(due, amount, bank, free)
    linha = only_digits(parse_digits(barcode).linha)
    position = data.draw(st.integers(0, 46))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != linha[position]]))
    title = replace(
        boleto_title(due, amount), barcode="", linha_digitavel=linha[:position] + wrong + linha[position + 1 :]
    )
    with pytest.raises(DigitsError):
        check_title(title)


@given(st.sampled_from("6789"), st.sampled_from("12345679"), st.text("0123456789", min_size=40, max_size=40))
def test_a_guia_converts_there_and_back(value_id: str, segment: str, rest: str) -> None:
    candidates = (f"8{segment}{value_id}{dv}{rest}" for dv in range(10))
    parsed = next(filter(None, map(parsed_or_none, candidates)))
    assert isinstance(parsed, Arrecadacao)
    assert parse_digits(parsed.linha) == parsed
    assert (parsed.amount is None) == (value_id in "79")


def parsed_or_none(digits: str) -> Cobranca | Arrecadacao | None:
    try:
        return parse_digits(digits)
    except DigitsError:
        return None


@pytest.mark.parametrize(
    ("digits", "reason"),
    [
        ("", "Não há dígitos"),
        ("1234", "44 dígitos no código de barras ou 47 na linha digitável; foram informados 4"),
        ("8" * 47, "44 ou 48 dígitos; foram informados 47"),
        ("0" * 48, "foram informados 48"),
        ("74891.11927 O0003.001567 05853.051018 4 74070000040000", "letra “O”"),
        ("٣" * 44, "não são números comuns"),
        ("74891.11928 00003.001567 05853.051018 4 74070000040000", "no 1º campo da linha digitável: veio 8"),
        ("74891.11927 00003.001568 05853.051018 4 74070000040000", "no 2º campo"),
        ("74891.11927 00003.001567 05853.051019 4 74070000040000", "no 3º campo"),
        ("74891.11927 00003.001567 05853.051018 5 74070000040000", "geral do boleto"),
        ("858000000071438403281922630720192528304729600523", "no 1º bloco da linha digitável: veio 1"),
    ],
)
def test_the_reason_names_what_is_wrong(digits: str, reason: str) -> None:
    with pytest.raises(DigitsError, match=reason):
        parse_digits(digits)


def with_dv(digits: str) -> str:
    return f"{digits[:4]}{mod11_cobranca(digits[:4] + digits[5:])}{digits[5:]}"


@pytest.mark.parametrize(
    ("start", "factor", "reason"),
    [("0009", "1639", "banco é 000"), ("7488", "1639", "moeda"), ("7489", "0999", "fator de vencimento 0999")],
)
def test_a_right_dv_does_not_save_digits_that_no_bank_issues(start: str, factor: str, reason: str) -> None:
    with pytest.raises(DigitsError, match=reason):
        parse_digits(with_dv(f"{start}0{factor}0000123456{'1' * 25}"))


@pytest.mark.feature("B09")
@pytest.mark.parametrize(
    ("digits", "reason"),
    [
        (barcode_for(date(2026, 11, 20), Decimal("200.00")), r"\(R\$ 200,00\).*título \(R\$ 1\.234,56\)"),
        (barcode_for(date(2026, 11, 20), Decimal(0)), "não traz o valor"),
        (
            barcode_for(date(2026, 11, 21), Decimal("1234.56")),
            r"\(21/11/2026, fator 1637\).*\(20/11/2026, fator 1636\)",
        ),
        (with_dv("74890" + "0000" + "0000123456" + "1" * 25), "não traz o vencimento"),
        ("85800000007438403281926307201925230472960052", "arrecadação"),
        ("", "não tem linha digitável nem código de barras"),
    ],
)
def test_digits_that_disagree_with_the_title_are_refused(digits: str, reason: str) -> None:
    with pytest.raises(DigitsError, match=reason):
        check_title(changed(boleto_title(), digits))


def test_linha_and_barcode_of_two_boletos_are_refused() -> None:
    title = boleto_title()
    other = parse_digits(barcode_for(title.due, title.amount, free="2" * 25)).linha
    with pytest.raises(DigitsError, match="boletos diferentes"):
        check_title(replace(title, linha_digitavel=other))


def test_a_bank_name_with_another_code_is_refused_and_a_bare_name_is_not() -> None:
    title = boleto_title()
    assert check_title(replace(title, bank_name="748-X Sicredi")).bank_dv == "X"
    assert check_title(replace(title, bank_name="Cooperativa")).bank == "748"
    with pytest.raises(DigitsError, match=r"\(748\).*\(341 Itaú\)"):
        check_title(replace(title, bank_name="341 Itaú"))


def test_a_partly_paid_title_is_compared_by_its_face_value() -> None:
    title = replace(boleto_title(), open_amount=Decimal("10.00"))
    assert check_title(title).amount == Decimal("1234.56")


@pytest.mark.parametrize(
    "printed", ["001-9", "033-7", "041-8", "085-1", "104-0", "237-2", "341-7", "422-7", "748-X", "756-0"]
)
def test_the_dv_of_a_bank_is_the_one_it_prints(printed: str) -> None:
    bank, dv = printed.split("-")
    assert bank_dv(bank) == dv


def test_no_heavy_library_is_loaded_before_the_first_document() -> None:
    heavy = "{'reportlab', 'segno', 'PIL', 'pypdfium2', 'pypdf'}"
    documents = (
        "arrecadacao",
        "boleto",
        "brcode",
        "febraban",
        "files",
        "pictures",
        "report",
        "names",
        "protect",
        "bundle",
    )
    modules = ", ".join(f"integrator.documents.{name}" for name in documents)
    code = f"import sys, integrator.cli_checks, {modules}; print({heavy} & set(sys.modules) or 'light')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "light"
