"""The next day, forward or backward, that has an error: other days' files looked through on a working thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from integrator.desktop.logview.progress import Progress
from integrator.logs.days import log_days
from integrator.logs.errors import has_error
from integrator.messages.formatting import format_date


class Way(Enum):
    """Where to, from where one is."""

    LATER = "depois"
    EARLIER = "antes"

    def days(self, days: Iterable[date], beyond: date) -> list[date]:
        """Those that lie that way, the nearest first."""
        if self is Way.LATER:
            return sorted(day for day in days if day > beyond)
        return sorted((day for day in days if day < beyond), reverse=True)


@dataclass(frozen=True, slots=True)
class Found:
    """That day has one."""

    day: date


@dataclass(frozen=True, slots=True)
class NotFound:
    """No day that way has one; ``unread`` days could not be read."""

    unread: int


def find_day(folder: Path, beyond: date, way: Way, words: str, progress: Progress) -> Found | NotFound:
    """The nearest day that has an error with these words. Raises :class:`~.progress.Cancelled`."""
    files = {each.day: each.path for each in log_days(folder)}
    unread = 0
    for day in way.days(files, beyond):
        progress.at(0, f"Procurando erro em {format_date(day)}…")
        try:
            if has_error(files[day], words, lambda: progress.at(0)):
                return Found(day)
        except FileNotFoundError:  # an old day that was removed meanwhile
            continue
        except OSError:
            unread += 1
    return NotFound(unread)
