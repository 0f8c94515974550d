"""The wall clock of the engine (implements :class:`integrator.sending.ports.Clock`)."""

from __future__ import annotations

import threading
from datetime import datetime


class SystemClock:
    """Local time; its sleeps end at once when ``stop`` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def now(self) -> datetime:
        return datetime.now()

    def sleep(self, seconds: float) -> bool:
        return not self._stop.wait(seconds)
