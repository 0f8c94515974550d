"""Titles in every situation a shop has: overdue, due today, upcoming, later, paid, partly paid, very old."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from integrator.demo.sample_erp.boletos import Boletos, Flaw, Pix
from integrator.demo.sample_erp.model import Debt

UPCOMING_DAYS = 5
"""How far ahead the closing looks (also in ``procedimentos.sql``)."""

_BOLETO_SHARE = 0.7
_DAYS_TO_PAY = 28


class Debts:
    """Makes titles around ``today`` from the given chance; each has a code of its own."""

    def __init__(self, random: Random, today: date) -> None:
        self._random = random
        self._today = today
        self._codes = count(20_001)
        self._boletos = Boletos(random)

    def overdue(self) -> Debt:
        """Due one to fifty days ago, mostly lately."""
        return self.at(-min(self._random.randint(1, 50), self._random.randint(1, 50)))

    def upcoming(self) -> Debt:
        """Due in one to five days."""
        return self.at(self._random.randint(1, UPCOMING_DAYS))

    def later(self) -> Debt:
        """Due too far ahead for the closing to speak of it."""
        return self.at(self._random.randint(UPCOMING_DAYS + 1, 60))

    def paid(self) -> Debt:
        """Due in the last months and paid by now."""
        debt = self.at(-self._random.randint(1, 120), boleto=False)
        late = self._random.randint(-3, 10)
        return replace(debt, paid=debt.amount, paid_on=min(debt.due + timedelta(days=late), self._today))

    def partly_paid(self) -> Debt:
        """Overdue, with about a third paid; its boleto keeps the face value."""
        debt = self.at(-self._random.randint(5, 25), boleto=True)
        part = (debt.amount / 3).quantize(Decimal("0.01"))
        return replace(debt, paid=part, paid_on=self._today - timedelta(days=2))

    def at(self, days: int, *, boleto: bool | None = None, pix: Pix | None = None) -> Debt:
        """Due ``days`` from today, negative for the past; ``boleto=None`` leaves it to chance."""
        due = self._today + timedelta(days=days)
        amount = Decimal(self._random.randint(3_500, 98_000)).scaleb(-2)
        code = next(self._codes)
        with_boleto = self._random.random() < _BOLETO_SHARE if boleto is None else boleto
        total = self._random.choice((1, 2, 3, 6, 10))
        return Debt(
            code=code,
            document=f"NF{code - 14_000:06d}",
            instalment=f"{self._random.randint(1, total):02d}/{total:02d}",
            issued=due - timedelta(days=_DAYS_TO_PAY),
            due=due,
            amount=amount,
            boleto=self._boletos.issue(amount, due, pix) if with_boleto else None,
        )

    def flawed(self, flaw: Flaw) -> Debt:
        """Overdue, its boleto wrong on purpose."""
        debt = self.at(-4, boleto=True, pix=Pix.NONE)
        assert debt.boleto is not None
        return replace(debt, boleto=self._boletos.spoil(debt.boleto, flaw, debt.amount, debt.due))

    def unregistered(self) -> Debt:
        """Upcoming, its boleto sent to the bank but not yet registered there."""
        debt = self.at(3, boleto=True)
        assert debt.boleto is not None
        return replace(debt, boleto=replace(debt.boleto, registered=False))

    def past_its_limit(self) -> Debt:
        """Overdue for so long that no bank takes its boleto any more."""
        return self.at(-95, boleto=True)
