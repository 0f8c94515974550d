"""The lines of a document, from ``WA_ITEM`` or from the row's JSON: the same rules for both.

A line that cannot be printed as it stands raises :class:`~integrator.erp.rows.RowError` with its place, counted from 1,
so that the row is held: an order with a wrong line is worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from integrator.domain.message import LineItem
from integrator.erp.rows import Row, RowError, text

MAX_ITEMS: Final = 2_000
_THOUSANDTH = Decimal("0.001")
_TEN_THOUSANDTH = Decimal("0.0001")
_CENT = Decimal("0.01")
#: More than any column of the contract holds; more digits than ``Decimal`` keeps could not be rounded.
_LIMIT = Decimal(10) ** 15


def line_items(found: Sequence[Row]) -> tuple[LineItem, ...]:
    """The rows of ``load_items``, in their order."""
    refuse_too_many(len(found))
    return tuple(
        line_item(
            place,
            text(description, "WA_ITEM.DESCRICAO"),
            text(code, "WA_ITEM.CODIGO"),
            text(unit, "WA_ITEM.UNIDADE"),
            (quantity, unit_price, discount, total),
        )
        for place, (code, description, quantity, unit, unit_price, discount, total) in enumerate(found, start=1)
    )


def line_item(place: int, description: str, code: str, unit: str, numbers: tuple[Any, Any, Any, Any]) -> LineItem:
    """One line; ``numbers`` are quantity, unit price, discount and total, each may be None."""
    if not description:
        raise RowError(f"O item {place} está sem descrição. Corrija-o no ERP e libere a mensagem.")
    quantity, unit_price, discount, total = numbers
    return LineItem(
        description=description,
        code=code,
        quantity=_number(quantity, _THOUSANDTH, place, "a quantidade"),
        unit=unit,
        unit_price=_number(unit_price, _TEN_THOUSANDTH, place, "o valor unitário"),
        discount=_number(discount, _CENT, place, "o desconto"),
        total=_number(total, _CENT, place, "o total"),
    )


def refuse_too_many(count: int) -> None:
    """Raises :class:`RowError` for more lines than one document may have."""
    if count > MAX_ITEMS:
        raise RowError(
            f"A mensagem tem mais de {MAX_ITEMS} itens, o máximo de um documento. Divida-a no ERP em várias."
        )


def _number(value: Any, step: Decimal, place: int, what: str) -> Decimal | None:
    """A column's number with the places of ``step``; a dialect 1 float goes through its shortest decimal form."""
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= _LIMIT:
        raise RowError(f"No item {place}, {what} não é um número que caiba na mensagem. Corrija-o no ERP.")
    if number < 0:
        raise RowError(f"No item {place}, {what} é um número negativo. Corrija-o no ERP e libere a mensagem.")
    return abs(number.quantize(step, rounding=ROUND_HALF_UP))
