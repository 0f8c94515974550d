"""How far a long work is, told from its thread; and how the person ends it before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from integrator.desktop.logview.breath import Breath
from integrator.domain.errors import IntegratorError

_EVERY_S: Final = 0.1


class Cancelled(IntegratorError):
    """The person did not want to wait."""

    title = "Cancelado"


class Progress:
    """``tell`` is called on the work's thread with the part that is done (0 to 1) and what is being done."""

    def __init__(self, tell: Callable[[float, str], object]) -> None:
        self._tell = tell
        self._cancelled = threading.Event()
        self._breath = Breath()
        self._told = 0.0

    def at(self, part: float, doing: str = "") -> None:
        """So far. Raises :class:`Cancelled` when that is enough."""
        if self._cancelled.is_set():
            raise Cancelled("Nada foi gravado.")
        self._breath.take()
        now = time.monotonic()
        if doing or now - self._told > _EVERY_S:
            self._told = now
            self._tell(part, doing)

    def cancel(self) -> None:
        """From any thread."""
        self._cancelled.set()
