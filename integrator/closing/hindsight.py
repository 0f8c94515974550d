"""What the ruler would have sent in a month that is over, from the titles of that time: a simulation, pure.

Each send day of the month is closed as the nightly closing would have done on the evening before: by the ruler and the
plan of this package, with a memory that is kept here only. It starts with an empty memory, as if switched on with the
month's first day. What a title owed on a day is told by its payment: whoever paid on a day had not yet paid when that
day's messages left. Nothing is said about what people would have done: only what would have been sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from integrator.closing.hindsight_figures import (
    Aftermath,
    Bucket,
    DayFigures,
    Hindsight,
    Month,
    PastTitle,
    Reminder,
    Unreachable,
)
from integrator.closing.people import Contacts
from integrator.closing.plan import plan_closing
from integrator.closing.policy import ClosingPolicy, SendDay, send_day_after
from integrator.closing.ports import Contact, Debt, Draft, Memory, StepDone, TitleState
from integrator.domain.calendar import Calendar
from integrator.domain.message import Customer, Title

_NOTHING = Decimal("0.00")
_DAY = timedelta(days=1)
#: How many days after the due date the reminded titles were paid: at the latest on it, within a week, within a month.
_LATE: Final = (0, 7, 30, None)


def look_back(
    titles: Iterable[PastTitle],
    contacts: Sequence[Contact],
    month: Month,
    policy: ClosingPolicy,
    calendar: Calendar,
    bank_day: Callable[[date], date],
) -> Hindsight:
    """Live the month again. ``titles`` in any order, due up to some days past its end; nothing else is needed.

    Raises :class:`~integrator.domain.errors.SettingsError` for a calendar without any open day.
    """
    read = list(titles)
    good = (title for title in read if not title.problem and title.open_on(month.first) > 0)
    known = sorted(good, key=lambda t: (t.company, t.customer_code, t.due, t.ref))
    simulation = _Simulation(known, contacts, month, policy)
    days: list[DayFigures] = []
    for day in month.days:
        send_day = send_day_after(datetime.combine(day, time.min), calendar, bank_day)
        sent = simulation.close(send_day) if send_day.day == day else 0
        overdue = [owed for t in known if bank_day(t.due) < day and (owed := t.open_on(day)) > 0]
        days.append(DayFigures(day, send_day.day == day, sent, len(overdue), sum(overdue, _NOTHING)))
    after = month.until + _DAY
    late = [t for t in known if bank_day(t.due) < after and t.open_on(after) > 0]
    return Hindsight(
        month,
        tuple(days),
        tuple(simulation.reminders),
        _aftermath(known, simulation.first),
        _unreachable(late, after, Contacts(contacts, policy.default_area)),
        sum(bool(title.problem) for title in read),
    )


class _Simulation:
    """The closings of the month, one after the other, and what they remember."""

    def __init__(
        self, titles: Sequence[PastTitle], contacts: Sequence[Contact], month: Month, policy: ClosingPolicy
    ) -> None:
        self._titles, self._contacts, self._month, self._policy = titles, contacts, month, policy
        self._steps: dict[tuple[str, str], list[StepDone]] = {}
        self._last: dict[tuple[str, str], datetime] = {}
        self.reminders: list[Reminder] = []
        #: When each title, by company and reference, was first spoken of, and what it owed then.
        self.first: dict[tuple[str, str], tuple[date, Decimal]] = {}

    def close(self, day: SendDay) -> int:
        """The closing whose messages leave on ``day``; how many there are."""
        memory = Memory(reminders=dict(self._last), steps=dict(self._steps), since=self._month.first)
        planned = list(plan_closing(self._debts(day.day), self._contacts, memory, day, self._policy))
        drafts = [found for found in planned if isinstance(found, Draft) and not found.problem]
        for draft in drafts:
            self._record(draft, day)
        return len(drafts)

    def _debts(self, day: date) -> Iterator[Debt]:
        return (_debt(title, owed) for title in self._titles if (owed := title.open_on(day)) > 0)

    def _record(self, draft: Draft, day: SendDay) -> None:
        for done in draft.steps:
            self._steps.setdefault((draft.company, done.ref), []).append(done)
        for title in draft.titles:
            self.first.setdefault((draft.company, title.ref), (day.day, title.open_amount))
        payers = [payer.customer for payer in draft.payers] or [draft.customer]
        customers = frozenset(payer.code for payer in payers)
        self._last.update(((draft.company, code), day.opens) for code in customers)
        self.reminders.append(
            Reminder(day.day, draft.company, draft.customer, customers, draft.step, len(draft.titles), draft.amount)
        )


def _debt(title: PastTitle, owed: Decimal) -> Debt:
    customer = Customer(title.customer_code, title.customer_name)
    return Debt(title.company, customer, Title(title.ref, title.ref, "", None, title.due, title.amount, owed))


def _aftermath(titles: Iterable[PastTitle], first: Mapping[tuple[str, str], tuple[date, Decimal]]) -> Aftermath:
    """Payments on or after the day of the first reminder, sorted by how late they came."""
    counts = Counter[int | None]()
    amounts = dict.fromkeys(_LATE, _NOTHING)
    for title in titles:
        reminded = first.get((title.company, title.ref))
        if reminded is None or title.paid_on is None or title.state is not TitleState.PAID:
            continue
        late = (title.paid_on - title.due).days
        bucket = next(days for days in _LATE if days is None or late <= days)
        counts[bucket] += 1
        amounts[bucket] += reminded[1]
    buckets = tuple(Bucket(days, counts[days], amounts[days]) for days in _LATE)
    return Aftermath(len(first), sum((owed for _, owed in first.values()), _NOTHING), buckets)


def _unreachable(titles: Iterable[PastTitle], day: date, people: Contacts) -> tuple[Unreachable, ...]:
    """Customers of these overdue titles to whom nobody could write, who owes most first."""
    owing: dict[tuple[str, str], list[PastTitle]] = {}
    for title in titles:
        owing.setdefault((title.company, title.customer_code), []).append(title)
    found: list[Unreachable] = []
    for (company, code), owed in owing.items():
        reach = people.of(company, code)
        if not reach.destinations:
            amount = sum((title.open_on(day) for title in owed), _NOTHING)
            found.append(Unreachable(code, owed[0].customer_name, reach.refusals[0][0], len(owed), amount))
    return tuple(sorted(found, key=lambda each: (-each.amount, each.name, each.code)))
