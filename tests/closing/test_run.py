"""One closing from the ERP's debts to the queue's rows, in memory."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from integrator.closing.ports import Memory, Queued
from integrator.closing.reasons import Why
from integrator.closing.result import ClosingResult
from integrator.closing.run import Moment, run_closing
from integrator.domain.errors import DatabaseUnavailable
from tests.closing.fakes import FakeOutbox, FakeSource
from tests.closing.world import LONG_AGO, bank_day, contact, debt, notice, november, policy, send_day

NIGHT = datetime.combine(november(11), time(22, 30))
FIRING = november(9)
SINCE = datetime(2026, 11, 10)


def close(
    source: FakeSource, outbox: FakeOutbox, *, at: datetime = NIGHT, dry_run: bool = False, **changes: object
) -> ClosingResult:
    moment = Moment(at, send_day(november(12)), SINCE)
    return run_closing(source, outbox, policy(**changes), moment, dry_run=dry_run)


def crowd(count: int) -> FakeSource:
    codes = [f"{number:04}" for number in range(count)]
    return FakeSource([debt(FIRING, customer=code) for code in codes], [contact(code) for code in codes])


@pytest.mark.feature("S36")
def test_a_closing_fills_the_queue_in_small_transactions_and_ends_its_record_last() -> None:
    source, outbox = crowd(120), FakeOutbox()
    source.all_notices = [notice()]
    result = close(source, outbox)
    assert outbox.batches == [50, 50, 21]
    assert outbox.done == ["remember 8", "companies 1", "activate 2026-11-12", "closed 22:30 2026-11-12"]
    assert (result.messages, result.titles, result.amount) == (121, 120, Decimal("12000.00"))
    assert result.queued == {Queued.NEW: 121}
    assert list(outbox.rows)[-1] == "doc|1"


@pytest.mark.feature("S39")
def test_a_second_run_changes_nothing() -> None:
    source, outbox = crowd(3), FakeOutbox()
    close(source, outbox)
    rows = dict(outbox.rows)
    result = close(source, outbox)
    assert (result.messages, result.queued) == (0, {})
    assert outbox.rows == rows
    assert result.skipped[Why.IN_QUEUE].customers == 3


def test_a_failure_half_way_leaves_whole_transactions_and_the_next_run_completes_them() -> None:
    source, outbox = crowd(120), FakeOutbox(fail_after=1)
    with pytest.raises(DatabaseUnavailable):
        close(source, outbox)
    assert len(outbox.rows) == 50
    assert outbox.done == ["remember 8", "companies 1"]
    outbox.fail_after = None
    result = close(source, outbox)
    assert (result.messages, len(outbox.rows)) == (70, 120)


def test_a_dry_run_writes_nothing_and_names_everybody() -> None:
    source, outbox = crowd(2), FakeOutbox()
    source.all_debts = [*source.all_debts, debt(FIRING, customer="0009")]
    result = close(source, outbox, dry_run=True)
    assert (outbox.rows, outbox.done) == ({}, ["remember 8"])
    assert [(item.customer, item.phone, item.step) for item in result.chosen] == [
        ("Cliente 0000", "(49) 9****-0187", "vencido 3"),
        ("Cliente 0001", "(49) 9****-0187", "vencido 3"),
    ]
    assert [item.customer.code for item in result.details] == ["0009"]
    assert result.queued == {}


def test_a_real_run_keeps_no_names() -> None:
    result = close(crowd(2), FakeOutbox())
    assert (result.chosen, result.details) == ((), ())


def test_held_messages_are_counted() -> None:
    source = crowd(1)
    source.all_debts = [debt(FIRING, customer="0000", problem="A coluna VALOR não pode ser lida.")]
    result = close(source, FakeOutbox())
    assert (result.held, result.queued) == (1, {Queued.HELD: 1})


def test_the_erp_is_asked_for_all_that_may_matter_and_no_more() -> None:
    source = FakeSource()
    close(source, FakeOutbox())
    # Friday the 13th is the next send day: a reminder three days before may speak of the 15th; five days are listed.
    assert source.asked["debts"] == (date(2021, 11, 13), november(17), november(12))


def test_the_memory_covers_the_interval_between_reminders() -> None:
    from datetime import timedelta

    outbox = FakeOutbox()
    close(FakeSource(), outbox, min_interval=timedelta(days=10))
    assert outbox.done[0] == "remember 11"


# Documents, birthdays, cashback


def test_documents_are_asked_for_since_their_moment_and_birthdays_of_the_day_on_which_they_leave() -> None:
    source = FakeSource()
    close(source, FakeOutbox())
    assert source.asked["documents"] == source.asked["occasions"] == (SINCE, november(12))


@pytest.mark.parametrize(
    ("changes", "why"), [({"accepts": False}, Why.NOT_FLAGGED), ({"phones": "3322"}, Why.NO_PHONE)]
)
def test_a_notice_for_nobody_is_told(changes: dict[str, object], why: Why) -> None:
    result = close(FakeSource(all_notices=[notice(**changes)]), FakeOutbox())
    assert list(result.skipped) == [why]


def test_a_notice_that_waits_already_is_left_alone_and_one_with_a_problem_is_held() -> None:
    source = FakeSource(all_notices=[notice(key="a"), notice(key="b", problem="A coluna TIPO não pode ser lida.")])
    result = close(source, FakeOutbox(memory=Memory(waiting={"a": frozenset()}, since=LONG_AGO)))
    assert result.queued == {Queued.HELD: 1}
    assert list(result.skipped) == [Why.IN_QUEUE]


# The bank's return


@pytest.mark.parametrize(
    ("read", "night", "stale"),
    [
        (9, 11, False),  # Monday, closed on Wednesday: two bank days
        (6, 11, True),  # Friday: Monday, Tuesday and Wednesday went by
        (17, 20, False),  # the holiday does not count
        (17, 22, False),
        (17, 23, True),
    ],
)
def test_an_old_bank_return_is_told(read: int, night: int, stale: bool) -> None:
    source = FakeSource(bank_return=datetime(2026, 11, read, 9, 15))
    result = close(source, FakeOutbox(), at=datetime.combine(november(night), time(22, 30)))
    assert bool(result.warning) is stale
    assert not stale or f"é de {read:02}/11/2026" in result.warning


def test_a_profile_that_does_not_tell_its_bank_return_is_not_warned() -> None:
    assert close(FakeSource(), FakeOutbox()).warning == ""


def test_the_log_counts_and_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    close(crowd(1), FakeOutbox())
    (record,) = [item for item in caplog.records if item.name == "integrator.closing.run"]
    assert "action=closing_done" in str(record.msg)
    assert "Cliente" not in str(record.msg)
    assert "0187" not in str(record.msg)


def test_bank_days_in_these_tests_skip_the_holiday() -> None:
    assert bank_day(november(20)) == november(23)
