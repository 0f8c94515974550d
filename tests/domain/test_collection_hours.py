"""A state's law narrows the hours of collection, and nobody may set wider ones."""

from __future__ import annotations

from datetime import time

import pytest

from integrator.domain.calendar import Hours, Week
from integrator.domain.collection_hours import DEFAULT_COLLECTION_WEEK, collection_week
from integrator.domain.errors import SettingsError

LAWFUL_STATES = ["SP", "RJ", "ES", "AM", "AL"]


def hours(start: int, end: int) -> Hours:
    return Hours(time(start), time(end))


@pytest.mark.feature("B02")
@pytest.mark.parametrize(
    ("uf", "weekdays"),
    [
        ("", (8, 19)),
        ("SC", (8, 19)),
        ("SP", (8, 19)),
        ("RJ", (9, 19)),
        ("ES", (8, 19)),
        ("AM", (8, 19)),
        ("AL", (8, 19)),
    ],
)
def test_without_any_setting_collection_goes_on_weekdays_within_the_states_law(
    uf: str, weekdays: tuple[int, int]
) -> None:
    assert collection_week(uf) == Week.of(hours(*weekdays))


@pytest.mark.parametrize("uf", ["SP", "AL"])
def test_a_shop_may_widen_up_to_its_states_law(uf: str) -> None:
    widest = Week.of(hours(8, 20), saturday=hours(8, 14))
    assert collection_week(uf, widest) == widest


@pytest.mark.parametrize(
    ("uf", "week", "day", "law"),
    [
        ("SP", Week.of(hours(8, 21)), "segunda-feira", "Lei 15.426/2014"),
        ("SP", Week.of(hours(8, 19), saturday=hours(8, 15)), "sábado", "Lei 15.426/2014"),
        ("RJ", Week.of(hours(8, 18)), "segunda-feira", "Lei 7.868/2018"),
        ("RJ", Week.of(hours(9, 19), saturday=hours(9, 12)), "sábado", "Lei 7.868/2018"),
        ("ES", Week.of(hours(7, 19)), "segunda-feira", "Lei 10.626/2017"),
        ("AM", Week.of(hours(8, 20)), "segunda-feira", "Lei 306/2016"),
        ("AL", Week.of(hours(8, 19), sunday=hours(8, 12)), "domingo", "Lei 7.782/2016"),
    ],
)
def test_hours_wider_than_the_law_are_refused_naming_it(uf: str, week: Week, day: str, law: str) -> None:
    with pytest.raises(SettingsError, match=law) as refused:
        collection_week(uf, week)
    assert day in refused.value.message
    assert "[calendario.cobranca]" in refused.value.message


@pytest.mark.parametrize("uf", LAWFUL_STATES)
def test_no_state_with_a_law_allows_holidays(uf: str) -> None:
    with pytest.raises(SettingsError, match="feriados"):
        collection_week(uf, on_holidays=True)


@pytest.mark.feature("S33")
def test_where_no_law_sets_hours_the_shop_decides_weekends_included() -> None:
    wanted = Week.of(hours(7, 21), saturday=hours(8, 12), sunday=hours(8, 12))
    assert collection_week("SC", wanted, on_holidays=True) == wanted


def test_hours_narrower_than_the_law_are_kept() -> None:
    wanted = Week.of(hours(10, 12))
    assert collection_week("RJ", wanted) == wanted


def test_the_default_has_no_weekend() -> None:
    assert DEFAULT_COLLECTION_WEEK.days[5:] == (None, None)
