"""Barcode and linha lead to each other, and a wrong digit is seen wherever the standard's check digits can see it."""

from __future__ import annotations

import random

import pytest

from tests.documents import vectors
from tests.documents.digits_property import (
    check_boleto,
    hidden_in_barcode,
    linha_of,
    missed_changes,
    plain,
    random_barcode,
    with_dv,
)
from tests.documents.vectors import Vector

BOLETOS = 300


@pytest.mark.feature("B09")
def test_boletos_made_at_random_come_round_and_wrong_digits_are_seen() -> None:
    chance = random.Random(20261120)
    results = [check_boleto(chance) for _ in range(BOLETOS)]
    seen, tried = (sum(column) for column in zip(*results, strict=True))
    assert tried == BOLETOS * 819
    assert 0.955 < seen / tried < 0.98, "the standard's check digits see about 96.7 %"


def test_every_wrong_digit_is_seen_unless_the_general_dv_is_1() -> None:
    chance = random.Random(3)
    others = [barcode for barcode in (random_barcode(chance) for _ in range(40)) if barcode[4] != "1"]
    assert others
    for barcode in others:
        assert not missed_changes(barcode)
        assert not missed_changes(linha_of(barcode))


def test_a_wrong_digit_in_the_fields_of_the_linha_is_always_seen() -> None:
    chance = random.Random(4)
    ones = [barcode for barcode in (random_barcode(chance) for _ in range(60)) if barcode[4] == "1"]
    assert any(missed_changes(linha_of(barcode)) for barcode in ones)
    for barcode in ones:
        assert all(33 <= position < 47 for position, _ in missed_changes(linha_of(barcode)))


def test_what_passes_unseen_is_what_the_standards_arithmetic_says() -> None:
    """But for a factor below 1000, a bank 000 and a foreign currency, which are refused besides."""
    barcode = with_dv("748" + "9" + "1636" + "0000123456" + "1119200003001560585305101")
    unseen = missed_changes(barcode)
    refused_besides = {(3, wrong) for wrong in "012345678"} | {(5, "0")} | {(0, "8")}
    assert unseen == hidden_in_barcode(barcode) - refused_besides
    assert unseen


@pytest.mark.parametrize("vector", vectors.of_kind("cobranca"), ids=lambda vector: vector["barcode"])
def test_the_schoolbook_arithmetic_agrees_with_every_vector(vector: Vector) -> None:
    barcode = vector["barcode"]
    assert with_dv(barcode[:4] + barcode[5:]) == barcode
    assert linha_of(barcode) == plain(vector["linha"])
