"""A clock that skips the waits: the demo lives a whole working day in seconds."""

from __future__ import annotations

from datetime import datetime, timedelta


class SkippingClock:
    """Stands still between waits; a sleep moves it on at once. Implements :class:`integrator.sending.ports.Clock`."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> bool:
        self._now += timedelta(seconds=seconds)
        return True
