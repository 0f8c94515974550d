"""The rows of the history that a filter finds: a page of them, their totals, or all of them for a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrator.domain.lifecycle import State
from integrator.domain.phone import with_ninth_digit
from integrator.erp import history_filter, rows
from integrator.erp.connection import Database, Session
from integrator.erp.history_filter import Filter
from integrator.erp.sql import QUERIES


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: at this instant, after so many rows of that very instant that were already shown."""

    at: datetime
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. ``at`` is when it left, or when it was known that it had not; ``phone`` has digits only when it is
    the number to which it went, else it is as typed. A page has only the beginning of ``text``.
    """

    id: int
    at: datetime
    state: State
    phone: str
    customer: str
    module: str
    kind: str
    reason: str
    delivered_at: datetime | None
    read_at: datetime | None
    test: bool
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first. ``after`` is where the next page begins, None on the last."""

    entries: tuple[Entry, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What was delivered counts as sent, too, and what was read as delivered."""

    messages: int
    sent: int
    delivered: int
    read: int
    failed: int
    uncertain: int


def read_page(database: Database, wanted: Filter, size: int, begin: Place | None = None) -> Page:
    """``size`` messages from ``begin`` on, or the newest."""
    start, end = wanted.bounds
    skip = 0
    if begin is not None and begin.at <= end:
        end, skip = begin.at, begin.seen

    def work(session: Session) -> list[tuple[Any, ...]]:
        where = history_filter.conditions(session, wanted, start, end)
        return session.rows(
            f"{QUERIES['history_page']} {where.sql} {where.newest_first} ROWS {skip + 1} TO {skip + size + 1}",
            where.parameters,
        )

    entries = tuple(map(_entry, database.read(work)))
    return Page(entries[:size], _after(entries[:size], end, skip) if len(entries) > size else None)


def read_totals(database: Database, wanted: Filter) -> Totals:
    """Of everything that the filter finds: the longer the period, the longer it takes, above all with words."""

    def work(session: Session) -> tuple[Any, ...]:
        where = history_filter.conditions(session, wanted, *wanted.bounds)
        return session.rows(f"{QUERIES['history_totals']} {where.sql}", where.parameters)[0]

    return Totals(*(int(count or 0) for count in database.read(work)))


def stream(session: Session, wanted: Filter, most: int | None = None) -> Iterator[Entry]:
    """Messages with their whole texts, newest first, up to ``most``; read within the session's transaction."""
    where = history_filter.conditions(session, wanted, *wanted.bounds)
    limit = "" if most is None else f" ROWS {most}"
    sql = f"{QUERIES['history_rows']} {where.sql} {where.newest_first}{limit}"
    return map(_entry, session.stream(sql, where.parameters))


def known_kinds(database: Database) -> tuple[tuple[str, str], ...]:
    """Every pair of module and type that the queue ever had, in their order; the first 300 where an ERP has more."""
    found = database.read(lambda s: s.rows(QUERIES["kinds_known"]))
    return tuple((rows.lenient(module), rows.lenient(kind)) for module, kind in found)


def _entry(row: tuple[Any, ...]) -> Entry:
    number, at, state, to, phones, customer, module, kind, reason, delivered, read, test, text, long_text = row
    destination = str(to or "").strip()
    whole = _utf8(text if long_text is None else long_text)
    return Entry(
        int(number),
        at,
        State(state.strip()),
        with_ninth_digit(destination) if destination else rows.lenient(phones),
        rows.lenient(customer),
        rows.lenient(module),
        rows.lenient(kind),
        rows.lenient(reason),
        delivered,
        read,
        str(test or "").strip() == "S",
        whole,
    )


def _utf8(text: Any) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text or "")


def _after(shown: Sequence[Entry], end: datetime, skip: int) -> Place:
    last = shown[-1].at
    seen = sum(entry.at == last for entry in shown)
    return Place(last, seen + skip if last == end else seen)
