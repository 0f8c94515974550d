"""Amounts in reais: always ``Decimal`` with two places, whatever the database handed over."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_money(value: Decimal | float | int | str) -> Decimal:
    """Quantize to centavos, half up. A float (money of a dialect 1 database) goes through its shortest decimal form."""
    return Decimal(str(value)).quantize(CENT, rounding=ROUND_HALF_UP)
