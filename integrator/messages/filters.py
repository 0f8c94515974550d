"""The filters of the message language, each with the kinds it fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from integrator.domain.errors import PhoneError
from integrator.domain.phone import format_phone, parse_phones
from integrator.messages.formatting import first_name, format_date, format_datetime, format_document, format_money
from integrator.messages.schema import Kind, Scalar

_MONEY = frozenset({Kind.MONEY, Kind.NUMBER})
_DATES = frozenset({Kind.DATE, Kind.DATETIME})
_TEXTS = frozenset({Kind.TEXT, Kind.PHONE, Kind.DOCUMENT})
DEFAULT = "padrao"


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: the kinds it takes, and what it does to a value that is there."""

    name: str
    kinds: frozenset[Kind]
    apply: Callable[[Scalar], str]


def show(value: Scalar, kind: Kind) -> str:
    """A value as its kind is usually read. A text stays what it is, whatever the kind (a masked amount, for one)."""
    match value:
        case str():
            return _show_text(value, kind)
        case bool():
            return "sim" if value else "não"
        case Decimal():
            return format_money(value) if kind is Kind.MONEY else f"{value:f}".replace(".", ",")
        case datetime():
            return format_date(value) if kind is Kind.DATE else format_datetime(value)
        case date():
            return format_date(value)
        case _:
            return "" if value is None else str(value)


def _show_text(value: str, kind: Kind) -> str:
    if kind is Kind.PHONE:
        return _phone(value)
    return format_document(value) if kind is Kind.DOCUMENT else value


def _money(value: Scalar) -> str:
    return format_money(value) if isinstance(value, Decimal | int) else show(value, Kind.TEXT)


def _date(value: Scalar) -> str:
    return format_date(value) if isinstance(value, date) else show(value, Kind.TEXT)


def _phone(value: Scalar) -> str:
    try:
        return format_phone(parse_phones(str(value))[0].e164)
    except PhoneError:
        return str(value)


FILTERS: Mapping[str, Filter] = {
    found.name: found
    for found in (
        Filter("moeda", _MONEY, _money),
        Filter("data", _DATES, _date),
        Filter("telefone", _TEXTS, _phone),
        Filter("primeiro_nome", frozenset({Kind.TEXT}), lambda value: first_name(str(value))),
        Filter("documento", _TEXTS, lambda value: format_document(str(value))),
        Filter("maiusculas", frozenset(Kind), lambda value: str(value).upper()),
        Filter("minusculas", frozenset(Kind), lambda value: str(value).lower()),
    )
}
