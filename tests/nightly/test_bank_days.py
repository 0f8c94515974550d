"""On which days a bill can be paid at a bank, by the calendar that banks published."""

from __future__ import annotations

from datetime import date

import pytest

from integrator.sending.bank_days import is_bank_day, next_bank_day


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 23),
        date(2026, 2, 18),  # Ash Wednesday: from noon on
        date(2026, 12, 24),  # some hours in the morning
        date(2025, 12, 30),
        date(2026, 10, 28),  # civil servants rest, banks do not
    ],
)
def test_banks_open(day: date) -> None:
    assert is_bank_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 21),
        date(2026, 11, 22),
        date(2026, 11, 20),  # Consciência Negra
        date(2026, 2, 16),
        date(2026, 2, 17),
        date(2026, 6, 4),  # Corpus Christi
        date(2026, 12, 25),
        date(2026, 12, 31),
        date(2022, 12, 30),  # the last weekday of a year that ended on a Saturday
        date(2023, 12, 29),  # … and on a Sunday
        date(2027, 1, 1),
    ],
)
def test_banks_are_closed(day: date) -> None:
    assert not is_bank_day(day)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 19), date(2026, 11, 19)),
        (date(2026, 11, 20), date(2026, 11, 23)),
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2026, 2, 14), date(2026, 2, 18)),
    ],
)
def test_what_falls_due_on_a_closed_day_may_be_paid_on_the_next_open_one(day: date, expected: date) -> None:
    assert next_bank_day(day) == expected
