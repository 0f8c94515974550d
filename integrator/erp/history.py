"""What left, as people ask for it: figures per day, pages of a filter, its totals, and its rows for a report.

A message belongs to the day on which it left; one that failed or became uncertain without leaving belongs to the day on
which that was known (``WA_FILA.SAIU_EM``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from integrator.domain.lifecycle import State
from integrator.erp.connection import Database
from integrator.erp.sql import QUERIES


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
    """Every day from ``first`` to ``last``, both included, in order; days without messages have zeros."""
    days = (last - first).days + 1
    found = database.read(lambda s: s.rows(QUERIES["figures_per_day"], (datetime.combine(first, time.min), days)))
    return tuple(DayFigures(first + timedelta(days=int(day)), *map(int, counts)) for day, *counts in found)


def open_counts(database: Database) -> dict[State, int]:
    """Rows per state of what still waits for something; states that nobody is in are left out."""
    found = database.read(lambda s: s.rows(QUERIES["open_counts"]))
    return {State(state.strip()): int(count) for state, count in found}


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
