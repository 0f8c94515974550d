"""How Tk's thread learns that another one wants something of it: woken where the system can, else by looking often.

Tk can wait for a socket everywhere but on Windows. A signal is answered by Tk's thread, too, so it wakes it as well.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time
import tkinter as tk
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

#: Does what is queued, on Tk's thread; whether there was anything. Never raises.
Drain = Callable[[], bool]
#: A click that waits this long is not felt; each look costs even when nobody is there.
_LOOK_MS: Final = 150
#: Who did something is about to do more, and waits for what comes of it.
_LOOK_CLOSELY_MS: Final = 50
_CLOSELY_S: Final = 2.0
_BYTES: Final = 4096


class Waking(Protocol):
    """Made and closed on Tk's thread."""

    def ring(self) -> None:
        """Something was queued: ``drain`` is called soon. On any thread."""
        ...

    def close(self) -> None:
        """``drain`` is called no more."""
        ...


class Looking:
    """Looks again and again, more often for a while after something was there."""

    def __init__(self, root: tk.Misc, drain: Drain) -> None:
        self._root = root
        self._drain = drain
        self._closely_until = 0.0
        self._command = root.register(self._look)  # once: Tk's ``after`` would make a command anew for each look
        self._next = ""
        self._look()

    def ring(self) -> None:
        """It is seen at the next look."""

    def close(self) -> None:
        self._root.after_cancel(self._next)

    def _look(self) -> None:
        closely = time.monotonic() < self._closely_until
        # Before anything is done, which may wait for somebody inside of Tk.
        self._next = self._root.tk.call("after", _LOOK_CLOSELY_MS if closely else _LOOK_MS, self._command)
        if self._drain():
            self._closely_until = time.monotonic() + _CLOSELY_S


if sys.platform == "win32":

    def waking(root: tk.Misc, drain: Drain) -> Waking:
        """The best that this system has."""
        return Looking(root, drain)
else:

    class Wired:
        """Woken by a byte on a socket that Tk waits for."""

        def __init__(self, root: tk.Misc, drain: Drain) -> None:
            self._root = root
            self._drain = drain
            self._lock = threading.RLock()  # a signal's handler rings, too, maybe in the midst of a ring
            self._closed = False
            self._ear, self._bell = socket.socketpair()
            for end in (self._ear, self._bell):
                end.setblocking(False)
            root.tk.createfilehandler(self._ear, tk.READABLE, self._hear)
            self._signals_went_to = _send_signals_to(self._bell.fileno())

        def ring(self) -> None:
            with self._lock, suppress(BlockingIOError):  # full: it is ringing anyway
                if not self._closed:
                    self._bell.send(b".")

        def close(self) -> None:
            _send_signals_to(self._signals_went_to)
            self._root.tk.deletefilehandler(self._ear)
            with self._lock:
                self._closed = True
                self._ear.close()
                self._bell.close()

        def _hear(self, _file: object, _mask: int) -> None:
            with suppress(BlockingIOError):
                self._ear.recv(_BYTES)
            self._drain()

    def _send_signals_to(bell: int) -> int:
        """A signal rings there from now on; -1: nowhere. Where it rang before."""
        if threading.current_thread() is not threading.main_thread():
            return -1  # Tk's thread is the main one, but for a test that wants it otherwise
        return signal.set_wakeup_fd(bell, warn_on_full_buffer=False)

    def waking(root: tk.Misc, drain: Drain) -> Waking:
        """The best that this system has."""
        return Wired(root, drain)
