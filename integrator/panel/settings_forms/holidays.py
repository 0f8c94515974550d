"""The year's holidays as a list, and the shop's own ones in ``config.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from integrator.domain.calendar import WEEKDAYS, OwnHoliday, parse_own_holiday
from integrator.domain.errors import SettingsError
from integrator.sending.holidays_br import BrazilianHolidays
from integrator.settings import Settings
from integrator.settings.editing import put

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

PATH: Final = ("calendario", "feriados_proprios")
LONGEST_NAME: Final = 60
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closed:
    """One closed day of a year. ``own`` is the text that names it in a form to take it away; empty for the others."""

    day: date
    name: str
    kind: str
    own: str = ""

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.weekday()]


def year_of(settings: Settings, uf: str, year: int) -> tuple[Closed, ...]:
    """The days of ``year`` that are holidays for the shop, in order; its own ones first where two fall on one day."""
    chosen = settings.calendar
    optional = chosen.optional_holidays
    public = [Closed(day, name, kind) for day, name, kind in _public(uf, year) if optional or kind != _OPTIONAL]
    own = [
        Closed(day, holiday.name, "da loja", as_text(holiday))
        for holiday in chosen.own_holidays
        if (day := _on(holiday, year)) is not None
    ]
    return tuple(sorted((*own, *public), key=lambda closed: (closed.day, not closed.own)))


def elsewhere(settings: Settings, year: int) -> tuple[tuple[str, str], ...]:
    """Own holidays of other years alone: the text that names each, and as people read it."""
    return tuple(
        (as_text(holiday), f"{holiday.day:02}/{holiday.month:02}/{holiday.year} {holiday.name}")
        for holiday in settings.calendar.own_holidays
        if holiday.year is not None and holiday.year != year
    )


def as_text(holiday: OwnHoliday) -> str:
    """As ``feriados_proprios`` has it."""
    year = f"/{holiday.year}" if holiday.year else ""
    return f"{holiday.day:02}/{holiday.month:02}{year} {holiday.name}"


def new_holiday(day: str, name: str, *, every_year: bool) -> OwnHoliday:
    """From a form; ``day`` is ISO. Raises :class:`SettingsError`."""
    try:
        at = date.fromisoformat(day)
    except ValueError:
        raise SettingsError("Escolha o dia do feriado.") from None
    told = " ".join(name.split())
    if len(told) > LONGEST_NAME:
        raise SettingsError(f"O nome do feriado tem no máximo {LONGEST_NAME} letras.")
    year = "" if every_year else f"/{at.year}"
    return parse_own_holiday(f"{at.day:02}/{at.month:02}{year} {told}")


def add(document: TOMLDocument, holiday: OwnHoliday) -> None:
    """Write one more; on a day that the list has already it takes the place of that one."""
    others = [text for text in _written(document) if not _same_day(parse_own_holiday(text), holiday)]
    put(document, PATH, [*others, as_text(holiday)])


def take(document: TOMLDocument, text: str) -> None:
    """Take away the one that :func:`as_text` names so. Raises :class:`SettingsError` when it is not there."""
    written = _written(document)
    left = [each for each in written if as_text(parse_own_holiday(each)) != text]
    if len(left) == len(written):
        raise SettingsError("Esse feriado já não está na lista. Veja a página de novo.")
    put(document, PATH, left)


def _written(document: TOMLDocument) -> list[str]:
    section: Any = document.get(PATH[0], {})
    return [str(text) for text in section.get(PATH[1], [])]


def _same_day(first: OwnHoliday, second: OwnHoliday) -> bool:
    return (first.month, first.day, first.year) == (second.month, second.day, second.year)


def _on(holiday: OwnHoliday, year: int) -> date | None:
    if holiday.year not in (None, year):
        return None
    try:
        return date(year, holiday.month, holiday.day)
    except ValueError:  # 29 February
        return None


_OPTIONAL: Final = "ponto facultativo"


@lru_cache(maxsize=8)
def _public(uf: str, year: int) -> tuple[tuple[date, str, str], ...]:
    national, public, every = (
        BrazilianHolidays(optional=False),
        BrazilianHolidays(uf, optional=False),
        BrazilianHolidays(uf),
    )
    found = []
    day = date(year, 1, 1)
    while day.year == year:
        name = every(day)
        if name is not None:
            kind = "nacional" if national(day) else f"estadual ({uf})" if public(day) else _OPTIONAL
            found.append((day, name, kind))
        day += _DAY
    return tuple(found)
