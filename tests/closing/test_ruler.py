"""Which step a title gets on which day: the table that was worked out by hand, then the rules one by one.

November 2026: the 1st is a Sunday; the shop and the banks rest at weekends and on Friday the 20th.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from integrator.closing.ruler import PROBLEM_STEP, Ruler
from integrator.settings.closing import StepSettings
from tests.closing.world import LONG_AGO, done, november, policy, send_day

#: A ruler with a step the day after, which the tolerance holds back.
CLOSE = (
    StepSettings(name="antes", days=-1),
    StepSettings(name="hoje", days=0),
    StepSettings(name="depois", days=1),
    StepSettings(name="mais tarde", days=4),
)


def step_on(day: date, due: date, *, since: date | None = LONG_AGO, **changes: object) -> str:
    """The step of the default ruler that a title gets on a send day, or empty."""
    found = Ruler(policy(**changes), send_day(day), since).due_step(due, ())
    return found.name if found else ""


@pytest.mark.feature("B03")
@pytest.mark.parametrize(
    ("due", "day", "expected"),
    [
        # Three days before: Thursday the 12th is due; Monday the 9th its turn.
        (12, 9, "lembrete"),
        (12, 6, ""),
        # The day itself.
        (12, 12, "vence hoje"),
        # Three days after a Monday is Thursday.
        (9, 12, "vencido 3"),
        (9, 11, ""),
        # Ten days after Monday the 2nd is Thursday the 12th.
        (2, 12, "vencido 10"),
        # A reminder for the weekend goes on the Friday before it: never late.
        (17, 13, "lembrete"),  # Saturday the 14th
        (18, 13, "lembrete"),  # Sunday the 15th
        (18, 12, ""),
        # One that falls on the holiday's Friday goes on Thursday; Saturday and Sunday too.
        (23, 19, "lembrete"),
        (25, 19, "lembrete"),
        (26, 19, ""),
        # Due on Saturday: payable on Monday, and that is when "vence hoje" goes.
        (14, 16, "vence hoje"),
        (14, 13, "lembrete"),  # its turn was the 11th; missed, it still goes
        # Due on the bank holiday: payable on Monday the 23rd.
        (20, 23, "vence hoje"),
        # Three days after a Saturday count from Monday: Thursday the 19th.
        (14, 18, ""),
        (14, 19, "vencido 3"),
        # Due on Wednesday the 18th: three days after is a Saturday, so Monday the 23rd; the bank's return of
        # the 18th came on the 19th.
        (18, 23, "vencido 3"),
        # Due on Thursday the 19th: its return comes on Monday the 23rd, after the holiday, so Tuesday.
        (19, 23, ""),
        (19, 24, "vencido 3"),
    ],
)
def test_the_table_worked_out_by_hand(due: int, day: int, expected: str) -> None:
    assert step_on(november(day), november(due)) == expected


@pytest.mark.parametrize(
    ("tolerance", "due", "first"),
    [
        (0, 9, 10),  # Monday: overdue on Tuesday
        (1, 9, 11),  # the return of Monday's payments comes on Tuesday
        (2, 9, 12),
        (0, 7, 10),  # Saturday: payable on Monday
        (1, 7, 11),
        (1, 13, 17),  # Friday: its return comes on Monday
        (1, 19, 24),  # the day before the holiday: its return comes on Monday
    ],
)
def test_a_step_after_the_due_date_waits_for_the_banks_return(tolerance: int, due: int, first: int) -> None:
    chosen = policy(*CLOSE, tolerance_days=tolerance)
    fires = [
        day
        for day in range(due, first + 1)
        if november(day).weekday() < 5 and november(day) != november(20)
        if (step := Ruler(chosen, send_day(november(day)), LONG_AGO).due_step(november(due), ())) and step.days > 0
    ]
    assert fires == [first]


def test_the_day_of_the_due_date_is_not_announced_once_the_debt_is_overdue() -> None:
    closed_on_the_12th = replace(
        send_day(november(13)), first_send_day=lambda day: november(13) if day == november(12) else day
    )
    assert Ruler(policy(), closed_on_the_12th, LONG_AGO).due_step(november(12), ()) is None


def test_missed_closings_collapse_to_the_latest_step() -> None:
    assert step_on(november(16), november(2)) == "vencido 10"  # the 12th was missed, and before it "vencido 3"
    assert step_on(november(12), november(12)) == "vence hoje"  # not the reminder of the 9th as well


def test_a_step_missed_longer_than_the_search_goes_back_is_not_done_any_more() -> None:
    assert step_on(november(18), november(2)) == "vencido 10"
    assert step_on(november(19), november(2)) == ""
    assert step_on(november(19), november(2), lookback_days=8) == "vencido 10"


def test_the_first_closing_reminds_of_nothing_that_went_by_before_it() -> None:
    assert step_on(november(12), november(2), since=None) == "vencido 10"
    assert step_on(november(13), november(2), since=None) == ""
    assert step_on(november(13), november(2), since=november(13)) == ""
    assert step_on(november(13), november(2), since=november(12)) == "vencido 10"


def test_what_falls_into_the_weekend_before_the_first_closing_has_its_turn_with_it() -> None:
    assert step_on(november(16), november(5), since=None) == "vencido 10"  # Sunday the 15th
    assert step_on(november(13), november(18), since=None) == "lembrete"  # Sunday the 15th, brought forward


@pytest.mark.feature("B03")
def test_the_ruler_only_moves_forward() -> None:
    ruler = Ruler(policy(), send_day(november(12)), LONG_AGO)
    due = november(9)
    assert ruler.due_step(due, done("vence hoje", november(9))) is not None
    assert ruler.due_step(due, done("vencido 3", november(10))) is None
    assert ruler.due_step(due, done("vencido 10", november(10))) is None


def test_what_was_meant_for_this_same_send_day_is_decided_anew() -> None:
    ruler = Ruler(policy(), send_day(november(12)), LONG_AGO)
    found = ruler.due_step(november(9), done("vencido 3", november(12)))
    assert found is not None
    assert found.name == "vencido 3"


def test_renaming_a_step_does_not_send_it_again() -> None:
    ruler = Ruler(policy(), send_day(november(13)), LONG_AGO)
    assert ruler.due_step(november(9), done("três dias", november(12))) is None
    assert ruler.due_step(november(9), done("no dia", november(9))) is not None


def test_a_title_that_could_not_be_read_has_its_steps_once_it_can() -> None:
    ruler = Ruler(policy(), send_day(november(13)), LONG_AGO)
    assert ruler.due_step(november(9), done(PROBLEM_STEP, november(12))) is not None


@pytest.mark.feature("B03")
def test_repetitions_are_steps_of_their_own_until_their_end() -> None:
    assert step_on(date(2026, 11, 12), date(2026, 10, 13)) == "vencido 30"
    assert step_on(date(2026, 11, 12), date(2026, 9, 11)) == "vencido 30#2"  # 62 days: its turn was the 10th
    assert [step.name for step in policy().steps][-1] == "vencido 30#6"
    assert step_on(date(2026, 11, 12), date(2026, 4, 15)) == ""  # 211 days


def test_a_named_step_wins_over_a_repetition_on_the_same_day() -> None:
    chosen = policy(
        StepSettings(name="dez", days=10, repeat_days=10, repeat_until_days=40), StepSettings(name="trinta", days=30)
    )
    assert [(step.name, step.days) for step in chosen.steps] == [
        ("dez", 10),
        ("dez#2", 20),
        ("trinta", 30),
        ("dez#4", 40),
    ]
