"""A server that stopped answering (frozen process, dead network) may not hold our threads for ever.

The client library waits without end, in a statement, in a commit and even in a detach. Two guards:

* :class:`Watchdog` frees the thread of an open attachment. ``with watchdog:`` stands around every call to the server;
  a call that outlasts the patience is aborted from a thread of the watchdog's own, and fails there as a lost
  connection. The connection is cut, not the statement cancelled, because only cutting works whatever the server's
  state; a server that is merely slow drops the statement when it sees its client gone.
* :class:`Opening` attaches in a thread of its own, because an attachment that is not yet open has nothing to abort.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

_NEVER = float("inf")


class Closeable(Protocol):
    def close(self) -> None: ...


T = TypeVar("T", bound=Closeable)


class Watchdog:
    """Calls ``abort`` when a ``with`` block of it lasts longer than ``patience_s`` seconds; :attr:`fired` then says so.

    Costs two lock operations per block: its thread, started by the first block, sleeps through blocks that end in
    time and is woken only where an earlier deadline comes up. Blocks do not nest. ``abort`` may not block.
    """

    def __init__(self, abort: Callable[[], None], patience_s: float) -> None:
        self.patience_s = patience_s
        self.fired = False
        self._abort = abort
        self._deadline = self._awake_at = _NEVER
        self._closed = False
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition(threading.Lock())

    def __enter__(self) -> None:
        with self._changed:
            self._deadline = time.monotonic() + self.patience_s
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._watch, name="banco-vigia", daemon=True)
                self._thread.start()
            elif self._deadline < self._awake_at:
                self._changed.notify()

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._deadline = _NEVER

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                left = self._deadline - time.monotonic()
                if left <= 0:
                    # The lock is held meanwhile: the call that is aborted is the one that waited too long.
                    self.fired = True
                    self._deadline = _NEVER
                    self._abort()
                    continue
                self._awake_at = self._deadline
                self._changed.wait(min(left, threading.TIMEOUT_MAX) if left < _NEVER else None)


class Opening(Generic[T]):
    """One ``open_`` under way in a thread of its own. What opens after nobody waits any more is closed at once."""

    def __init__(self, open_: Callable[[], T]) -> None:
        self._open = open_
        self._wanted = True
        self._opened: T | None = None
        self._failure: BaseException | None = None
        self._changed = threading.Condition(threading.Lock())
        self.over = False
        threading.Thread(target=self._run, name="banco-conexão", daemon=True).start()

    def result(self, limit_s: float) -> T:
        """What was opened, or its failure raised. :class:`TimeoutError` after ``limit_s`` seconds: ask again later."""
        with self._changed:
            self._wanted = True
            self._changed.wait_for(lambda: self.over, limit_s)
            self._wanted = False
            if self._failure is not None:
                raise self._failure
            if self._opened is None:
                raise TimeoutError(f"no answer in {limit_s:g} s")
            return self._opened

    def _run(self) -> None:
        opened: T | None = None
        failure: BaseException | None = None
        try:
            opened = self._open()
        except BaseException as error:  # whoever waits raises it
            failure = error
        with self._changed:
            taken = self._wanted
            self._opened = opened if taken else None
            self._failure = failure
            self.over = True
            self._changed.notify_all()
        if opened is not None and not taken:
            opened.close()
