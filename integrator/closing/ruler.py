"""Which step of the ruler a title gets on a send day. Pure; every due date is worked out once.

A debt is overdue from the day after its *payable* day, the first bank day not before the due date: what is due on a
Saturday may be paid on Monday without delay (Código Civil, art. 132 § 1º). It is *settled* that nobody paid it once
``tolerance_days`` more bank days have gone by, because the bank's return file comes a bank day later.

- A step before the due date that falls on a day without sending goes on the last send day before it: never late.
- The step of the due date goes on the first send day not before it, while the debt is not overdue.
- A step after the due date counts from the payable day, never goes before the debt is settled, and goes on the first
  send day not before.
- Only the latest step whose turn has come counts: missed closings collapse into it, and the ruler only moves forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from integrator.closing.policy import ClosingPolicy, SendDay, Step
from integrator.closing.ports import StepDone

#: The "step" of a title that a held message was written for because it cannot be read; no step of a ruler has a ``#``
#: in front.
PROBLEM_STEP: Final = "#problema"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a due date stands on the send day.

    ``settled`` is false while the debt is overdue and its payment may still be on its way. ``step`` is the latest one
    whose turn came, on ``turn``; None when there is none.
    """

    payable: date
    overdue: bool
    settled: bool
    step: Step | None
    turn: date


class Ruler:
    """The ruler on one send day. ``since`` is that of :class:`~integrator.closing.ports.Memory`."""

    def __init__(self, policy: ClosingPolicy, day: SendDay, since: date | None) -> None:
        self._policy, self._day, self._since = policy, day, since
        self._ranks = {step.name: rank for rank, step in enumerate(policy.steps)}
        self._standings: dict[date, Standing] = {}

    def standing(self, due: date) -> Standing:
        found = self._standings.get(due)
        if found is None:
            found = self._standings[due] = self._work_out(due)
        return found

    def due_step(self, due: date, done: Sequence[StepDone]) -> Step | None:
        """The step that a title due on ``due`` gets on this send day, after those it had, or None.

        What was meant for this same send day is decided anew.
        """
        standing, today = self.standing(due), self._day.day
        step, turn = standing.step, standing.turn
        if step is None or turn <= today - timedelta(days=self._policy.lookback_days):
            return None
        if turn < (today if self._since is None else self._since):
            return None
        had = (past for past in done if past.day != today and past.step != PROBLEM_STEP)
        return None if any(self._reached(past, step, turn) for past in had) else step

    def _reached(self, past: StepDone, step: Step, turn: date) -> bool:
        """Whether ``past`` is that step or a later one; a step that the ruler no longer has counts by its day."""
        rank = self._ranks.get(past.step)
        return past.day >= turn if rank is None else rank >= self._ranks[step.name]

    def _work_out(self, due: date) -> Standing:
        payable = self._day.bank_day(due)
        surely = payable
        for _ in range(self._policy.tolerance_days):
            surely = self._day.bank_day(surely + _DAY)
        settled_from, today = surely + _DAY, self._day.day
        overdue = today > payable
        settled = not overdue or today >= settled_from
        for step in reversed(self._policy.steps):
            if step.days > 0:
                turn = self._day.first_send_day(max(payable + step.days * _DAY, settled_from))
            elif overdue:
                break
            else:
                turn = self._turn_until_due(due + step.days * _DAY, before=step.days < 0)
            if turn <= today:
                return Standing(payable, overdue, settled, step, turn)
        return Standing(payable, overdue, settled, None, today)

    def _turn_until_due(self, nominal: date, *, before: bool) -> date:
        if not before:
            return self._day.first_send_day(nominal)
        # Of the send days only this one and the next are known; for days gone by the day itself will do.
        return self._day.day if self._day.day <= nominal < self._day.following else nominal
