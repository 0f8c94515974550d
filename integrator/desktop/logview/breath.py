"""Rests of a working thread, so that Tk's is not kept waiting for the interpreter.

Tk gives the interpreter up at every call and gets it back only when the other thread lets go of it; one that computes
without rest lets go every few milliseconds, and a window with a hundred calls to make would stand still.
"""

from __future__ import annotations

import time
from typing import Final

_SLICE_S: Final = 0.003
_REST_S: Final = 0.001


class Breath:
    """Of one thread."""

    def __init__(self) -> None:
        self._rested = time.monotonic()

    def take(self) -> None:
        """Rest a moment if the last rest was some milliseconds ago: to be called often."""
        if time.monotonic() - self._rested > _SLICE_S:
            time.sleep(_REST_S)
            self._rested = time.monotonic()
