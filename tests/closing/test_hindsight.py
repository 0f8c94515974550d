"""A month lived again: what would have been sent on each day, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from integrator.closing.hindsight import look_back
from integrator.closing.hindsight_figures import Hindsight, Month, PastTitle
from integrator.closing.policy import ClosingPolicy, Step
from integrator.closing.ports import Contact, TitleState
from integrator.closing.reasons import Why
from integrator.domain.calendar import Calendar, Hours, Week

TODAY = date(2026, 11, 26)
OCTOBER = Month.of(2026, 10, TODAY)
POLICY = ClosingPolicy(
    steps=(Step("lembrete", -3), Step("vence hoje", 0), Step("vencido 3", 3), Step("vencido 10", 10)),
    list_all=False,
)
WEEKDAYS = Calendar(Week.of(Hours(time(8), time(18))))
PHONE = "49 98859-0187"


def title(ref: str = "1", due: date = date(2026, 10, 14), customer: str = "A", **other: Any) -> PastTitle:
    """A hundred reais due on a Wednesday."""
    made = PastTitle("", ref, customer, f"Cliente {customer}", due, Decimal("100.00"))
    return replace(made, **other)


def paid(on: date, ref: str = "1", **other: Any) -> PastTitle:
    return title(ref, paid_on=on, paid=Decimal("100.00"), state=TitleState.PAID, **other)


def contact(customer: str = "A", **other: Any) -> Contact:
    made = Contact("", customer, "Ana", PHONE, True)
    return replace(made, **other)


def bank_day(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def october(
    *titles: PastTitle,
    contacts: Sequence[Contact] = (contact(),),
    month: Month = OCTOBER,
    policy: ClosingPolicy = POLICY,
) -> Hindsight:
    return look_back(titles, contacts, month, policy, WEEKDAYS, bank_day)


def sent(found: Hindsight) -> list[tuple[int, str]]:
    return [(reminder.day.day, reminder.step) for reminder in found.reminders]


def test_a_title_never_paid_gets_each_step_of_the_ruler_on_its_day() -> None:
    # Due on Wednesday the 14th: -3 is Sunday, so the Friday before; +10 is Saturday, so the Monday after.
    assert sent(october(title())) == [(9, "lembrete"), (14, "vence hoje"), (19, "vencido 3"), (26, "vencido 10")]


def test_who_paid_gets_nothing_from_the_day_after_on() -> None:
    assert sent(october(paid(date(2026, 10, 13)))) == [(9, "lembrete")]
    assert sent(october(paid(date(2026, 10, 14)))) == [(9, "lembrete"), (14, "vence hoje")]


def test_a_title_paid_before_the_month_is_never_spoken_of() -> None:
    found = october(paid(date(2026, 9, 30)))
    assert (sent(found), found.aftermath.titles) == ([], 0)
    assert {day.overdue_amount for day in found.days} == {Decimal(0)}


@pytest.mark.parametrize("state", [TitleState.RENEGOTIATED, TitleState.CANCELLED])
def test_renegotiated_and_cancelled_titles_are_left_out(state: TitleState) -> None:
    found = october(title(state=state))
    assert (sent(found), found.unreachable) == ([], ())


def test_steps_whose_day_was_before_the_month_are_not_made_up_for() -> None:
    # Overdue by three days on Monday the 28th of September; only the tenth day falls into October.
    assert sent(october(title(due=date(2026, 9, 25)))) == [(5, "vencido 10")]


def test_what_was_overdue_is_told_for_every_day_also_for_those_without_sending() -> None:
    found = october(paid(date(2026, 10, 20)), title("2", due=date(2026, 8, 3)))
    overdue = {day.day.day: (day.overdue_titles, day.overdue_amount) for day in found.days}
    assert len(overdue) == 31
    assert overdue[14] == (1, Decimal(100))
    assert overdue[15] == overdue[17] == overdue[20] == (2, Decimal(200))
    assert overdue[21] == overdue[31] == (1, Decimal(100))
    assert [day.day.day for day in found.days if not day.open][:4] == [3, 4, 10, 11]


def test_a_debt_due_on_a_saturday_is_not_overdue_before_tuesday() -> None:
    found = october(title(due=date(2026, 10, 17)))
    assert [day.overdue_titles for day in found.days[17:20]] == [0, 0, 1]


def test_the_rest_of_a_partly_paid_title_stays_owed() -> None:
    partly = title(paid_on=date(2026, 10, 15), paid=Decimal("60.00"))
    found = october(partly)
    assert [reminder.amount for reminder in found.reminders] == [Decimal(each) for each in (100, 100, 40, 40)]
    assert found.days[-1].overdue_amount == Decimal("40.00")
    assert found.aftermath.open_titles == 1


def test_the_aftermath_says_how_late_reminded_titles_were_paid_and_nothing_of_others() -> None:
    due = date(2026, 10, 14)
    titles = [paid(due + timedelta(days=late), str(late), customer=f"C{late}") for late in (-1, 0, 7, 8, 30, 31)]
    never_reminded = paid(due - timedelta(days=8), "early", customer="E")
    contacts = [contact(each.customer_code) for each in (*titles, never_reminded)]
    after = october(*titles, never_reminded, title("open", customer="C0"), contacts=contacts).aftermath
    assert [(bucket.days, bucket.titles) for bucket in after.paid] == [(0, 2), (7, 1), (30, 2), (None, 1)]
    assert (after.titles, after.open_titles) == (7, 1)
    assert (after.amount, after.open_amount) == (Decimal(700), Decimal(100))


def test_a_customer_is_counted_once_however_many_reminders_and_contacts() -> None:
    found = october(title(), contacts=[contact(), contact(name="Rui", phones="49 98800-1122")])
    assert (len(found.reminders), found.customers) == (8, 1)
    assert found.aftermath.amount == 100


def test_a_digest_counts_all_its_customers() -> None:
    people = [contact("A", digest=True), contact("B", digest=True)]
    found = october(title("1", customer="A"), title("2", customer="B"), contacts=people)
    assert [len(reminder.customers) for reminder in found.reminders] == [2] * 4
    assert found.customers == 2


def test_unreachable_customers_are_told_by_what_they_owe_with_the_reason() -> None:
    due = date(2026, 10, 5)
    titles = [
        title("1", due, "none"),
        title("2", due, "unflagged", amount=Decimal(300)),
        title("3", due, "typo", amount=Decimal(200)),
        title("4", due, "fine"),
        title("5", date(2026, 10, 30), "not yet due on Saturday the 31st"),
    ]
    people = [contact("unflagged", accepts=False), contact("typo", phones="3442-01"), contact("fine")]
    found = october(*titles, contacts=people).unreachable
    assert [(each.code, each.why, each.amount) for each in found[:3]] == [
        ("unflagged", Why.NOT_FLAGGED, Decimal(300)),
        ("typo", Why.NO_PHONE, Decimal(200)),
        ("none", Why.NO_CONTACT, Decimal(100)),
    ]
    assert "fine" not in {each.code for each in found}


def test_a_row_that_cannot_be_read_is_left_out_and_counted() -> None:
    found = october(title(), title("2", problem="CLIENTE_NOME não pode ser lido."))
    assert found.left_out == 1
    assert {reminder.titles for reminder in found.reminders} == {1}


def test_the_order_of_the_titles_does_not_matter() -> None:
    titles = [title(str(number), date(2026, 10, 1 + number), f"C{number % 5}") for number in range(20)]
    people = [contact(f"C{number}", phones=f"49 98800-00{number:02d}") for number in range(5)]
    assert october(*titles, contacts=people) == october(*reversed(titles), contacts=people)


def test_a_month_still_running_is_looked_at_until_yesterday_and_one_to_come_not_at_all() -> None:
    november = Month.of(2026, 11, TODAY)
    assert (november.until, november.whole) == (date(2026, 11, 25), False)
    assert OCTOBER.whole
    assert len(october(title(), month=november).days) == 25
    with pytest.raises(ValueError, match="não começou"):
        Month.of(2026, 12, TODAY)
    with pytest.raises(ValueError, match="não começou"):
        Month.of(2026, 11, date(2026, 11, 1))
