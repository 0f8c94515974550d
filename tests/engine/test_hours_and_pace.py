"""The real engine under a clock that skips the waits: hours, holidays, gaps, limits, lanes and sleep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from integrator.domain.message import Purpose
from integrator.gateways.simulator.process import RunningSimulator
from integrator.settings.calendar import CalendarSettings
from integrator.settings.sections import SendingSettings
from tools.faults_engine import EngineRun, SkippedClock, drive, engine_of, send_all
from tools.faults_shop import Shop, judge, key_of, phone_of

#: 2026-11-20, a Friday, is Dia da Consciência Negra; the Monday after it is a working day.
HOLIDAY = datetime(2026, 11, 20, 9)
MONDAY = datetime(2026, 11, 23, 9)
FRIDAY_EVENING = datetime(2026, 11, 27, 18, 54)


@pytest.fixture
def run(engine_run: EngineRun) -> EngineRun:
    """With the product's own calendar for a shop of Santa Catarina."""
    return replace(engine_run, start=MONDAY, calendar=CalendarSettings())


def queued(shop: Shop, rows: int, at: datetime, *, boleto: bool = False) -> None:
    """Debts (a bubble each, three with a boleto), queued at ``at`` by the ERP's clock."""
    for number in range(rows):
        row_id = shop.enqueue(number)
        shop.add_title(row_id, number, at.date() - timedelta(days=5), boleto=boleto)
        shop.release(key_of(number))
    shop.run("UPDATE WA_FILA SET CRIADO_EM = ?, ORDEM = ?", (at, at))


def rows_sent(simulator: RunningSimulator) -> list[tuple[datetime, datetime, str]]:
    """First bubble, last bubble and recipient of each row, in order."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for bubble in simulator.ledger().messages:
        first, _ = spans.get(bubble.to, (bubble.at, bubble.at))
        spans[bubble.to] = (first, bubble.at)
    return [(first, last, to) for to, (first, last) in spans.items()]


def gaps(spans: Sequence[tuple[datetime, datetime, str]]) -> list[float]:
    """Seconds from the last bubble of a row to the first of the next."""
    return [(later[0] - earlier[1]).total_seconds() for earlier, later in pairwise(spans)]


@pytest.mark.feature("G51")
def test_between_two_messages_pass_sixty_to_a_hundred_and_twenty_seconds(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    queued(shop, 12, MONDAY, boleto=True)

    send_all(run)

    found = gaps(rows_sent(simulator))
    assert len(found) == 11
    assert 60 <= min(found) <= max(found) <= 120
    assert len({round(gap) for gap in found}) > 5
    parts = [(last - first).total_seconds() for first, last, _ in rows_sent(simulator)]
    assert all(2 * 2 <= seconds <= 2 * 5 for seconds in parts)


@pytest.mark.feature("S33", "B02")
def test_friday_evening_stops_at_seven_and_goes_on_on_monday_at_eight(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    queued(shop, 8, FRIDAY_EVENING)

    send_all(replace(run, start=FRIDAY_EVENING, step_s=900))

    times = [first for first, _, _ in rows_sent(simulator)]
    friday = [at for at in times if at.date() == FRIDAY_EVENING.date()]
    monday = [at for at in times if at.date() == FRIDAY_EVENING.date() + timedelta(days=3)]
    assert friday
    assert monday
    assert len(friday) + len(monday) == 8
    assert max(friday).hour == 18
    assert (monday[0].hour, monday[0].minute) in {(8, minute) for minute in range(16)}


@pytest.mark.feature("B02", "S33")
def test_a_national_holiday_and_the_weekend_after_it_are_skipped(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    queued(shop, 1, HOLIDAY)

    send_all(replace(run, start=HOLIDAY, step_s=7200))

    assert [first.date() for first, _, _ in rows_sent(simulator)] == [MONDAY.date()]


@pytest.mark.feature("B02")
def test_a_finished_service_need_not_wait_for_the_collection_calendar(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    """On a Saturday the service order leaves, the debt waits for Monday."""
    saturday = datetime(2026, 11, 28, 10)
    queued(shop, 1, saturday)
    shop.enqueue(1, purpose=Purpose.SERVICE)
    shop.release(key_of(1))
    shop.run("UPDATE WA_FILA SET CRIADO_EM = ?", (saturday,))

    send_all(replace(run, start=saturday, step_s=3600))

    service, debt = rows_sent(simulator)
    assert (service[2], service[0].date()) == (f"55{phone_of(1)}", saturday.date())
    assert (debt[2], debt[0].weekday()) == (f"55{phone_of(0)}", 0)


def test_a_service_order_does_not_stand_behind_fifty_debts(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    queued(shop, 50, MONDAY)
    shop.enqueue(99, purpose=Purpose.SERVICE)
    shop.release(key_of(99))
    shop.run("UPDATE WA_FILA SET CRIADO_EM = ?", (MONDAY,))

    send_all(replace(run, ticks=6))

    assert rows_sent(simulator)[0][2] == f"55{phone_of(99)}"


@pytest.mark.feature("C20")
def test_the_daily_maximum_leaves_the_rest_for_the_next_day(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    queued(shop, 5, MONDAY)

    send_all(replace(run, sending=SendingSettings(daily_max=3)))

    days = [first.date().day for first, _, _ in rows_sent(simulator)]
    assert days == [23, 23, 23, 24, 24]


@pytest.mark.feature("C20")
def test_a_restart_does_not_begin_the_daily_count_anew(simulator: RunningSimulator, run: EngineRun, shop: Shop) -> None:
    queued(shop, 4, MONDAY)
    limited = replace(run, sending=SendingSettings(daily_max=2))
    send_all(replace(limited, ticks=30))

    send_all(replace(limited, start=MONDAY + timedelta(hours=5), folder=run.folder / "outro"))

    assert [first.date().day for first, _, _ in rows_sent(simulator)] == [23, 23, 24, 24]


@pytest.mark.feature("C21", "C22")
def test_after_a_batch_there_is_a_rest_and_both_limits_hold_together(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    queued(shop, 6, MONDAY)

    send_all(replace(run, sending=SendingSettings(daily_max=5, batch_size=2, batch_pause_min=15)))

    spans = rows_sent(simulator)
    short, long, short_again, long_again, night = gaps(spans)
    assert 60 <= min(short, short_again) <= max(short, short_again) <= 120
    assert 900 <= min(long, long_again) <= max(long, long_again) <= 930
    assert night > 12 * 3600


def test_a_pause_set_in_the_database_holds_everything_until_it_is_lifted(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    queued(shop, 2, MONDAY)
    shop.config("PAUSADO_ATE", "SEMPRE")
    clock = send_all(replace(run, ticks=10))
    paused = simulator.ledger().messages
    shop.config("PAUSADO_ATE", (clock.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S"))

    send_all(run, clock)

    assert paused == ()
    first, second = rows_sent(simulator)
    assert timedelta(hours=1) <= first[0] - MONDAY <= timedelta(hours=1, minutes=35)
    assert second[0] > first[0]


@pytest.mark.feature("S37")
def test_collection_begins_at_the_hour_that_the_erp_set(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    queued(shop, 1, MONDAY)
    shop.config("HORA_INICIO", "14:30")

    send_all(replace(run, step_s=900))

    ((first, _, _),) = rows_sent(simulator)
    assert datetime(2026, 11, 23, 14, 30) <= first <= datetime(2026, 11, 23, 15, 1)


def test_a_person_lets_collection_begin_before_that_hour_for_this_day_alone(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    queued(shop, 1, MONDAY)
    shop.config("HORA_INICIO", "14:30")
    shop.config("INICIO_LIBERADO", "2026-11-22")
    clock = send_all(replace(run, ticks=10))
    before = simulator.ledger().messages
    shop.config("INICIO_LIBERADO", "2026-11-23")

    send_all(run, clock)

    assert before == ()
    ((first, _, _),) = rows_sent(simulator)
    assert first < datetime(2026, 11, 23, 14, 30)


class _Lid(SkippedClock):
    """A computer that sleeps for twelve hours during the ``turn``-th wait that the engine asks for."""

    def __init__(self, start: datetime, turn: int, meanwhile: Callable[[], object]) -> None:
        super().__init__(start)
        self._left = turn
        self._meanwhile = meanwhile

    def sleep(self, seconds: float) -> bool:
        self._left -= 1
        if self._left == 0:
            self._meanwhile()
            return super().sleep(seconds + 12 * 3600)
        return super().sleep(seconds)


@pytest.mark.feature("B02", "S39")
@pytest.mark.parametrize("turn", range(1, 4))
def test_a_computer_that_slept_at_any_moment_sends_nothing_at_night_and_catches_up(
    turn: int, simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    """Twelve hours later it is nine in the evening; a row in hand whose lease ended waits for the morning, too."""
    queued(shop, 3, MONDAY)
    clock = _Lid(MONDAY, turn, meanwhile=shop.end_leases)

    with engine_of(run, clock) as (parts, _):
        drive(parts, clock, run)

    assert {bubble.at.hour for bubble in simulator.ledger().messages} <= set(range(8, 19))
    verdict = judge(shop.queue(), simulator.ledger())
    assert (len(verdict.sent), verdict.duplicates, verdict.lost) == (3, (), ())


def test_rows_dated_by_a_clock_that_ran_ahead_do_not_stop_the_queue(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    queued(shop, 1, MONDAY)
    send_all(replace(run, start=datetime(2031, 3, 3, 9)))
    row_id = shop.enqueue(7)
    shop.add_title(row_id, 7, MONDAY.date() - timedelta(days=5), boleto=False)
    shop.release(key_of(7))
    shop.run("UPDATE WA_FILA SET CRIADO_EM = ?", (MONDAY,))

    send_all(replace(run, ticks=20))

    assert key_of(7) in judge(shop.queue(), simulator.ledger()).sent


@pytest.mark.feature("B02", "S36", "S37", "S39")
def test_what_the_weekend_closing_queued_goes_out_on_monday(
    simulator: RunningSimulator, run: EngineRun, shop: Shop
) -> None:
    saturday_night = datetime(2026, 11, 28, 23, 50)
    queued(shop, 2, saturday_night)

    send_all(replace(run, start=saturday_night, step_s=1800))

    assert {first.date() for first, _, _ in rows_sent(simulator)} == {datetime(2026, 11, 30).date()}
