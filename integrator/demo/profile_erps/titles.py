"""Titles of the sample ERPs: paid early, late or not at all, many of them due on a day at which the ruler looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from integrator.closing.ports import TitleState
from integrator.demo.profile_erps.model import Owed
from integrator.demo.sample_erp.boletos import Pix
from integrator.demo.sample_erp.debts import Debts
from integrator.demo.sample_erp.model import Debt

#: Days after the due date at which the default ruler has a step.
TURNS = (-3, -3, 0, 3, 10, 10, 30, 60)
_TURN_SHARE = 0.6
_BRANCH_SHARE = 0.3
_HISTORY_DAYS = 110
#: How many days after the due date people pay, as a shop's books show it.
_LATENESS = (-2, -1, 0, 0, 0, 0, 1, 1, 2, 4, 6, 9, 13, 21, 38)
_SMALL = Decimal("2.40")


class Titles:
    """Makes titles for the closing whose messages leave on ``send_day``; no PIX, which names another shop."""

    def __init__(self, random: Random, today: date, send_day: date) -> None:
        self._random = random
        self._today = today
        self._to_send = (send_day - today).days
        self._debts = Debts(random, today)

    def open(self, after_due: int | None = None, *, boleto: bool | None = None) -> Owed:
        """An open title that is ``after_due`` days past its due date on the send day; without it, any age."""
        days = self._any_age() if after_due is None else after_due
        return self._owed(self._at(self._to_send - days, boleto=boleto))

    def paid(self) -> Owed:
        """Due in the last months and paid, by most on time."""
        debt = self._at(-self._random.randint(2, _HISTORY_DAYS), boleto=False)
        paid_on = min(debt.due + timedelta(days=self._random.choice(_LATENESS)), self._today)
        return self._owed(replace(debt, paid=debt.amount, paid_on=paid_on), TitleState.PAID)

    def partly_paid(self) -> Owed:
        """Ten days overdue, a third of it paid."""
        debt = self._at(self._to_send - 10, boleto=False)
        part = (debt.amount / 3).quantize(Decimal("0.01"))
        return self._owed(replace(debt, paid=part, paid_on=self._today - timedelta(days=2)))

    def small(self) -> Owed:
        """Ten days overdue, and only cents are left of it."""
        debt = self._at(self._to_send - 10, boleto=False)
        return self._owed(replace(debt, paid=debt.amount - _SMALL, paid_on=debt.due))

    def closed(self, state: TitleState) -> Owed:
        """Ten days past its due date, unpaid, and no longer to be collected."""
        return self._owed(self._at(self._to_send - 10, boleto=False), state)

    def _any_age(self) -> int:
        random = self._random
        return random.choice(TURNS) if random.random() < _TURN_SHARE else random.randint(-40, 100)

    def _at(self, days: int, *, boleto: bool | None) -> Debt:
        return self._debts.at(days, boleto=boleto, pix=Pix.NONE)

    def _owed(self, debt: Debt, state: TitleState = TitleState.OPEN) -> Owed:
        return Owed(debt, state, 2 if self._random.random() < _BRANCH_SHARE else 1)
