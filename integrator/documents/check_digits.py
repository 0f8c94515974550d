"""Check digits (DV) of boletos and guias, as FEBRABAN and the banks publish them. Pure."""

from __future__ import annotations

import re
from itertools import cycle

from integrator.domain.errors import DigitsError

_TEN = 10
_DV_OF_TEN = {"748": "X", "085": "1"}


def mod10(digits: str) -> int:
    """Check digit with weights 2, 1 from the right, the digits of each product summed."""
    products = (int(digit) * weight for digit, weight in zip(reversed(digits), cycle((2, 1)), strict=False))
    return -sum(product // _TEN + product % _TEN for product in products) % _TEN


def _mod11_remainder(digits: str) -> int:
    weights = cycle(range(2, 10))
    return sum(int(digit) * weight for digit, weight in zip(reversed(digits), weights, strict=False)) % 11


def mod11_cobranca(digits: str) -> int:
    """General DV of a cobrança barcode: weights 2..9 from the right; 0, 10 and 11 become 1."""
    dv = 11 - _mod11_remainder(digits)
    return dv if dv < _TEN else 1


def mod11_arrecadacao(digits: str) -> int:
    """DV of arrecadação with value id 8 or 9: weights 2..9 from the right; remainder 0 or 1 gives 0, 10 gives 1."""
    dv = 11 - _mod11_remainder(digits)
    return dv if dv < _TEN else 0


def bank_dv(bank: str) -> str:
    """The DV printed after the bank's code (``001-9``): weights 2, 3, 4 from the right.

    Where it comes to 10 each bank chose its own: Sicredi prints ``748-X``, Ailos ``085-1``, Caixa ``104-0``.
    """
    dv = -_mod11_remainder(bank) % 11
    return _DV_OF_TEN.get(bank, "0") if dv == _TEN else str(dv)


def clean_digits(text: str) -> str:
    """The digits of ``text`` whatever its punctuation and spaces.

    Raises ``DigitsError`` on letters (an O typed for a zero) and on digits of other scripts.
    """
    letter = re.search(r"[^\W\d_]", text)
    if letter:
        raise DigitsError(f"Os dígitos trazem a letra “{letter[0]}”. Confira se não é um zero ou um número trocado.")
    digits = re.sub(r"\D", "", text)
    if not digits.isascii():
        raise DigitsError("Os dígitos trazem caracteres que não são números comuns (0 a 9).")
    return digits


def expect_dv(found: str, computed: int, where: str) -> None:
    """Raise ``DigitsError`` saying where, when the DV found is not the computed one."""
    if found != str(computed):
        raise DigitsError(f"Dígito verificador errado {where}: veio {found}, o certo seria {computed}.")
