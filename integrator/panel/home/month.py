"""The last thirty days for the chart. What lies a week back hardly changes: it is asked once an hour alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from integrator.domain.errors import IntegratorError
from integrator.erp.connection import Database
from integrator.erp.history import DayFigures, per_day
from integrator.panel.premises import Shop

DAYS: Final = 30
_FRESH_DAYS: Final = 7
_KEPT: Final = timedelta(hours=1)
_MOST_SHOPS: Final = 20

PerDay = Callable[[Database, date, date], tuple[DayFigures, ...]]


@dataclass(frozen=True, slots=True)
class _Old:
    """The days from ``first`` to a week ago, asked at ``at``."""

    first: date
    at: datetime
    days: tuple[DayFigures, ...]


class Months:
    """Used by any thread. ``ask`` counts days of a database."""

    def __init__(self, ask: PerDay = per_day) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._known: dict[str, _Old] = {}

    def of(self, shop: Shop, now: datetime) -> tuple[DayFigures, ...]:
        """Thirty days in order, today the last; none while the database cannot be read."""
        today, first = now.date(), now.date() - timedelta(days=DAYS - 1)
        try:
            old = self._old(shop, first, now)
            return (*old, *self._ask(shop.database, first + timedelta(days=len(old)), today))
        except IntegratorError:
            return ()

    def _old(self, shop: Shop, first: date, now: datetime) -> tuple[DayFigures, ...]:
        name = f"{shop.name} {shop.database.target.host} {shop.database.target.path}"
        with self._lock:
            known = self._known.get(name)
        if known is not None and known.first == first and timedelta() <= now - known.at < _KEPT:
            return known.days
        days = self._ask(shop.database, first, now.date() - timedelta(days=_FRESH_DAYS))
        with self._lock:
            if len(self._known) >= _MOST_SHOPS:
                self._known.clear()
            self._known[name] = _Old(first, now, days)
        return days


months: Final = Months()
