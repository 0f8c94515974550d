"""Days on which a bill can be paid at a bank: what falls due on another day may be paid on the next one."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

from integrator.sending.holidays_br import BrazilianHolidays

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_ASH_WEDNESDAY: Final = "Quarta-feira de Cinzas"


def next_bank_day(day: date) -> date:
    """The first day not before ``day`` on which a bill can be paid at a bank without delay."""
    while not is_bank_day(day):
        day += _DAY
    return day


def is_bank_day(day: date) -> bool:
    """Whether banks serve the public, in the whole country.

    Not on weekends, national holidays, Carnaval, Corpus Christi and the last weekday of the year (what falls due then
    may be paid on the next bank day); on Ash Wednesday and on 24 December they open for some hours. Source: Resolução
    CMN 2.932/2002 and 4.880/2020; FEBRABAN's yearly notices. Municipal holidays are unknown here.
    """
    if day.weekday() >= _SATURDAY or day == _last_weekday(day.year):
        return False
    holiday = _holidays()(day)
    return holiday is None or holiday == _ASH_WEDNESDAY or (day.month, day.day) == (12, 24)


def _last_weekday(year: int) -> date:
    day = date(year, 12, 31)
    return day - max(0, day.weekday() - _SATURDAY + 1) * _DAY


@cache
def _holidays() -> BrazilianHolidays:
    return BrazilianHolidays("", optional=True)
