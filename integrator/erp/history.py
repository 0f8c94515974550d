"""What left, as people ask for it: figures per day, pages of a filter, its totals, and its rows for a report.

A message belongs to the day on which it left; one that failed or became uncertain without leaving belongs to the day on
which that was known (``WA_FILA.SAIU_EM``).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import ClassVar, Final
from weakref import WeakKeyDictionary

from integrator.domain.lifecycle import State
from integrator.erp.connection import Database
from integrator.erp.sql import QUERIES

FRESH_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The messages of one day. What was delivered counts as sent, too, and what was read as delivered."""

    day: date
    sent: int
    delivered: int
    read: int
    failed: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class TodayFigures:
    """One day, and what waits now: for its time, for a yes, for a correction, for somebody to settle it."""

    day: DayFigures
    pending: int
    awaiting: int
    held: int
    uncertain: int


def per_day(database: Database, first: date, last: date) -> tuple[DayFigures, ...]:
    """Every day from ``first`` to ``last``, both included, in order; days without messages have zeros.

    The last two days are counted at this moment. Those before them seldom change and are many: they may be as of
    :data:`FRESH_S` seconds ago, so that a page that refreshes itself does not read a month of rows each time.
    """
    recent = max(first, last - timedelta(days=1))
    known = _Known.of(database)
    older = known.days()
    missing = next((day for day in _each(first, recent) if day not in older), None)
    if missing is not None:
        counted = {each.day: each for each in _count(database, missing, recent - timedelta(days=1))}
        known.keep(counted)
        older |= counted
    return (*(older[day] for day in _each(first, recent)), *_count(database, recent, last))


def _count(database: Database, first: date, last: date) -> tuple[DayFigures, ...]:
    days = (last - first).days + 1
    found = database.read(lambda s: s.rows(QUERIES["figures_per_day"], (datetime.combine(first, time.min), days)))
    return tuple(DayFigures(first + timedelta(days=int(day)), *map(int, counts)) for day, *counts in found)


class _Known:
    """The days of one database that were counted lately. Used by any thread."""

    _all: ClassVar[WeakKeyDictionary[Database, _Known]] = WeakKeyDictionary()
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._days: dict[date, tuple[float, DayFigures]] = {}

    @classmethod
    def of(cls, database: Database) -> _Known:
        with cls._guard:
            return cls._all.setdefault(database, cls())

    def days(self) -> dict[date, DayFigures]:
        """Those that are still fresh."""
        now = monotonic()
        with self._lock:
            self._days = {day: kept for day, kept in self._days.items() if now - kept[0] < FRESH_S}
            return {day: figures for day, (_, figures) in self._days.items()}

    def keep(self, days: Mapping[date, DayFigures]) -> None:
        now = monotonic()
        with self._lock:
            self._days.update((day, (now, figures)) for day, figures in days.items())


def _each(first: date, end: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((end - first).days))


def open_counts(database: Database) -> dict[State, int]:
    """Rows per state of what still waits for something; states that nobody is in are left out."""
    found = database.read(lambda s: s.rows(QUERIES["open_counts"]))
    return {State(state.strip()): int(count) for state, count in found if count}


def today_figures(database: Database, day: date) -> TodayFigures:
    """That day's figures and what waits at this moment."""
    (figures,) = per_day(database, day, day)
    counts = open_counts(database)
    return TodayFigures(
        figures,
        counts.get(State.PENDING, 0) + counts.get(State.RESERVED, 0) + counts.get(State.SENDING, 0),
        counts.get(State.AWAITING, 0),
        counts.get(State.HELD, 0),
        counts.get(State.UNCERTAIN, 0),
    )
