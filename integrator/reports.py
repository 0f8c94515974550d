"""What people ask about the queue as a whole: the history report, the counts by state and the forecast.

The same for the command line, the demonstration and the panel.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from integrator.app import JOURNAL_FILE
from integrator.documents.report import HistoryRow
from integrator.domain.calendar import forecast_end
from integrator.domain.lifecycle import State
from integrator.domain.message import Company
from integrator.domain.sender import Contact, DayUse, SenderRecord, Stop, Used, cold_limit
from integrator.erp.connection import Database
from integrator.erp.history_filter import Filter
from integrator.erp.history_rows import Entry, stream
from integrator.erp.queue import FirebirdQueue
from integrator.journal.senders import SenderBook
from integrator.policies import calendars_of, cap_policy, company_of
from integrator.sending.caps import Allowance
from integrator.sending.guard import LANES, PAUSE_KEY, pause_until, stop_words
from integrator.sending.pace import day_start
from integrator.settings import Settings
from integrator.settings.sections import Engine, NumberSettings


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
    """How many messages wait, and when the last of them should leave.

    ``ends`` is None with none, or when only a person can let them leave. ``paused_until`` is ``datetime.max`` for a
    pause that only a person ends. ``limits`` says in Portuguese what the number guard makes wait, else empty.
    """

    waiting: int
    ends: datetime | None
    paused_until: datetime | None
    limits: str = ""

    def sentence(self, now: datetime) -> str:
        """For people; empty when nothing waits and nothing is paused."""
        pause = _pause(self.paused_until)
        end = ""
        if self.ends is not None:
            at = _to_five_minutes(self.ends)
            end = f"O envio termina por volta de {at:%H:%M} {_day(at.date(), now.date())}."
        return " ".join(filter(None, (pause, self.limits, end)))


def read_forecast(database: Database, settings: Settings, now: datetime, folder: Path | None = None) -> Forecast:
    """From the pending rows, the pace, today's count, the number's limits, each purpose's calendar and a pause.

    Each purpose is taken to leave after all of the lanes before it, so that the true end is not later than told unless
    messages fail. ``folder`` is the data folder, whose journal knows how old the number is; without it the limits of
    the configuration count.
    """
    queue = FirebirdQueue(
        database, owner="", instance=settings.whatsapp.instance, fallback_company=company_of(settings)
    )
    waiting = {item.purpose: item for item in queue.waiting(now)}
    paused = pause_until(queue.config().get(PAUSE_KEY, ""), now)
    total, cold = sum(item.rows for item in waiting.values()), sum(item.cold for item in waiting.values())
    allowance = _allowance(queue, settings, now, folder)
    limits = _limits(allowance, cold)
    never = allowance.record.stop is not None or (cold and not allowance.limit(Contact.COLD))
    if not total or paused == datetime.max or never:
        return Forecast(total, None, paused, limits)
    calendars = calendars_of(settings, queue.companies()[0].address.state)
    sent = queue.sent_since(day_start(now)).rows
    start, gap = paused or now, _mean_gap_s(settings)
    # A message counts for the maximum of the day on which it leaves; a pause into another day starts at none.
    today = start.date() == now.date()
    ahead = cold_ahead = 0
    ends = now
    for purpose in LANES:
        item = waiting.get(purpose)
        if item is None:
            continue
        ahead, cold_ahead = ahead + item.rows, cold_ahead + item.cold
        calendar, limit = calendars[purpose], settings.sending.daily_max
        ends = max(ends, forecast_end(start, ahead, gap, limit, calendar, sent if today else 0))
        if item.cold and not allowance.policy.test:
            begins = max(start, allowance.record.cold_until or start)
            used = allowance.use.cold if begins.date() == now.date() else 0
            # A new number's limit grows with each day: the true end is earlier than told.
            ends = max(ends, forecast_end(begins, cold_ahead, gap, allowance.cold_limit, calendar, used))
    return Forecast(total, ends, paused, limits)


@dataclass(frozen=True, slots=True)
class NumberGuard:
    """Contacts of today and their caps. ``day`` is the sending day of a number that counts as new, else 0.

    ``asked``: the shop said whether the number is new. ``cold_until`` is None unless new contacts wait. ``limited`` is
    false for a simulated number, of which no contact counts.
    """

    known: int
    known_cap: int
    cold: int
    cold_cap: int
    day: int
    asked: bool
    cold_until: datetime | None
    stop: Stop | None
    limited: bool = True


def number_guard(
    folder: Path, settings: NumberSettings, phone: str, now: datetime, told: DayUse | None = None
) -> NumberGuard | None:
    """What the guard allows a number today, for panel and commands.

    ``phone`` is the paired number (E.164 digits), empty for the one last met under that name; ``told`` is what the
    queue counted. None while nothing is known of it. Raises :class:`JournalError`.
    """
    journal = folder / JOURNAL_FILE
    if not journal.is_file():
        return None
    with closing(SenderBook(journal)) as book:
        number = phone or book.number_of(settings.instance)
        if not number:
            return None
        record, use = book.record(number) or SenderRecord(number, now), book.use(number, now).joined(told or DayUse())
    limit = cold_limit(record.used, use.days_before, settings.cold_cap)
    paused = record.cold_until if record.cold_until is not None and record.cold_until > now else None
    return NumberGuard(
        known=use.known,
        known_cap=settings.known_cap,
        cold=use.cold,
        cold_cap=limit,
        day=0 if limit >= settings.cold_cap else use.days_before + 1,
        asked=record.used is not Used.UNKNOWN,
        cold_until=paused,
        stop=record.stop,
        limited=settings.engine is not Engine.SIMULATOR,
    )


def _allowance(queue: FirebirdQueue, settings: Settings, now: datetime, folder: Path | None) -> Allowance:
    """What the number may still do today; one that was never met is taken for one in use."""
    journal = None if folder is None else folder / JOURNAL_FILE
    policy = cap_policy(settings)
    if journal is None or not journal.is_file():
        return Allowance(SenderRecord("", now, Used.IN_USE), DayUse(), policy, now)
    with closing(SenderBook(journal)) as book:
        number = book.number_of(policy.instance)
        record = book.record(number) or SenderRecord(number, now, Used.IN_USE)
        return Allowance(record, book.use(number, now).joined(queue.day_use(number, now)), policy, now)


def _limits(allowance: Allowance, cold: int) -> str:
    """What the guard makes wait, for people; empty where all of it may leave today."""
    if allowance.record.stop is not None:
        told = stop_words(allowance.record.stop)
        return f"{told[0].upper()}{told[1:]}."
    if not cold or allowance.policy.test:
        return ""
    closed = allowance.closed(Contact.COLD)
    left = max(0, allowance.cold_limit - allowance.use.cold)
    if closed is None and cold <= left:
        return ""
    waits = f"{cold} mensagens são para contatos novos" if cold > 1 else "1 mensagem é para um contato novo"
    why = closed.reason if closed is not None else f"o limite deste número é de {allowance.cold_limit} por dia"
    return f"{waits}: {why}."


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
