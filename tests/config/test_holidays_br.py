"""Brazil's holidays, national and of the state, in Portuguese."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, time, timedelta

import pytest
from holidays import country_holidays

from integrator.domain.calendar import UFS, Hours, OwnHoliday, Week
from integrator.sending.holidays_br import BrazilianHolidays, build_calendar

CARNAVAL = date(2026, 2, 17)
CORPUS_CHRISTI = date(2026, 6, 4)


@pytest.mark.feature("B02")
@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "Confraternização Universal"),
        (date(2026, 4, 3), "Sexta-feira Santa"),
        (date(2026, 9, 7), "Independência do Brasil"),
        (date(2026, 11, 20), "Dia Nacional de Zumbi e da Consciência Negra"),
        (date(2027, 12, 25), "Natal"),
    ],
)
def test_national_holidays_are_known_in_any_state(day: date, name: str) -> None:
    assert BrazilianHolidays()(day) == name
    assert BrazilianHolidays("SC")(day) == name


@pytest.mark.feature("B02")
def test_a_states_holiday_closes_that_state_only() -> None:
    revolution = date(2026, 7, 9)
    assert BrazilianHolidays("SP")(revolution) == "Revolução Constitucionalista"
    assert BrazilianHolidays("RJ")(revolution) is None


@pytest.mark.parametrize("day", [CARNAVAL, CORPUS_CHRISTI, date(2026, 12, 24), date(2026, 12, 31)])
def test_optional_days_are_holidays_only_if_asked_for(day: date) -> None:
    assert BrazilianHolidays("SC", optional=True)(day)
    assert BrazilianHolidays("SC", optional=False)(day) is None


def test_the_civil_servants_day_is_a_working_day_for_shops() -> None:
    assert BrazilianHolidays("SC", optional=True)(date(2026, 10, 28)) is None


@pytest.mark.parametrize("uf", [*sorted(UFS), "sc", "XX", ""])
def test_every_state_is_known_and_an_unknown_one_has_the_national_holidays(uf: str) -> None:
    assert BrazilianHolidays(uf)(date(2026, 12, 25)) == "Natal"


def test_a_calendar_for_holidays_too_stays_open_on_them() -> None:
    week = Week.of(Hours(time(8), time(20)))
    own = (OwnHoliday(12, 23, name="Balanço"),)
    closed = build_calendar(week, "SC", on_holidays=False, optional=True, own=own)
    opened = build_calendar(week, "SC", on_holidays=True, optional=True, own=own)
    for day in (23, 24, 25):
        assert closed.why_closed(datetime(2026, 12, day, 10)).startswith("feriado: ")
        assert opened.is_open(datetime(2026, 12, day, 10))


@pytest.mark.parametrize("uf", sorted(UFS))
def test_brazil_imported_alone_answers_as_the_whole_library_does(uf: str) -> None:
    ours = BrazilianHolidays(uf, optional=False)
    theirs = country_holidays("BR", subdiv=uf, years=range(2025, 2032), language="pt_BR")
    days = [date(2025, 1, 1) + timedelta(days=offset) for offset in range(7 * 365)]
    assert [ours(day) for day in days] == [theirs.get(day) for day in days]


def test_the_library_is_imported_when_a_date_is_asked_and_only_brazil_of_it() -> None:
    code = (
        "import sys; from datetime import date; from integrator.sending.holidays_br import BrazilianHolidays; "
        "calendar = BrazilianHolidays('SC'); print('holidays' in sys.modules); "
        "print(calendar(date(2026, 12, 25)), calendar(date(2027, 1, 1)), 'holidays.countries' in sys.modules); "
        "import holidays; print(len(holidays.country_holidays('AR', years=2026)) > 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "False\nNatal Confraternização Universal False\nTrue\n"
