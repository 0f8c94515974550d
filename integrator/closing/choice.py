"""Which of a customer's titles a reminder of this send day speaks of, and why the others wait. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from integrator.closing.policy import ClosingPolicy, SendDay, Step
from integrator.closing.ports import Debt, Memory, StepDone, TitleState
from integrator.closing.reasons import WHY_NOT_OPEN, Skipped, Why
from integrator.closing.ruler import PROBLEM_STEP, Ruler
from integrator.domain.message import Customer, Title
from integrator.settings.sections import DebtsToSend


@dataclass(frozen=True, slots=True)
class Listed:
    """One title of a message. ``step`` is what it gets today, None where it is only listed beside others.

    ``payable`` is the last day on which it can be paid without delay. A title with a problem has no step.
    """

    debt: Debt
    overdue: bool
    payable: date
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The titles of a message, none when there is nothing to say today, and the others with the reason."""

    customer: Customer
    listed: tuple[Listed, ...]
    left_out: tuple[tuple[Why, Debt], ...]

    def skip(self, company: str, why: Why, reason: str = "") -> Skipped:
        """All listed titles as not sent for one reason."""
        debts = [item.debt for item in self.listed]
        return Skipped(company, self.customer, reason or why.label, why, len(debts), total(debts))

    def skips(self, company: str) -> Iterator[Skipped]:
        """The titles left out, one per reason."""
        by_reason: dict[Why, list[Debt]] = {}
        for why, debt in self.left_out:
            by_reason.setdefault(why, []).append(debt)
        for why, debts in by_reason.items():
            yield Skipped(company, self.customer, why.label, why, len(debts), total(debts))


def total(debts: Iterable[Debt]) -> Decimal:
    """What is still owed of them."""
    return sum((debt.title.open_amount for debt in debts), Decimal("0.00"))


class Chooser:
    """Chooses by a policy on one send day."""

    def __init__(self, policy: ClosingPolicy, day: SendDay, memory: Memory) -> None:
        self._policy, self._day, self._memory = policy, day, memory
        self._ruler = Ruler(policy, day, memory.since)
        self.oldest, self.until = reach_of(policy, day)

    def choose(self, company: str, debts: Sequence[Debt]) -> Choice:
        """``debts`` are all of one customer, in any order."""
        ordered = sorted(_without_repetition(debts), key=lambda debt: (debt.title.due, debt.title.ref))
        left_out: list[tuple[Why, Debt]] = []
        bad: list[Listed] = []
        good: list[Listed] = []
        for debt in ordered:
            why = self._why_not(debt)
            if why is not None:
                left_out.append((why, debt))
            elif debt.problem:
                bad.append(Listed(debt, overdue=False, payable=debt.title.due))
            else:
                good.append(self._stand(company, debt))
        listed = self._list(company, good, bad)
        kept = {id(item) for item in listed}
        left_out += [(Why.PROBLEM_TOLD, item.debt) for item in bad if id(item) not in kept]
        left_out += [(self._why_waiting(item), item.debt) for item in good if id(item) not in kept]
        return Choice(ordered[0].customer, tuple(listed), tuple(left_out))

    def _why_not(self, debt: Debt) -> Why | None:
        """Why a title is not to be spoken of at all; one that cannot be read is judged by its switches only."""
        if debt.state is not TitleState.OPEN:
            return WHY_NOT_OPEN[debt.state]
        if not debt.reminds:
            return Why.CUSTOMER_OFF
        return None if debt.problem else self._why_never(debt.title)

    def _why_never(self, title: Title) -> Why | None:
        if title.open_amount <= 0:
            return Why.NOTHING_OPEN
        if title.due < self.oldest:
            return Why.TOO_OLD
        if title.due > self.until:
            return Why.NO_STEP
        overdue = self._ruler.standing(title.due).overdue
        wanted = self._policy.debts is DebtsToSend.BOTH or overdue is (self._policy.debts is DebtsToSend.OVERDUE)
        return None if wanted else Why.KIND_OFF

    def _stand(self, company: str, debt: Debt) -> Listed:
        standing = self._ruler.standing(debt.title.due)
        step = self._ruler.due_step(debt.title.due, self._done(company, debt))
        return Listed(debt, standing.overdue, standing.payable, step)

    def _done(self, company: str, debt: Debt) -> list[StepDone]:
        """What the title got in messages that are not held."""
        found = self._memory.steps.get((company, debt.title.ref), ())
        return [past for past in found if past.key not in self._memory.held]

    def _list(self, company: str, good: Sequence[Listed], bad: Sequence[Listed]) -> list[Listed]:
        if not any(item.step for item in good):
            return [item for item in bad if not self._told(company, item.debt)]
        listed = [item for item in good if item.step or (self._policy.list_all and self._worth_listing(item))]
        return [*listed, *bad]

    def _worth_listing(self, item: Listed) -> bool:
        if item.overdue:
            return self._ruler.standing(item.debt.title.due).settled
        return item.debt.title.due <= self._day.day + timedelta(days=self._policy.upcoming_days)

    def _why_waiting(self, item: Listed) -> Why:
        return Why.NO_STEP if self._ruler.standing(item.debt.title.due).settled else Why.ON_ITS_WAY

    def _told(self, company: str, debt: Debt) -> bool:
        """Whether a message was already held for this title, so that it is not written again every night."""
        done = self._done(company, debt)
        return any(past.step == PROBLEM_STEP and past.day != self._day.day for past in done)


def reach_of(policy: ClosingPolicy, day: SendDay) -> tuple[date, date]:
    """Due dates of the titles that may matter on a send day, both included."""
    earliest_step = min((step.days for step in policy.steps), default=0)
    reminded = day.following - timedelta(days=1 + min(0, earliest_step))
    listed = day.day + timedelta(days=policy.upcoming_days)
    return day.day - timedelta(days=policy.debt_max_days), max(reminded, listed)


def _without_repetition(debts: Sequence[Debt]) -> Iterator[Debt]:
    """A title once, whatever a JOIN of the profile made of it; told apart only by a doubt, it holds the message."""
    for ref, same in groupby(sorted(debts, key=lambda debt: debt.title.ref), key=lambda debt: debt.title.ref):
        group = list(same)
        if not ref or len(group) == 1:
            yield from group
            continue
        chosen = min(group, key=repr)
        if all(
            (each.title, each.state, each.problem) == (chosen.title, chosen.state, chosen.problem) for each in group
        ):
            yield chosen
        else:
            problem = (
                f"O título {ref} veio mais de uma vez, com dados diferentes. Confira o SELECT de [titulos] no perfil."
            )
            yield replace(chosen, state=TitleState.OPEN, problem=problem)
