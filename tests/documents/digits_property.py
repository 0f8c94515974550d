"""Boletos made at random: their digits go round, and every wrong digit is tried against the standard's own checks.

What the standard cannot see, by its design: the general DV (mod 11) writes the remainders 0, 1 and 10 as one and the
same DV, 1. So a change that leads from one of these remainders to another keeps the DV. The fields of the linha
digitável have a DV of their own (mod 10), which sees every change of one digit; amount and due-date factor have not.
"""

from __future__ import annotations

import random

from integrator.documents.febraban import Cobranca, parse_digits
from integrator.domain.errors import DigitsError

DIGITS = "0123456789"
_HOLES = frozenset({0, 1, 10})
"""Remainders that share the DV 1."""


def check_boleto(chance: random.Random) -> tuple[int, int]:
    """One boleto: barcode and linha lead to each other, then each digit of both is changed into the nine others.

    Returns how many of these 819 changes ``parse_digits`` refuses, and how many there were. Raises ``AssertionError``
    when the boleto does not come round, or a change is seen (or missed) against the standard's arithmetic.
    """
    barcode = random_barcode(chance)
    linha = linha_of(barcode)
    assert_round(barcode, linha)
    detected = 0
    in_barcode = hidden_in_barcode(barcode)
    for digits, hidden in ((barcode, in_barcode), (linha, hidden_in_linha(in_barcode))):
        missed = missed_changes(digits)
        assert missed <= hidden, (digits, missed - hidden)
        detected += 9 * len(digits) - len(missed)
    return detected, 9 * (len(barcode) + len(linha))


def assert_round(barcode: str, linha: str) -> None:
    """Both spellings read as one and the same boleto, with the figures that were put in."""
    from_barcode, from_linha = parse_digits(barcode), parse_digits(linha)
    assert isinstance(from_barcode, Cobranca), barcode
    assert from_barcode == from_linha, (barcode, linha)
    assert from_barcode.barcode == barcode, barcode
    assert plain(from_barcode.linha) == linha, linha
    figures = (from_barcode.bank, f"{from_barcode.factor:04d}", f"{from_barcode.amount * 100:010.0f}")
    assert "".join(figures) == barcode[:3] + barcode[5:19], barcode


def missed_changes(digits: str) -> set[tuple[int, str]]:
    """Position and wrong digit of every change after which the digits are still read as a boleto.

    An 8 in the first place makes a bill of arrecadação of it, which nobody takes for a boleto.
    """
    missed = set()
    for position, right in enumerate(digits):
        before, after = digits[:position], digits[position + 1 :]
        for wrong in DIGITS:
            if wrong == right:
                continue
            try:
                read = parse_digits(before + wrong + after)
            except DigitsError:
                continue
            if isinstance(read, Cobranca):
                missed.add((position, wrong))
    return missed


def random_barcode(chance: random.Random) -> str:
    """Any bank, any factor that exists (or none), any amount, any campo livre."""
    bank = chance.randrange(1, 1000)
    while 800 <= bank < 900:  # a first digit 8 is a bill of arrecadação
        bank = chance.randrange(1, 1000)
    factor = chance.randrange(1000, 10000) if chance.random() > 0.02 else 0
    amount = chance.randrange(10 ** chance.randrange(1, 11))
    free = chance.randrange(10**25)
    return with_dv(f"{bank:03d}9{factor:04d}{amount:010d}{free:025d}")


def with_dv(without: str) -> str:
    """The 43 digits with their general DV, by schoolbook arithmetic."""
    return f"{without[:4]}{_dv11(_remainder(without))}{without[4:]}"


def linha_of(barcode: str) -> str:
    """The 47 digits, by schoolbook arithmetic."""
    fields = (barcode[:4] + barcode[19:24], barcode[24:34], barcode[34:44])
    return "".join(field + _dv10(field) for field in fields) + barcode[4:19]


def plain(linha: str) -> str:
    """The linha without its points and blanks."""
    return linha.replace(".", "").replace(" ", "")


def _remainder(digits: str) -> int:
    return sum(int(digit) * (2 + place % 8) for place, digit in enumerate(reversed(digits))) % 11


def _dv11(remainder: int) -> str:
    return "1" if remainder in _HOLES else str(11 - remainder)


def _dv10(field: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(field)):
        product = int(digit) * (1 if place % 2 else 2)
        total += product // 10 + product % 10
    return str((10 - total % 10) % 10)


def hidden_in_barcode(barcode: str) -> set[tuple[int, str]]:
    """The changes that the general DV cannot see: none unless the DV is 1."""
    remainder = _remainder(barcode[:4] + barcode[5:])
    if remainder not in _HOLES:
        return set()
    hidden = set()
    for position, digit in enumerate(barcode):
        if position == 4:
            continue
        weight = 2 + (43 - position - (position < 4)) % 8
        for wrong in DIGITS:
            if wrong != digit and (remainder + weight * (int(wrong) - int(digit))) % 11 in _HOLES:
                hidden.add((position, wrong))
    return hidden


def hidden_in_linha(in_barcode: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of the barcode's hidden changes that stand after the linha's fields: due-date factor and amount."""
    return {(position + 28, wrong) for position, wrong in in_barcode if 5 <= position < 19}
