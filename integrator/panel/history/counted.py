"""How many messages a filter of the history finds, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from integrator.erp.connection import Database
from integrator.erp.history import DayFigures, per_day
from integrator.erp.history_rows import Totals, read_totals
from integrator.panel.history.asked import Asked

_DAYS_SHOWN: Final = 62


@dataclass(frozen=True, slots=True)
class Counted:
    """The totals with their names, and the days that they are made of, where a short period is all that was asked."""

    figures: tuple[tuple[str, str], ...]
    days: tuple[DayFigures, ...]


def count(database: Database, asked: Asked) -> Counted:
    """Count them now."""
    wanted = asked.wanted
    if not asked.plain or wanted.days > _DAYS_SHOWN:
        return Counted(_named(read_totals(database, wanted)), ())
    days = per_day(database, wanted.first, wanted.last)
    sums = [sum(getattr(day, name) for day in days) for name in ("sent", "delivered", "read", "failed", "uncertain")]
    return Counted(_named(Totals(sums[0] + sums[3] + sums[4], *sums)), days)


def _named(totals: Totals) -> tuple[tuple[str, str], ...]:
    counts = (totals.messages, totals.sent, totals.delivered, totals.read, totals.failed, totals.uncertain)
    names = ("Mensagens", "Enviadas", "Entregues", "Lidas", "Falharam", "Incertas")
    return tuple((name, f"{number:,}".replace(",", ".")) for name, number in zip(names, counts, strict=True))
