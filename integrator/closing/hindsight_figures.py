"""The past titles that :mod:`.hindsight` looks at, and the figures of the month that it answers with."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from integrator.closing.ports import TitleState
from integrator.closing.reasons import Why
from integrator.domain.message import Customer

_NOTHING = Decimal("0.00")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PastTitle:
    """One title of ``historico``: ``paid`` is what was paid in all, ``paid_on`` when the last of it came.

    ``problem`` says which column of the row cannot be used.
    """

    company: str
    ref: str
    customer_code: str
    customer_name: str
    due: date
    amount: Decimal
    paid_on: date | None = None
    paid: Decimal = _NOTHING
    state: TitleState = TitleState.OPEN
    problem: str = ""

    def open_on(self, day: date) -> Decimal:
        """What was owed of it when ``day`` began.

        Nothing of a renegotiated or cancelled one: nobody can tell since when, so it is left out altogether.
        """
        if self.state in (TitleState.RENEGOTIATED, TitleState.CANCELLED):
            return _NOTHING
        if self.paid_on is None:
            return self.amount if self.state is TitleState.OPEN else _NOTHING
        if self.paid_on >= day:
            return self.amount
        return max(self.amount - self.paid, _NOTHING) if self.state is TitleState.OPEN else _NOTHING


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, by its first day; ``until`` is the last day looked at, earlier than its end when not over."""

    first: date
    until: date

    @classmethod
    def of(cls, year: int, month: int, today: date) -> Month:
        """That month as far as it is past; ``ValueError`` when none of it is."""
        first = date(year, month, 1)
        if first >= today:
            raise ValueError("o mês ainda não começou")
        end = first.replace(day=calendar.monthrange(year, month)[1])
        return cls(first, min(end, today - _DAY))

    @property
    def whole(self) -> bool:
        """Whether all of it is over."""
        return (self.until + _DAY).day == 1

    @property
    def days(self) -> Iterator[date]:
        """Each day looked at, in order."""
        return (self.first + n * _DAY for n in range((self.until - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Reminder:
    """A message that would have left: ``titles`` and what they owed; ``customers`` are codes, several in a digest."""

    day: date
    company: str
    customer: Customer
    customers: frozenset[str]
    step: str
    titles: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day: how many messages would have left, and what was overdue when it began. ``open``: a day of sending."""

    day: date
    open: bool
    reminders: int
    overdue_titles: int
    overdue_amount: Decimal


@dataclass(frozen=True, slots=True)
class Bucket:
    """Reminded titles that were paid at most ``days`` after the due date; None for later ones."""

    days: int | None
    titles: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What became of the reminded titles, until the day of the simulation; ``amount`` is what they owed when first
    reminded. ``paid`` are those paid since, by how late, each in the first bucket that fits."""

    titles: int
    amount: Decimal
    paid: tuple[Bucket, ...]

    @property
    def open_titles(self) -> int:
        """Reminded and not paid to this day."""
        return self.titles - sum(bucket.titles for bucket in self.paid)

    @property
    def open_amount(self) -> Decimal:
        """What those owed when they were first reminded."""
        return self.amount - sum((bucket.amount for bucket in self.paid), _NOTHING)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A customer with overdue debt at the end whom no message could reach."""

    code: str
    name: str
    why: Why
    titles: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Hindsight:
    """The month. ``left_out`` counts titles whose row has a value that cannot be read."""

    month: Month
    days: tuple[DayFigures, ...]
    reminders: tuple[Reminder, ...]
    aftermath: Aftermath
    unreachable: tuple[Unreachable, ...]
    left_out: int

    @property
    def customers(self) -> int:
        """How many customers would have been reminded at least once; one of two companies counts once."""
        return len(frozenset[str]().union(*(reminder.customers for reminder in self.reminders)))

    @property
    def steps(self) -> Mapping[str, int]:
        """How many messages by the step of the ruler that they carry."""
        return Counter(reminder.step for reminder in self.reminders)
