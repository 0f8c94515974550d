"""Messages go on the days and hours of the calendar, and what waits goes at the next opening."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrator.domain.calendar import Calendar, Hours, OwnHoliday, Week, forecast_end, parse_own_holiday
from integrator.domain.errors import SettingsError

COMMERCIAL = Hours(time(8), time(19))
MONDAY = date(2026, 11, 16)
FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)


def zumbi(day: date) -> str | None:
    return "Consciência Negra" if (day.month, day.day) == (11, 20) else None


WEEKDAYS_ONLY = Calendar(Week.of(COMMERCIAL))
WITH_HOLIDAY = Calendar(Week.of(COMMERCIAL), zumbi)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


@st.composite
def opening_hours(draw: st.DrawFn) -> Hours | None:
    start, end = sorted(draw(st.lists(st.integers(0, 24 * 4 - 1), min_size=2, max_size=2, unique=True)))
    return draw(st.sampled_from([None, Hours(time(start // 4, start % 4 * 15), time(end // 4, end % 4 * 15))]))


weeks = st.tuples(*[opening_hours()] * 7).filter(any).map(Week)
closed_days = st.frozensets(st.dates(date(2026, 11, 1), date(2026, 12, 31)), max_size=20)
calendars = st.builds(
    lambda week, closed: Calendar(week, lambda day: "feriado" if day in closed else None), weeks, closed_days
)
instants = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 31))


def test_it_opens_at_the_first_minute_and_closes_at_the_last() -> None:
    assert not WEEKDAYS_ONLY.is_open(at(MONDAY, 7, 59))
    assert WEEKDAYS_ONLY.is_open(at(MONDAY, 8))
    assert WEEKDAYS_ONLY.is_open(at(MONDAY, 18, 59))
    assert not WEEKDAYS_ONLY.is_open(at(MONDAY, 19))


@pytest.mark.feature("S33")
def test_a_weekend_waits_for_monday() -> None:
    assert WEEKDAYS_ONLY.next_open(at(SATURDAY, 10)) == at(SATURDAY + timedelta(days=2), 8)


@pytest.mark.feature("S33")
def test_a_shop_may_still_send_at_the_weekend() -> None:
    every_day = Calendar(Week.of(COMMERCIAL, COMMERCIAL, COMMERCIAL))
    assert every_day.is_open(at(SATURDAY, 10))
    assert every_day.is_open(at(SATURDAY + timedelta(days=1), 10))


def test_a_missed_slot_is_caught_up_at_once_inside_the_hours() -> None:
    assert WEEKDAYS_ONLY.next_open(at(MONDAY, 11, 17)) == at(MONDAY, 11, 17)


def test_after_hours_before_a_holiday_weekend_the_next_opening_is_monday() -> None:
    assert WITH_HOLIDAY.next_open(at(FRIDAY - timedelta(days=1), 19)) == at(FRIDAY + timedelta(days=3), 8)


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (at(MONDAY, 10), ""),
        (at(MONDAY, 20), "fora do horário de envio, hoje das 08:00 às 19:00"),
        (at(SATURDAY, 10), "sábado não é dia de envio"),
        (at(FRIDAY, 10), "feriado: Consciência Negra"),
    ],
)
def test_it_says_why_it_is_closed(moment: datetime, reason: str) -> None:
    assert WITH_HOLIDAY.why_closed(moment) == reason


def test_the_shops_own_days_are_closed_under_their_name() -> None:
    calendar = Calendar(Week.of(COMMERCIAL), own=(OwnHoliday(11, 16, name="Aniversário da cidade"),))
    assert calendar.why_closed(at(MONDAY, 10)) == "feriado: Aniversário da cidade"


@pytest.mark.parametrize(
    ("text", "holiday"),
    [
        ("25/12", OwnHoliday(12, 25)),
        ("25/07 Aniversário da cidade", OwnHoliday(7, 25, name="Aniversário da cidade")),
        ("2026-11-20", OwnHoliday(11, 20, 2026)),
        ("20/11/2026 Balanço", OwnHoliday(11, 20, 2026, "Balanço")),
        ("29/02", OwnHoliday(2, 29)),
    ],
)
def test_own_holidays_are_written_as_people_write_dates(text: str, holiday: OwnHoliday) -> None:
    assert parse_own_holiday(text) == holiday


def test_a_date_of_one_year_is_closed_in_that_year_only() -> None:
    assert OwnHoliday(11, 20, 2026).falls_on(date(2026, 11, 20))
    assert not OwnHoliday(11, 20, 2026).falls_on(date(2027, 11, 20))
    assert OwnHoliday(11, 20).falls_on(date(2027, 11, 20))


@pytest.mark.parametrize("text", ["31/02", "2026-02-29", "natal", "1/2/3", ""])
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="data"):
        parse_own_holiday(text)


def test_midnight_as_the_end_is_the_end_of_the_day() -> None:
    calendar = Calendar(Week.of(Hours(time(0), time(0))))
    assert calendar.is_open(at(MONDAY, 23, 59))
    assert calendar.open_until(at(MONDAY, 12)) == at(MONDAY + timedelta(days=1), 0)


@pytest.mark.parametrize(("start", "end"), [(time(8), time(8)), (time(19), time(8))])
def test_hours_that_hold_nothing_are_refused(start: time, end: time) -> None:
    with pytest.raises(ValueError, match="depois do início"):
        Hours(start, end)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="sete dias"):
        Week((COMMERCIAL,))


@pytest.mark.parametrize("calendar", [Calendar(Week.of(None)), Calendar(Week.of(COMMERCIAL), lambda _: "feriado")])
def test_a_calendar_that_never_opens_is_a_wrong_setting(calendar: Calendar) -> None:
    with pytest.raises(SettingsError, match="nenhum dia de envio"):
        calendar.next_open(at(MONDAY, 10))


@pytest.mark.feature("B02")
@given(calendars, instants)
def test_the_next_opening_is_open_and_everything_before_it_is_closed(calendar: Calendar, moment: datetime) -> None:
    opening = calendar.next_open(moment)
    assert opening >= moment
    assert calendar.is_open(opening)
    assert calendar.open_seconds(moment, opening) == 0
    assert calendar.is_open(moment) == (opening == moment) == (calendar.why_closed(moment) == "")


@given(calendars, instants)
def test_it_is_open_until_the_end_and_no_longer(calendar: Calendar, moment: datetime) -> None:
    end = calendar.open_until(moment)
    assert calendar.is_open(end - timedelta(microseconds=1))
    assert calendar.open_seconds(calendar.next_open(moment), end) == (end - calendar.next_open(moment)).total_seconds()


@given(calendars, st.lists(instants, min_size=3, max_size=3))
def test_open_seconds_add_up(calendar: Calendar, moments: list[datetime]) -> None:
    first, middle, last = sorted(moments)
    parts = calendar.open_seconds(first, middle) + calendar.open_seconds(middle, last)
    assert calendar.open_seconds(first, last) == pytest.approx(parts)
    assert 0 <= calendar.open_seconds(first, last) <= (last - first).total_seconds()


def one_by_one(now: datetime, count: int, gap: float, daily_max: int, calendar: Calendar, sent_today: int) -> datetime:
    """The forecast as a pump would live it."""
    moment, left, sent = now, now, {now.date(): sent_today}
    for _ in range(count):
        moment = calendar.next_open(moment)
        while daily_max and sent.get(moment.date(), 0) >= daily_max:
            moment = calendar.next_open(datetime.combine(moment.date() + timedelta(days=1), time(0)))
        sent[moment.date()] = sent.get(moment.date(), 0) + 1
        left = moment
        moment += timedelta(seconds=gap)
    return left


@given(
    calendars, instants, st.integers(0, 60), st.sampled_from([0, 90, 1800, 7200]), st.integers(0, 9), st.integers(0, 9)
)
def test_the_forecast_agrees_with_sending_one_by_one(
    calendar: Calendar, now: datetime, count: int, gap: int, daily_max: int, sent_today: int
) -> None:
    expected = one_by_one(now, count, gap, daily_max, calendar, sent_today)
    assert forecast_end(now, count, gap, daily_max, calendar, sent_today) == expected


def test_a_night_of_200_rows_ends_the_same_afternoon() -> None:
    assert forecast_end(at(MONDAY, 2), 200, 90, 400, WEEKDAYS_ONLY) == at(MONDAY, 8) + timedelta(seconds=199 * 90)


def test_the_daily_maximum_moves_the_rest_to_the_next_day() -> None:
    tuesday = MONDAY + timedelta(days=1)
    assert forecast_end(at(MONDAY, 8), 11, 90, 10, WEEKDAYS_ONLY) == at(tuesday, 8)
