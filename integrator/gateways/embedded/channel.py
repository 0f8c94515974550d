"""The worker's side of the pipes: the protocol owns them, whatever a library prints goes to the error output."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from integrator.gateways.embedded.protocol import (
    News,
)
from integrator.gateways.embedded.wire import encode, without_numbers

_OUT: Final = 1
_ERR: Final = 2
_LONGEST_LINE: Final = 300


class Channel:
    """News for the daemon, written in order by a thread of its own, so that nobody waits for the pipe."""

    def __init__(self) -> None:
        self._pipe = os.dup(_OUT)
        os.dup2(_ERR, _OUT)
        if sys.platform == "win32":
            _redirect_on_windows()
        self._queue: SimpleQueue[tuple[News, threading.Event | None]] = SimpleQueue()
        threading.Thread(target=self._write, name="news", daemon=True).start()

    def tell(self, news: News) -> None:
        """Returns at once."""
        self._queue.put((news, None))

    def tell_and_wait(self, news: News, patience_s: float = 2.0) -> None:
        """Returns when it is written, or after that time."""
        written = threading.Event()
        self._queue.put((news, written))
        written.wait(patience_s)

    def _write(self) -> None:
        while True:
            news, written = self._queue.get()
            rest = memoryview(encode(news))
            while rest:
                try:
                    rest = rest[os.write(self._pipe, rest) :]
                except OSError:
                    os._exit(0)  # the daemon is gone
            if written is not None:
                written.set()


def complain(text: str) -> None:
    """A line for the error output, without anything that could be a number of somebody."""
    line = without_numbers(" ".join(text.split()))[:_LONGEST_LINE]
    os.write(_ERR, line.encode("utf-8", "replace") + b"\n")


def take_folder(folder: str) -> None:
    """Work in the session's folder, with files that are private.

    The library is then given a plain name: in a whole path it stumbles over ``#``, ``?`` and ``%``.
    """
    os.umask(0o077)
    Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chdir(folder)


if sys.platform == "win32":
    import ctypes

    _STD_OUTPUT = -11
    _STD_ERROR = -12

    def _redirect_on_windows() -> None:
        """The library asks Windows for the output's handle, not the C runtime for its number."""
        kernel = ctypes.windll.kernel32
        kernel.GetStdHandle.restype = ctypes.c_void_p
        kernel.SetStdHandle.argtypes = (ctypes.c_ulong, ctypes.c_void_p)
        kernel.SetStdHandle(_STD_OUTPUT & 0xFFFFFFFF, kernel.GetStdHandle(_STD_ERROR & 0xFFFFFFFF))
