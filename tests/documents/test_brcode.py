"""BR Codes: official samples, every refusal with its reason, amounts compared where the code holds one."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrator.documents.brcode import BrCodeKind, check_pix, crc16, parse_brcode
from integrator.domain.errors import DigitsError
from tests.documents import vectors
from tests.documents.builders import PIX
from tests.documents.vectors import Vector

ACCOUNT = "0014br.gov.bcb.pix"
KEY = "0111" + "12345678909"


def tlv(identifier: str, value: str) -> str:
    return f"{identifier}{len(value):02d}{value}"


def sealed(body: str) -> str:
    return f"{body}6304{crc16(f'{body}6304'.encode())}"


def brcode(**changes: str | None) -> str:
    """A valid static code, with fields replaced (``f54="9.90"``) or left out (``f62=None``)."""
    fields: dict[str, str | None] = {
        "00": "01", "26": ACCOUNT + KEY, "52": "0000", "53": "986", "54": None, "58": "BR", "59": "LOJA", "60": "ITA",
        "62": "0503***", "80": None,
    }  # fmt: skip
    fields |= {name[1:]: value for name, value in changes.items()}
    return sealed("".join(tlv(name, value) for name, value in sorted(fields.items()) if value is not None))


@pytest.mark.parametrize("vector", vectors.of_kind("brcode"), ids=lambda vector: vector["crc"])
def test_an_official_sample_is_read(vector: Vector) -> None:
    code = parse_brcode(vector["payload"])
    assert vector["type"].startswith(code.kind.value)
    assert code.payload.endswith(vector["crc"])
    assert bool(code.url) == (code.kind is not BrCodeKind.STATIC)
    assert bool(code.recurrence_url) == (code.kind is BrCodeKind.COMPOSITE)


def test_a_static_code_with_amount_and_txid_gives_them() -> None:
    [vector] = [vector for vector in vectors.of_kind("brcode") if vector["type"].startswith("static")]
    code = parse_brcode(vector["payload"])
    assert (code.key, code.amount, code.txid) == ("97212482404", Decimal("30.00"), "VIPSURF")


@pytest.mark.parametrize("vector", vectors.of_kind("brcode_invalid"), ids=lambda vector: vector["why"])
def test_a_code_with_the_crc_of_another_is_refused(vector: Vector) -> None:
    with pytest.raises(DigitsError, match="CRC"):
        parse_brcode(vector["payload"])


def test_a_wrong_length_is_refused_even_with_a_right_crc() -> None:
    [vector] = vectors.of_kind("brcode_invalid")
    with pytest.raises(DigitsError, match="campo"):
        parse_brcode(sealed(vector["payload"][:-8]))


@pytest.mark.parametrize("vector", vectors.of_kind("crc16"), ids=lambda vector: vector["input"])
def test_the_crc_is_ccitt_false(vector: Vector) -> None:
    assert crc16(vector["input"].encode()) == vector["crc"]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("  ", "vazio"),
        ("34191.38007 22334", "não é um código PIX"),
        (PIX[:-6], "cortado"),
        (PIX[:40] + "\n" + PIX[40:], "quebra de linha"),
        (PIX.replace("Fulano", "Fulana"), "corrompido: o CRC"),
        (brcode(f59="X" * 26), "nome do recebedor .* passa de 25"),
        (brcode(f60="Y" * 16), "cidade .* passa de 15"),
        (brcode(f59="   "), "em branco"),
        (brcode(f53="840"), "moeda"),
        (brcode(f58="PT"), "país"),
        (brcode(f62=None), r"obrigatório identificador \(62\)"),
        (brcode(f59=None), r"obrigatório nome do recebedor \(59\)"),
        (brcode(f01="13"), "modo de uso"),
        (brcode(f26=None), "não é de PIX"),
        (brcode(f26="0013outro.dominio"), "não é de PIX"),
        (brcode(f26=ACCOUNT), "não traz chave nem endereço"),
        (brcode(f26=ACCOUNT + KEY + tlv("25", "a.example/x")), "ao mesmo tempo"),
        (brcode(f26=ACCOUNT + tlv("25", "https://a.example/x")), "endereço de cobrança"),
        (brcode(f26=ACCOUNT + "01991"), "tamanho errado no campo 01"),
        (brcode(f54="1,50"), "valor do código PIX"),
        (sealed("000201" + "0002015204"), "repete o campo 00"),
        (sealed("000201" + "26AB"), "não tem um campo válido"),
        (sealed("000201" + tlv("26", "x" * 99) * 6), "passa de 512"),
    ],
)
def test_a_bad_code_is_refused_with_its_reason(payload: str, reason: str) -> None:
    with pytest.raises(DigitsError, match=reason):
        parse_brcode(payload)


@given(st.integers(0, len(PIX) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_any_changed_character_is_detected(position: int, character: str) -> None:
    altered = PIX[:position] + character + PIX[position + 1 :]
    if altered.upper() != PIX.upper():
        with pytest.raises(DigitsError):
            parse_brcode(altered)


@given(st.text(max_size=80))
def test_no_text_makes_it_fail_in_another_way(text: str) -> None:
    for payload in (text, sealed("000201" + text.encode("utf-8", "ignore").decode())):
        with contextlib.suppress(DigitsError):
            parse_brcode(payload)


@pytest.mark.feature("B09")
def test_an_amount_that_disagrees_with_the_title_is_refused() -> None:
    with pytest.raises(DigitsError, match=r"código PIX \(R\$ 200,00\).*título \(R\$ 210,00\)"):
        check_pix(brcode(f54="200.00"), Decimal("210.00"))


def test_an_amount_is_compared_only_where_the_code_holds_one() -> None:
    assert check_pix(brcode(f54="200.0"), Decimal("200.00")).amount == Decimal(200)
    assert check_pix(brcode(f54="0.00"), Decimal("210.00")).amount is None
    assert check_pix(brcode(), Decimal("210.00")).amount is None
    assert check_pix(brcode(f54="200.00"), None).amount == Decimal(200)


def test_blanks_around_a_code_from_a_padded_column_are_ignored() -> None:
    assert parse_brcode(f"  {PIX}   ").payload == PIX
