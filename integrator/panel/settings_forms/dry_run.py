"""Who would receive: a closing that writes nothing, one at a time, on a connection of its own."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from integrator.closing.reasons import Why
from integrator.closing.result import Chosen, ClosingResult, Tally
from integrator.domain.errors import IntegratorError
from integrator.settings import Settings

#: More names than anybody reads; the counts are always those of all.
SHOWN: Final = 500
#: Seconds to wait for somebody else's, or for one that was asked for and left.
PATIENCE_S: Final = 10.0
_running = threading.Lock()


class StillRunning(IntegratorError):
    """Somebody else's closing is being computed; it is not started twice."""

    title = "Já estou calculando"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A customer who would not receive."""

    code: str
    name: str
    reason: str
    titles: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Who:
    """The answer. ``chosen`` and ``left_out`` are the first :data:`SHOWN`; the counts are of all."""

    result: ClosingResult
    chosen: tuple[Chosen, ...]
    reasons: tuple[tuple[Why, Tally], ...]
    left_out: tuple[LeftOut, ...]
    left_out_count: int


def who_would_receive(settings: Settings, folder: Path, at: datetime) -> Who:
    """Compute it; takes seconds in a big shop. Raises :class:`StillRunning` and the errors of a closing."""
    from integrator.nightly import open_closing

    if not _running.acquire(timeout=PATIENCE_S):
        raise StillRunning("Outra pessoa já pediu esse cálculo. Espere um instante e peça de novo.")
    try:
        with open_closing(settings, folder) as closing:
            result = closing.run(at, dry_run=True)
    finally:
        _running.release()
    left_out = tuple(
        LeftOut(each.customer.code, each.customer.name, each.reason, each.titles, each.amount)
        for each in result.details[:SHOWN]
    )
    reasons = tuple(sorted(result.skipped.items(), key=lambda pair: -pair[1].amount))
    return Who(result, result.chosen[:SHOWN], reasons, left_out, len(result.details))


def closing_time(settings: Settings, day: str, now: datetime) -> datetime:
    """When the closing of ``day`` (ISO) runs; now for what is no day."""
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        return now.replace(microsecond=0)
    return datetime.combine(chosen, settings.closing.at)
