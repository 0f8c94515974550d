"""What a day's summary says of one database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integrator.domain.lifecycle import State
from integrator.erp.connection import Database
from integrator.erp.history import DayFigures, today_figures
from integrator.erp.overview import Waiting, needing_a_person, reminded
from integrator.messages.formatting import format_count, format_date, format_list, format_money
from integrator.panel.home.reasons import reason_words


@dataclass(frozen=True, slots=True)
class DaySummary:
    """``figures`` are the day's own; ``waiting`` and ``pending`` are what waits when it is read.

    ``reminded`` are the collection messages of the day and the reais that they spoke of.
    """

    figures: DayFigures
    reminded: tuple[int, Decimal]
    pending: int
    waiting: tuple[Waiting, ...]

    def waiting_in(self, state: State) -> int:
        """Rows that wait for a person in that state."""
        return sum(each.rows for each in self.waiting if each.state is state)

    @property
    def held_by_reason(self) -> tuple[tuple[str, int], ...]:
        """Like ``("celular ausente ou inválido", 3)``, most rows first."""
        return tuple((reason_words(each.code), each.rows) for each in self.waiting if each.state is State.HELD)


def read_summary(database: Database, day: date) -> DaySummary:
    """Raises the database's own errors."""
    today = today_figures(database, day)
    return DaySummary(today.day, reminded(database, day), today.pending, needing_a_person(database))


def sentences(day: DayFigures, reminded: tuple[int, Decimal]) -> Sequence[str]:
    """The day as a person would tell it, one thing a line; what did not happen is left out."""
    rows, amount = reminded
    told = [format_count(day.sent, "mensagem enviada", "mensagens enviadas")]
    followed = [
        format_count(count, one, many)
        for count, one, many in ((day.delivered, "entregue", "entregues"), (day.read, "lida", "lidas"))
        if count
    ]
    told[0] += f", {format_list(followed)}" if followed else ""
    if rows:
        told.append(f"{format_count(rows, 'cobrança', 'cobranças')}, lembrando {format_money(amount)}")
    if day.failed:
        told.append(format_count(day.failed, "falhou", "falharam"))
    return told


def title(day: date, today: date) -> str:
    """``Hoje, 20/11/2026``."""
    name = {0: "Hoje", 1: "Ontem"}.get((today - day).days, "")
    return f"{name}, {format_date(day)}" if name else format_date(day)
