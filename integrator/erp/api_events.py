"""What changed in the queue since an event, for those who are told about it.

Numbers of events are given before their transactions end: a long closing commits numbers that are lower than what was
already read. Whoever reads keeps the numbers that were missing (:class:`Gap`) and asks for them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrator.domain.errors import SchemaError
from integrator.erp import rows
from integrator.erp.connection import Database
from integrator.erp.sql import QUERIES


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers from ``low`` to ``high`` of which no event was there yet."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Change:
    """One event. ``note`` is what the API noted of the row, empty for rows that came otherwise."""

    id: int
    action: str
    origin: str
    target: str
    at: datetime
    reason: str
    reason_code: str
    guid: str
    key: str
    module: str
    kind: str
    customer_code: str
    note: str


@dataclass(frozen=True, slots=True)
class Top:
    """Which database, by its ``BANCO_GUID``, and the number that was last given to an event."""

    database: str
    event: int


def top(database: Database) -> Top:
    """Raises :class:`SchemaError` for a database without the contract."""
    found = database.read(lambda session: session.row(QUERIES["event_top"]))
    if found is None:
        raise SchemaError("Este banco não tem as tabelas do integrador. Rode: integrator schema install")
    return Top(rows.lenient(found[0]), int(found[1]))


def changes(database: Database, low: int, high: int) -> tuple[Change, ...]:
    """The first 500 events with numbers from ``low`` to ``high``, in order."""
    return tuple(map(_change, database.read(lambda s: s.rows(QUERIES["events_between"], (low - 1, high)))))


def gaps(seen: Sequence[int], low: int, high: int) -> tuple[Gap, ...]:
    """The numbers from ``low`` to ``high`` that are not among ``seen``, which ascend."""
    found, expected = [], low
    for number in (*seen, high + 1):
        if number > expected:
            found.append(Gap(expected, number - 1))
        expected = number + 1
    return tuple(found)


def _change(row: tuple[Any, ...]) -> Change:
    number, action, origin, target, at, detail, guid, key, module, kind, customer, code, note = row
    text = rows.lenient
    return Change(
        id=int(number),
        action=text(action),
        origin=text(origin),
        target=text(target),
        at=at,
        reason=text(detail),
        reason_code=text(code),
        guid=text(guid),
        key=text(key),
        module=text(module),
        kind=text(kind),
        customer_code=text(customer),
        note=text(note),
    )
