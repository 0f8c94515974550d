"""How many messages of each kind a database has, for the tray: it asks every few seconds, the database not so often."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from weakref import WeakKeyDictionary

from integrator.domain.errors import IntegratorError
from integrator.domain.lifecycle import State
from integrator.panel.premises import Panel, Shop

log = logging.getLogger(__name__)

_COUNTS_S: Final = 60.0
_COUNTED: Final = (State.PENDING, State.AWAITING, State.UNCERTAIN, State.HELD)


def counts_of(panel: Panel, shop: Shop) -> Mapping[State, int]:
    """As last read; empty while they never were. Answers at once, whatever the database does."""
    return _counting.setdefault(panel, _Counting()).of(shop)


def forget_counts(panel: Panel) -> None:
    """Something changed: they are read anew when asked next."""
    _counting.setdefault(panel, _Counting()).forget()


@dataclass(frozen=True, slots=True)
class _Counts:
    """Rows by state, as they were at ``at`` (:func:`time.monotonic`)."""

    at: float
    rows: Mapping[State, int]


class _Counting:
    """The counts of each database: read when somebody asks, beside the answer, and not more often than each minute."""

    def __init__(self) -> None:
        self._known: dict[str, _Counts] = {}
        self._reading: set[str] = set()
        self._lock = threading.Lock()

    def of(self, shop: Shop) -> Mapping[State, int]:
        """As last read; empty while they never were. Answers at once, whatever the database does."""
        with self._lock:
            known = self._known.get(shop.name)
            stale = known is None or time.monotonic() - known.at >= _COUNTS_S
            if stale and shop.name not in self._reading:
                self._reading.add(shop.name)
                threading.Thread(target=self._read, args=(shop,), name="contagem", daemon=True).start()
            return known.rows if known is not None else {}

    def forget(self) -> None:
        """Read them anew when asked next."""
        with self._lock:
            self._known = {name: replace(known, at=-_COUNTS_S) for name, known in self._known.items()}

    def _read(self, shop: Shop) -> None:
        rows: Mapping[State, int] | None = None
        try:
            rows = _counted(shop)
        except Exception:  # the top of a thread
            log.exception("action=defect")
        finally:
            with self._lock:
                self._reading.discard(shop.name)
                kept = self._known.get(shop.name, _Counts(0.0, {})).rows
                self._known[shop.name] = _Counts(time.monotonic(), kept if rows is None else rows)


_counting: WeakKeyDictionary[Panel, _Counting] = WeakKeyDictionary()


def _counted(shop: Shop) -> dict[State, int] | None:
    try:
        found = shop.desk.overview().counts
    except IntegratorError:
        return None
    return {state: found.get(state, 0) for state in _COUNTED}
