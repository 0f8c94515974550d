"""Brazilian holidays for the calendar, from the ``holidays`` library: national, of the state and optional ones.

The library is imported at the first date asked (about 60 ms, 4 MB, and 8 MB more for the country's rules), and each
year is computed once. Municipal holidays are not in it: they belong in the shop's own list.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from integrator.domain.calendar import UFS, Calendar, OwnHoliday, Week, no_holidays

#: A day off of civil servants only: shops and banks work.
_CIVIL_SERVANTS: Final = "Dia do Servidor Público"


class BrazilianHolidays:
    """The name in Portuguese of the holiday of a date, or ``None``: what :class:`Calendar` asks for.

    ``uf`` adds a state's holidays (empty: national ones only); ``optional`` adds the *pontos facultativos* on which
    banks do not work: Carnaval, Ash Wednesday, Corpus Christi, 24 and 31 December. Threads may share one.
    """

    def __init__(self, uf: str = "", *, optional: bool = True) -> None:
        self._uf = uf.upper()
        self._categories = ("public", "optional") if optional else ("public",)
        self._years: dict[int, Mapping[date, str]] = {}

    def __call__(self, day: date) -> str | None:
        if day.year not in self._years:
            self._years[day.year] = self._compute(day.year)
        return self._years[day.year].get(day)

    def _compute(self, year: int) -> Mapping[date, str]:
        from holidays import country_holidays

        found = country_holidays(
            "BR",
            subdiv=self._uf if self._uf in UFS else None,
            years=year,
            language="pt_BR",
            categories=self._categories,
        )
        return {day: name for day, name in found.items() if name != _CIVIL_SERVANTS}


def build_calendar(week: Week, uf: str, *, on_holidays: bool, optional: bool, own: tuple[OwnHoliday, ...]) -> Calendar:
    """A purpose's calendar; with ``on_holidays`` it stays open on every holiday, the shop's own included."""
    if on_holidays:
        return Calendar(week, no_holidays)
    return Calendar(week, BrazilianHolidays(uf, optional=optional), own)
