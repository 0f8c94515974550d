"""Rung when there may be something to tell; the thread that tells it sleeps beside it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from integrator.panel.premises import Panel

_lock: Final = threading.Lock()
_bells: Final[WeakKeyDictionary[Panel, threading.Event]] = WeakKeyDictionary()


def bell(panel: Panel) -> threading.Event:
    """The bell of those premises; the same one for all who ask."""
    with _lock:
        return _bells.setdefault(panel, threading.Event())
