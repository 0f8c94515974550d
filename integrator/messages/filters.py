"""The filters of the message language, each with the kinds it fits, and how each kind prints without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from integrator.messages.formatting import (
    first_name,
    format_contact,
    format_date,
    format_datetime,
    format_document,
    format_money,
)
from integrator.messages.schema import Kind, Scalar, plain

DEFAULT_NAME = "padrão"
DEFAULT = plain(DEFAULT_NAME)
#: Longer than any amount; a ``Decimal`` of more digits than its context keeps cannot be rounded to cents.
_LONGEST_AMOUNT = 24
_BRAZILIAN_AMOUNT = re.compile(r"-?(?:\d+(?:,\d{1,2})?|\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,3}(?:\.\d{3}){2,})")
_PLAIN_AMOUNT = re.compile(r"-?\d+\.(?:\d{1,2}|\d{4,})")
_BRAZILIAN_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})(?!\d)")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: the kinds it takes, and what it does to a value that is there.

    ``apply`` raises ``ValueError`` for a text of the ERP that it cannot read.
    """

    name: str
    kinds: frozenset[Kind]
    apply: Callable[[Scalar], str]


def show(value: Scalar, kind: Kind) -> str:
    """A value as its kind is usually read. A text stays what it is, but for phones and documents."""
    match value:
        case str():
            return _show_text(value, kind)
        case bool():
            return "sim" if value else "não"
        case Decimal():
            # 2,000 of a column with three places would be read as two thousand.
            return format_money(value) if kind is Kind.MONEY else f"{value.normalize():f}".replace(".", ",")
        case datetime():
            return format_date(value) if kind is Kind.DATE else format_datetime(value)
        case date():
            return format_date(value)
        case _:
            return "" if value is None else str(value)


def _show_text(value: str, kind: Kind) -> str:
    if kind is Kind.PHONE:
        return format_contact(value)
    return format_document(value) if kind is Kind.DOCUMENT else value


def read_amount(text: str) -> Decimal:
    """Reais as an ERP writes them: ``1234,5``, ``1.234,56``, ``1234.56``, ``R$ 10,00``. Raises ``ValueError``.

    One point before three digits is refused: ``1.234`` may be 1,23 of one ERP and 1.234,00 of another.
    """
    bare = text.replace("R$", "").strip()
    if len(bare) > _LONGEST_AMOUNT:
        raise ValueError("não é um valor em reais")
    if _PLAIN_AMOUNT.fullmatch(bare):
        return Decimal(bare)
    if _BRAZILIAN_AMOUNT.fullmatch(bare):
        return Decimal(bare.replace(".", "").replace(",", "."))
    raise ValueError("não é um valor em reais")


def read_day(text: str) -> date:
    """The day of ``2026-11-20``, ``20/11/2026``, with or without a time behind it. Raises ``ValueError``."""
    start = text.strip()
    if found := _ISO_DAY.match(start):
        year, month, day = found.groups()
    elif found := _BRAZILIAN_DAY.match(start):
        day, month, year = found.groups()
    else:
        raise ValueError("não é uma data")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError("não é uma data") from None


def _money(value: Scalar) -> str:
    return format_money(value if isinstance(value, Decimal | int) else read_amount(str(value)))


def _date(value: Scalar) -> str:
    return format_date(value if isinstance(value, date) else read_day(str(value)))


def _filters() -> tuple[Filter, ...]:
    texts = {Kind.TEXT, Kind.OWN}
    return (
        Filter("moeda", frozenset({Kind.MONEY, Kind.NUMBER, Kind.OWN}), _money),
        Filter("data", frozenset({Kind.DATE, Kind.DATETIME, Kind.OWN}), _date),
        Filter("telefone", frozenset({Kind.PHONE, *texts}), lambda value: format_contact(str(value))),
        Filter("documento", frozenset({Kind.DOCUMENT, *texts}), lambda value: format_document(str(value))),
        Filter("primeiro_nome", frozenset(texts), lambda value: first_name(str(value))),
        Filter("maiúsculas", frozenset(Kind), lambda value: str(value).upper()),
        Filter("minúsculas", frozenset(Kind), lambda value: str(value).lower()),
    )


#: By the plain name: a text may say ``maiusculas``.
FILTERS: Mapping[str, Filter] = {plain(found.name): found for found in _filters()}
