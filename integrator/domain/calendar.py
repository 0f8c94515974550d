"""When messages may go: hours per weekday, holidays and the states' laws on collection hours.

All instants are naive local time, read from the wall clock at each question; sleep, a changed clock and daylight
saving therefore need no case of their own. What is due waits for :meth:`Calendar.next_open`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from integrator.domain.errors import SettingsError

WEEKDAYS: Final = (
    "segunda-feira",
    "terça-feira",
    "quarta-feira",
    "quinta-feira",
    "sexta-feira",
    "sábado",
    "domingo",
)
#: The states and the Federal District, by region.
UFS: Final = frozenset(
    uf
    for region in ("AC AM AP PA RO RR TO", "AL BA CE MA PB PE PI RN SE", "DF GO MS MT", "ES MG RJ SP", "PR RS SC")
    for uf in region.split()
)
_HORIZON_DAYS: Final = 366
_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time(0)
_OWN_HOLIDAY = re.compile(r"(?:(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)/(\d\d?)(?:/(\d{4}))?)(?:\s+(.*))?")
_LEAP_YEAR: Final = 2024


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening from ``start`` (included) to ``end`` (excluded) of one day; an ``end`` of 00:00 is the end of the day.

    Raises ``ValueError`` when nothing lies between them.
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end != _MIDNIGHT and self.end <= self.start:
            raise ValueError("o fim do horário precisa ser depois do início")

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing instants on ``day``."""
        last = day + _DAY if self.end == _MIDNIGHT else day
        return datetime.combine(day, self.start), datetime.combine(last, self.end)

    def within(self, other: Hours) -> bool:
        """Whether ``other`` covers these hours."""
        return other.start <= self.start and _end_minute(self.end) <= _end_minute(other.end)

    def __str__(self) -> str:
        end = "24:00" if self.end == _MIDNIGHT else f"{self.end:%H:%M}"
        return f"das {self.start:%H:%M} às {end}"


@dataclass(frozen=True, slots=True)
class Week:
    """Hours of the seven weekdays, Monday first; ``None`` is a closed day."""

    days: tuple[Hours | None, ...]

    def __post_init__(self) -> None:
        if len(self.days) != len(WEEKDAYS):
            raise ValueError("a semana tem sete dias")

    @classmethod
    def of(cls, weekdays: Hours | None, saturday: Hours | None = None, sunday: Hours | None = None) -> Week:
        """A week with equal hours from Monday to Friday."""
        return cls((weekdays, weekdays, weekdays, weekdays, weekdays, saturday, sunday))

    def hours(self, day: date) -> Hours | None:
        return self.days[day.weekday()]

    def limited_to(self, law: Week) -> Week:
        """These hours, cut to what ``law`` allows."""
        return Week(tuple(_overlap(mine, allowed) for mine, allowed in zip(self.days, law.days, strict=True)))


@dataclass(frozen=True, slots=True)
class OwnHoliday:
    """A closed day of the shop's own list: every year, or in ``year`` only."""

    month: int
    day: int
    year: int | None = None
    name: str = "feriado próprio"

    def falls_on(self, day: date) -> bool:
        return (day.month, day.day) == (self.month, self.day) and self.year in (None, day.year)


def parse_own_holiday(text: str) -> OwnHoliday:
    """``25/12``, ``20/11/2026`` or ``2026-11-20``, each with an optional name after it. Raises ``ValueError``."""
    match = _OWN_HOLIDAY.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"não entendi a data “{text}”: escreva 25/12, 20/11/2026 ou 2026-11-20, e o nome se quiser")
    iso_year, iso_month, iso_day, day, month, year, name = match.groups()
    chosen = iso_year or year
    try:
        at = date(int(chosen or _LEAP_YEAR), int(iso_month or month), int(iso_day or day))
    except ValueError:
        raise ValueError(f"a data “{text}” não existe") from None
    return OwnHoliday(at.month, at.day, int(chosen) if chosen else None, name or "feriado próprio")


def no_holidays(_day: date) -> str | None:
    """For calendars that stay open on holidays."""
    return None


@dataclass(frozen=True, slots=True)
class Calendar:
    """A week, less holidays: ``holidays`` names the holiday of a date or returns ``None``; ``own`` is the shop's."""

    week: Week
    holidays: Callable[[date], str | None] = field(default=no_holidays)
    own: tuple[OwnHoliday, ...] = ()

    def is_open(self, at: datetime) -> bool:
        opening = self._opening(at.date())
        return opening is not None and opening[0] <= at < opening[1]

    def why_closed(self, at: datetime) -> str:
        """The reason in Portuguese, without a full stop; empty when open."""
        if self.is_open(at):
            return ""
        hours = self.week.hours(at.date())
        if hours is None:
            return f"{WEEKDAYS[at.weekday()]} não é dia de envio"
        holiday = self._holiday(at.date())
        return f"feriado: {holiday}" if holiday else f"fora do horário de envio, hoje {hours}"

    def next_open(self, after: datetime) -> datetime:
        """The first open instant not before ``after``.

        Raises :class:`SettingsError` when no day of the next twelve months is open.
        """
        for offset in range(_HORIZON_DAYS):
            opening = self._opening(after.date() + offset * _DAY)
            if opening is not None and after < opening[1]:
                return max(after, opening[0])
        raise SettingsError(
            "O calendário não tem nenhum dia de envio nos próximos 12 meses. "
            "Confira a seção [calendario] do config.toml."
        )

    def open_until(self, at: datetime) -> datetime:
        """When the opening of ``at``, or the next one, ends; the end of the day at the latest."""
        opening = self._opening(self.next_open(at).date())
        if opening is None:
            raise AssertionError("next_open answered a closed day")
        return opening[1]

    def open_seconds(self, start: datetime, end: datetime) -> float:
        """Seconds open between two instants; 0 when ``end`` is not after ``start``."""
        total = 0.0
        day = start.date()
        while day <= end.date():
            opening = self._opening(day)
            if opening is not None:
                total += max(0.0, (min(end, opening[1]) - max(start, opening[0])).total_seconds())
            day += _DAY
        return total

    def _opening(self, day: date) -> tuple[datetime, datetime] | None:
        hours = self.week.hours(day)
        return None if hours is None or self._holiday(day) else hours.on(day)

    def _holiday(self, day: date) -> str | None:
        own = next((holiday.name for holiday in self.own if holiday.falls_on(day)), None)
        return own or self.holidays(day)


def forecast_end(
    now: datetime, count: int, mean_gap_s: float, daily_max: int, calendar: Calendar, sent_today: int = 0
) -> datetime:
    """When the last of ``count`` messages leaves, if the first leaves at the next open instant.

    ``daily_max`` of 0 is no limit; ``sent_today`` counts against it on the day of ``now``. Returns ``now`` for no
    message. Raises :class:`SettingsError` as :meth:`Calendar.next_open`.
    """
    at, left = now, count
    while left > 0:
        at = calendar.next_open(at)
        closes = calendar.open_until(at)
        room = left if mean_gap_s <= 0 else math.ceil((closes - at).total_seconds() / mean_gap_s)
        if daily_max:
            room = min(room, max(0, daily_max - (sent_today if at.date() == now.date() else 0)))
        if left <= room:
            return at + timedelta(seconds=(left - 1) * max(0.0, mean_gap_s))
        left -= room
        at = datetime.combine(at.date() + _DAY, _MIDNIGHT)
    return now


def _end_minute(end: time) -> int:
    return 24 * 60 if end == _MIDNIGHT else end.hour * 60 + end.minute


def _overlap(mine: Hours | None, allowed: Hours | None) -> Hours | None:
    if mine is None or allowed is None:
        return None
    start, end = max(mine.start, allowed.start), min(mine.end, allowed.end, key=_end_minute)
    return Hours(start, end) if end == _MIDNIGHT or start < end else None
