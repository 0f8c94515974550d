"""Lets a worker (engine or rehearsal) go on only while the installation stands as it did when the worker was built."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from integrator.domain.errors import ErpDatabaseError
from integrator.installation.standing import Asks, Cause, Standing
from integrator.logs import log_event

log = logging.getLogger(__name__)


class Worker(Protocol):
    """What a ticker drives."""

    def tick(self) -> None: ...

    def stop(self) -> None: ...


class Watch:
    """Asks before each tick; once the answer differs, ``changed`` is set and the worker is not called again.

    So an authorisation that was given is acted on at the next tick without a restart, and one that went to another
    computer stops this one. A database that is away cannot be asked: the worker meets it, too, and reports it.
    """

    def __init__(self, worker: Worker, ask: Callable[[], Standing], began: Standing, changed: threading.Event) -> None:
        self._worker = worker
        self._ask = ask
        self._began = began
        self._changed = changed

    def tick(self) -> None:
        """Never raises what the worker does not raise."""
        if not self._changed.is_set() and not self._differs():
            self._worker.tick()

    def stop(self) -> None:
        self._worker.stop()

    def _differs(self) -> bool:
        try:
            now = self._ask()
        except (ErpDatabaseError, OSError) as error:
            log.debug("standing unknown: %r", error)
            return False
        if _cause(now) is _cause(self._began):
            return False
        log_event(log, "standing_changed", reason=now.reason if isinstance(now, Asks) else "authorised")
        self._changed.set()
        return True


def _cause(standing: Standing) -> Cause | None:
    """Why it asks; the names in the sentence may change without anything to begin anew for."""
    return standing.cause if isinstance(standing, Asks) else None
