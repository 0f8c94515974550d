"""Check digits (DV) of boletos and guias, as FEBRABAN and the banks publish them. Pure."""

from __future__ import annotations

import re
from operator import mul

from integrator.domain.errors import DigitsError

_TEN = 10
_LONGEST = 48
_FROM_2_TO_9 = (2, 3, 4, 5, 6, 7, 8, 9) * (_LONGEST // 8)
_VALUES = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
"""What each digit adds once doubled, the two digits of the product summed."""

_DV_OF_TEN = {"748": "X", "085": "1"}


def mod10(digits: str) -> int:
    """Check digit with weights 2, 1 from the right, the digits of each product summed."""
    values = digits.encode("ascii")
    return -(sum(values[::-2].translate(_DOUBLED)) + sum(values[-2::-2].translate(_VALUES))) % _TEN


def _mod11_remainder(digits: str) -> int:
    """Of at most 48 digits."""
    total: int = sum(map(mul, digits.encode("ascii")[::-1].translate(_VALUES), _FROM_2_TO_9))
    return total % 11


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
    if text.isascii() and text.isdigit():
        return text
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
