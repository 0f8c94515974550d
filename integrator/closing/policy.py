"""What the shop decided about its closing, and the day it is done for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Final

from integrator.domain.calendar import Calendar
from integrator.domain.errors import SettingsError, TemplateError
from integrator.messages.choices import Choices
from integrator.messages.language import parse
from integrator.messages.vocabulary import base_schema
from integrator.settings import Settings
from integrator.settings.closing import StepSettings, TitlesInMessage
from integrator.settings.sections import DebtsToSend

_ALL_ON: Final = Choices()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ruler, ``days`` from the due date; an empty ``text`` is that of the debt's situation.

    A repetition is a step of its own: ``vencido 30#2``.
    """

    name: str
    days: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class ClosingPolicy:
    """Settings of ``[fechamento]`` with those of ``[envio]`` that rule both. ``steps`` are in the order of their days.

    ``tolerance_days`` are bank days, all others are days of the calendar; ``list_all`` lists every title that the
    customer owes and not only those whose step it is. ``choices`` are the shop's switches of modules and messages.
    """

    steps: tuple[Step, ...]
    list_all: bool = True
    debts: DebtsToSend = DebtsToSend.BOTH
    debt_max_days: int = 1825
    tolerance_days: int = 1
    min_balance: Decimal = Decimal("0.00")
    min_interval: timedelta = timedelta(hours=20)
    lookback_days: int = 7
    upcoming_days: int = 5
    bank_return_max_days: int = 2
    default_area: str = ""
    choices: Choices = _ALL_ON


@dataclass(frozen=True, slots=True)
class SendDay:
    """The next day on which collection may leave: from ``opens`` on; ``following`` is the send day after it.

    ``first_send_day`` answers the first send day not before a date, ``bank_day`` the first bank day not before it.
    """

    opens: datetime
    following: date
    first_send_day: Callable[[date], date]
    bank_day: Callable[[date], date]

    @property
    def day(self) -> date:
        return self.opens.date()


def send_day_after(at: datetime, calendar: Calendar, bank_day: Callable[[date], date]) -> SendDay:
    """The send day of a closing at ``at``: that very day while collection may still leave on it.

    Raises :class:`SettingsError` for a calendar without any open day.
    """

    @cache
    def first_send_day(day: date) -> date:
        return calendar.next_open(datetime.combine(day, time.min)).date()

    opens = calendar.next_open(at)
    return SendDay(opens, first_send_day(opens.date() + timedelta(days=1)), first_send_day, bank_day)


def closing_policy(settings: Settings, choices: Choices = _ALL_ON) -> ClosingPolicy:
    """The policy of these settings, with the shop's choices.

    Raises :class:`SettingsError` naming the step whose text cannot be read.
    """
    chosen, sending = settings.closing, settings.sending
    return ClosingPolicy(
        steps=ruler_of(chosen.steps),
        list_all=chosen.titles is TitlesInMessage.ALL,
        debts=sending.debts,
        debt_max_days=sending.debt_max_days,
        tolerance_days=chosen.tolerance_days,
        min_balance=chosen.min_balance,
        min_interval=timedelta(hours=chosen.min_interval_h),
        lookback_days=chosen.lookback_days,
        upcoming_days=chosen.upcoming_days,
        bank_return_max_days=chosen.bank_return_max_days,
        default_area=settings.whatsapp.default_area,
        choices=choices,
    )


def ruler_of(steps: Iterable[StepSettings]) -> tuple[Step, ...]:
    """The steps in the order of their days, each repetition as its own; a named step wins over a repetition."""
    chosen = tuple(steps)
    found = {step.days: Step(step.name, step.days, step.text) for step in chosen}
    for step in chosen:
        _check_text(step)
        if step.repeat_days:
            days = range(step.days + step.repeat_days, step.repeat_until_days + 1, step.repeat_days)
            for number, day in enumerate(days, start=2):
                found.setdefault(day, Step(f"{step.name}#{number}", day, step.text))
    return tuple(found[days] for days in sorted(found))


def _check_text(step: StepSettings) -> None:
    try:
        parse(step.text, base_schema())
    except TemplateError as error:
        raise SettingsError(f"[fechamento] etapa “{step.name}”: {error.message}", detail=repr(error)) from error
