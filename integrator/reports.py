"""What people ask about the queue as a whole: the history report, the counts by state and the forecast.

The same for the command line, the demonstration and the panel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from integrator.documents.report import HistoryRow
from integrator.domain.calendar import forecast_end
from integrator.domain.lifecycle import State
from integrator.domain.message import Company
from integrator.erp.connection import Database
from integrator.erp.history_filter import Filter
from integrator.erp.history_rows import Entry, stream
from integrator.erp.queue import FirebirdQueue
from integrator.policies import calendars_of, company_of
from integrator.sending.guard import LANES, PAUSE_KEY, pause_until
from integrator.sending.pace import day_start
from integrator.settings import Settings


@dataclass(frozen=True, slots=True)
class History:
    """What left from ``first`` to ``last``, both included, and the company of the report's header."""

    company: Company
    rows: tuple[HistoryRow, ...]
    first: date
    last: date


def read_history(database: Database, fallback: Company, first: date, last: date) -> History:
    """Read whole days, in the order of time; ``fallback`` is the company where the ERP registered none."""
    company = FirebirdQueue(database, owner="", instance="", fallback_company=fallback).companies()[0]
    with database.transaction(read_only=True) as session:
        newest_first = [report_row(entry) for entry in stream(session, Filter(first, last))]
    return History(company, tuple(reversed(newest_first)), first, last)


def report_row(entry: Entry) -> HistoryRow:
    """One message of the history as the report shows it."""
    return HistoryRow(
        phone=entry.phone,
        text=entry.text,
        module=entry.module,
        kind=entry.kind,
        sent_at=entry.at,
        state=f"{entry.state.label} (teste)" if entry.test else entry.state.label,
        reason=entry.reason,
        customer=entry.customer,
        delivered_at=entry.delivered_at,
        read_at=entry.read_at,
    )


def counts_line(counts: Mapping[State, int]) -> str:
    """``pendente: 12 · retida: 3``, in the order of the life cycle, without the states that nobody is in."""
    return " · ".join(f"{state.label}: {counts[state]}" for state in State if counts.get(state))


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many messages wait, and when the last of them should leave; ``ends`` is None with none, or paused for ever.

    ``paused_until`` is ``datetime.max`` for a pause that only a person ends.
    """

    waiting: int
    ends: datetime | None
    paused_until: datetime | None

    def sentence(self, now: datetime) -> str:
        """For people; empty when nothing waits and nothing is paused."""
        pause = _pause(self.paused_until)
        if self.ends is None:
            return pause
        end = _to_five_minutes(self.ends)
        return " ".join(
            filter(None, (pause, f"O envio termina por volta de {end:%H:%M} {_day(end.date(), now.date())}."))
        )


def read_forecast(database: Database, settings: Settings, now: datetime) -> Forecast:
    """From the pending rows, the pace, today's count, each purpose's calendar and a pause.

    Each purpose is taken to leave after all of the lanes before it, so that the true end is not later than told unless
    messages fail.
    """
    queue = FirebirdQueue(
        database, owner="", instance=settings.whatsapp.instance, fallback_company=company_of(settings)
    )
    waiting = {item.purpose: item.rows for item in queue.waiting(now)}
    paused = pause_until(queue.config().get(PAUSE_KEY, ""), now)
    total = sum(waiting.values())
    if not total or paused == datetime.max:
        return Forecast(total, None, paused)
    calendars = calendars_of(settings, queue.companies()[0].address.state)
    sent = queue.sent_since(day_start(now)).rows
    start, ahead, ends = paused or now, 0, now
    for purpose in LANES:
        rows = waiting.get(purpose, 0)
        ahead += rows
        if rows:
            limit = settings.sending.daily_max
            # A message counts for the maximum of the day on which it leaves; a pause into another day starts at none.
            counted = sent if start.date() == now.date() else 0
            ends = max(ends, forecast_end(start, ahead, _mean_gap_s(settings), limit, calendars[purpose], counted))
    return Forecast(total, ends, paused)


def _mean_gap_s(settings: Settings) -> float:
    """Between two rows: the gap, the pauses between the parts of a row (three, as a rule), and its share of rests."""
    sending = settings.sending
    parts = sending.part_gap_min_s + sending.part_gap_max_s
    rest = sending.batch_pause_min * 60 / sending.batch_size if sending.batch_size else 0.0
    return sending.mean_gap_s + parts + rest


def _pause(until: datetime | None) -> str:
    if until is None:
        return ""
    return (
        "Envio pausado até alguém retomar." if until == datetime.max else f"Envio pausado até {until:%d/%m/%Y %H:%M}."
    )


def _to_five_minutes(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + timedelta(minutes=-at.minute % 5)


def _day(day: date, today: date) -> str:
    names = {today: "de hoje", today + timedelta(days=1): "de amanhã"}
    return names.get(day, f"de {day:%d/%m/%Y}")
