"""Brazilian holidays for the calendar, from the ``holidays`` library: national, of the state and optional ones.

The library is imported at the first date asked, and of its 250 countries only Brazil: 45 ms and 4 MB instead of
100 ms and 12 MB. Each year is computed once. Municipal holidays are not in it: they belong in the shop's own list.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from integrator.domain.calendar import UFS, Calendar, OwnHoliday, Week, no_holidays

if TYPE_CHECKING:
    from holidays.countries.brazil import Brazil

#: A day off of civil servants only: shops and banks work.
_CIVIL_SERVANTS: Final = "Dia do Servidor Público"
_importing = threading.Lock()


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
        found = _brazil()(
            subdiv=self._uf if self._uf in UFS else None,
            years=year,
            language="pt_BR",
            categories=self._categories,
        )
        return {day: name for day, name in found.items() if name != _CIVIL_SERVANTS}


def _brazil() -> type[Brazil]:
    """The library's class for Brazil, imported alone.

    The package ``holidays.countries`` imports every country when it is imported itself; an empty stand-in for it lets
    the one module in. It is taken away at once, so that anybody else finds the whole package.
    """
    import holidays

    package = "holidays.countries"
    with _importing:
        if package not in sys.modules:
            stand_in = ModuleType(package)
            stand_in.__path__ = [str(Path(holidays.__file__).parent / "countries")]
            sys.modules[package] = stand_in
            try:
                importlib.import_module(f"{package}.brazil")
            finally:
                del sys.modules[package]
        country: type[Brazil] = sys.modules[f"{package}.brazil"].Brazil
    return country


def build_calendar(week: Week, uf: str, *, on_holidays: bool, optional: bool, own: tuple[OwnHoliday, ...]) -> Calendar:
    """A purpose's calendar; with ``on_holidays`` it stays open on every holiday, the shop's own included."""
    if on_holidays:
        return Calendar(week, no_holidays)
    return Calendar(week, BrazilianHolidays(uf, optional=optional), own)
