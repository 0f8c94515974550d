"""A sender number as the guard sees it: how long it was in use, whom it may write to today, and what warned of it.

Pure rules; :mod:`integrator.sending.caps` applies them and ``journal/senders.py`` remembers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: Cold contacts of a new number on its first day, and how they grow with each day on which it sends.
FIRST_DAY: Final = 20
GROWTH: Final = 1.5
#: Days of sending older than this no longer make a number an old one.
MEMORY_DAYS: Final = 30
#: A second sign within this time stops the number.
SIGNS_TOGETHER: Final = timedelta(days=7)
#: How long no cold contact is written to after the first sign, where WhatsApp did not say.
COLD_PAUSE: Final = timedelta(hours=24)


class Contact(StrEnum):
    """Whether a person ever wrote to the shop, as in ``WA_FILA.CONTATO``."""

    KNOWN = "C"
    COLD = "F"


class Used(StrEnum):
    """What the shop said of a number when it was paired; never asked counts as new."""

    UNKNOWN = ""
    NEW = "novo"
    IN_USE = "em_uso"


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing leaves by the number until a person resumes it. ``why`` in Portuguese."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class SenderRecord:
    """What is kept of a number (E.164 digits). All moments are naive local time.

    ``failures``: parts in a row that were refused or are in doubt. ``signs``: when WhatsApp restricted it lately.
    """

    number: str
    first_seen: datetime
    used: Used = Used.UNKNOWN
    failures: int = 0
    signs: tuple[datetime, ...] = ()
    cold_until: datetime | None = None
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class DayUse:
    """How many contacts a number wrote to on one day, and on how many earlier days of the last month it sent."""

    known: int = 0
    cold: int = 0
    days_before: int = 0

    def joined(self, other: DayUse) -> DayUse:
        """What two witnesses know, whichever of them knows more."""
        return DayUse(
            max(self.known, other.known), max(self.cold, other.cold), max(self.days_before, other.days_before)
        )

    def of(self, contact: Contact) -> int:
        """How many of that kind."""
        return self.known if contact is Contact.KNOWN else self.cold


def cold_limit(used: Used, days_before: int, cap: int) -> int:
    """Cold contacts that a number may write to today: ``cap`` when it was in use with customers, else growing to it."""
    if used is Used.IN_USE:
        return cap
    grown = FIRST_DAY * GROWTH ** min(days_before, MEMORY_DAYS)
    return min(cap, math.floor(grown))


def signs_stop(earlier: tuple[datetime, ...], now: datetime) -> bool:
    """Whether a sign at ``now`` is the second one within :data:`SIGNS_TOGETHER`."""
    return any(now - SIGNS_TOGETHER < at <= now for at in earlier)
