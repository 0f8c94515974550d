"""Moments as a tray icon says them: short, and with the day only when it is another one. Pure."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

_DAYS: Final = ("seg", "ter", "qua", "qui", "sex", "sáb", "dom")


def moment(when: datetime, now: datetime) -> str:
    """``08:00``, ``amanhã 08:00`` or ``seg 23/11 08:00``."""
    days = (when.date() - now.date()).days
    if days <= 0:
        return f"{when:%H:%M}"
    if days == 1:
        return f"amanhã {when:%H:%M}"
    return f"{_DAYS[when.weekday()]} {when:%d/%m %H:%M}"


def pause_end(until: datetime, now: datetime) -> str:
    """``até 14:30``, ``até amanhã`` for the rest of today, ``até alguém retomar`` for ``datetime.max``."""
    if until == datetime.max:
        return "até alguém retomar"
    if until.time() == time.min and (until.date() - now.date()).days == 1:
        return "até amanhã"
    return f"até {moment(until, now)}"
