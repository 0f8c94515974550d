"""One try of a connection, seen from the window: a process of its own, bounded and cancelled at any moment."""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Final

from integrator.desktop.connection.trial_child import ARGUMENT
from integrator.desktop.connection.wire import (
    Action,
    End,
    Found,
    News,
    Refused,
    Request,
    Step,
    read_event,
    request_line,
)
from integrator.domain.errors import IntegratorError
from integrator.logs import log_event
from integrator.program import command

log = logging.getLogger(__name__)

#: Seconds until nobody waits longer: a test is looked at by somebody, an installation waits for tables in use.
LIMITS: Final = {Action.TEST: 15.0, Action.INSTALL: 300.0, Action.USER: 40.0}
_NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # exists on Windows alone
_BROKEN: Final = (
    "O teste parou antes do fim. Tente de novo; se continuar, veja no antivírus se ele barrou o Integrador, ou troque "
    "a biblioteca cliente."
)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody ended it."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing came within ``limit_s`` seconds; the process was ended."""

    limit_s: float


Outcome = End | Cancelled | Silent


class Trial:
    """:meth:`run` is called once, on a thread that may wait; :meth:`cancel` from any other."""

    def __init__(self, starting: Sequence[str] | None = None, limit_s: float | None = None) -> None:
        self._starting = list(starting) if starting is not None else command(ARGUMENT)
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False
        self._late = False

    def run(self, request: Request, heard: Callable[[News], object]) -> Outcome:
        """What came of it; ``heard`` is called on this thread. Raises :class:`IntegratorError` when it never began."""
        limit_s = self._limit_s or LIMITS[request.action]
        process = self._started()
        if process is None:
            return Cancelled()
        timer = threading.Timer(limit_s, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            end = self._conversation(process, request, heard)
        finally:
            timer.cancel()
            _buried(process)
        detail = end.detail if isinstance(end, Refused) else None
        log_event(log, "connection_trial", of=request.action.name.lower(), end=type(end).__name__, detail=detail)
        if end is not None:
            return end
        if self._cancelled:
            return Cancelled()
        return Silent(limit_s) if self._late else Refused(_BROKEN, f"exit code {process.returncode}")

    def cancel(self) -> None:
        """End it, whatever it waits for; one that has not begun never does."""
        with self._lock:
            self._cancelled = True
            if self._process is not None:
                self._process.kill()

    def _give_up(self) -> None:
        self._late = True
        if self._process is not None:
            self._process.kill()

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._cancelled:
                return None
            try:
                self._process = subprocess.Popen(
                    self._starting,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    creationflags=_NO_WINDOW,
                )
            except OSError as error:
                raise IntegratorError(_BROKEN, detail=repr(error)) from error
            return self._process

    def _conversation(
        self, process: subprocess.Popen[bytes], request: Request, heard: Callable[[News], object]
    ) -> End | None:
        """None when the process ended without a last word."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(request_line(request))
            process.stdin.flush()
        except OSError:
            return None  # ended, or was ended, before it read
        return _listened(process.stdout, heard)


def _listened(output: IO[bytes], heard: Callable[[News], object]) -> End | None:
    for line in output:
        try:
            event = read_event(line)
        except (ValueError, KeyError, TypeError):
            continue  # a library said something of its own
        if not isinstance(event, Step | Found):
            return event
        if isinstance(event, Found) and event.finding.detail:
            log_event(log, "connection_finding", check=event.finding.id, detail=event.finding.detail)
        heard(event)
    return None


def _buried(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):  # what was not written has no reader any more
                stream.close()
    process.wait()
