"""The thread that looks for changes made elsewhere: by the engine, the ERP, another integrator, a text editor.

It lives only while somebody has a page open: without listeners there is no query and no wake-up.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

log = logging.getLogger(__name__)

_OFTEN_S: Final = 3.0
#: After ten quiet minutes the database is let go between two looks: a page forgotten open stands in nobody's way.
_SELDOM_S: Final = 15.0
_QUIET_S: Final = 600.0
_LET_GO_S: Final = 1.0


class Watcher:
    """Calls ``look`` every few seconds, and ``tell`` with the topics that changed. Used by any thread."""

    def __init__(self, look: Callable[[], set[str]], tell: Callable[..., None], *, often_s: float = _OFTEN_S) -> None:
        self._look = look
        self._tell = tell
        self._often_s = often_s
        self._lock = threading.Lock()
        self._bell = threading.Event()
        self._listeners = 0
        self._thread: threading.Thread | None = None
        self._closed = False
        self._quiet_since = 0.0

    def join(self) -> None:
        """Somebody listens from now on."""
        with self._lock:
            self._listeners += 1
            self._quiet_since = time.monotonic()
            if self._thread is None and not self._closed:
                self._bell.clear()
                self._thread = threading.Thread(target=self._run, name="painel-vigia", daemon=True)
                self._thread.start()
        self._bell.set()

    def leave(self) -> None:
        """That one listens no more."""
        with self._lock:
            self._listeners -= 1
        self._bell.set()

    def close(self) -> None:
        """Stop looking; a look that hangs on a frozen server is not waited for."""
        with self._lock:
            self._closed = True
            thread = self._thread
        self._bell.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join(_LET_GO_S)

    @property
    def alive(self) -> bool:
        """Whether the thread exists now."""
        with self._lock:
            return self._thread is not None

    def _run(self) -> None:
        while not self._over():
            self._bell.clear()
            try:
                changed = self._look()
            except Exception:
                # The top of a thread: a defect of ours makes pages less lively, and is in the log.
                log.exception("action=defect")
                changed = set()
            if changed:
                self._quiet_since = time.monotonic()
                self._tell(*sorted(changed))
            quiet = time.monotonic() - self._quiet_since > _QUIET_S
            self._bell.wait(_SELDOM_S if quiet else self._often_s)

    def _over(self) -> bool:
        with self._lock:
            if self._listeners > 0 and not self._closed:
                return False
            self._thread = None
            return True
