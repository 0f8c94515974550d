"""Keeps one worker alive: starts it, listens whether it lives, and starts another when it ended.

A worker that cannot connect, hangs or lost its hearing is replaced, after a pause that doubles each time; where only a
person or time can help, none is started. There is never more than one, and none while no session needs it.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from integrator.domain.errors import GatewayError
from integrator.gateways.embedded import session
from integrator.gateways.embedded.child import Child, WorkerGone, WorkerSilent
from integrator.gateways.embedded.protocol import (
    VERSION,
    End,
    Ended,
    Hello,
    LogOut,
    Named,
    News,
    Scan,
    Situation,
    Start,
    Stop,
)
from integrator.gateways.embedded.standing import FINAL, Standing
from integrator.logs import log_event
from integrator.sending.gateway import GatewayState

log = logging.getLogger(__name__)

_FAULTS_TO_TELL: Final = 5
_UNLINK_S: Final = 10.0
_CLOSED: Final = "A conexão deste número está sendo aberta de novo. Espere um instante e tente outra vez."


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds. ``ping``: between two heartbeats; ``silent``: without any the worker is dead; ``offline``: after that
    long without connection a fresh worker tries; ``steady``: after that long connected earlier troubles are forgotten.
    ``answer``: WhatsApp's to a message; the library itself gives up after 75.
    """

    ping: float = 20.0
    silent: float = 60.0
    offline: float = 300.0
    steady: float = 60.0
    first_pause: float = 1.0
    longest_pause: float = 300.0
    stop: float = 3.0
    answer: float = 90.0


class Supervisor:
    """One worker at a time. ``spawn`` starts one that tells its news to what it is given."""

    def __init__(
        self,
        spawn: Callable[[Callable[[News], None]], Child],
        start: Start,
        standing: Standing,
        hear: Callable[[News], None],
        now: Callable[[], datetime],
        rhythm: Rhythm,
    ) -> None:
        self._spawn = spawn
        self._start = start
        self._standing = standing
        self._hear = hear
        self._now = now
        self._rhythm = rhythm
        self._random = random.Random()
        self._stopping = threading.Event()
        self._look = threading.Event()
        self._child: Child | None = None
        self._connected_at: float | None = None
        self._thread: threading.Thread | None = None
        self._turning = threading.Lock()
        self._closed = False

    @property
    def child(self) -> Child | None:
        """The worker that runs now."""
        return self._child

    @property
    def active(self) -> bool:
        """Whether a worker runs or is going to be started again."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin, in the background. Nothing happens when it runs. Raises :class:`GatewayError` once it was closed."""
        with self._turning:
            if self._closed:
                raise GatewayError(_CLOSED)
            if not self.active:
                self._stopping.clear()
                self._thread = threading.Thread(target=self._run, name="whatsapp", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the worker; on return none runs."""
        with self._turning:
            self._stopping.set()
            self._look.set()
            if self._thread is not None:
                self._thread.join()
                self._thread = None

    def close(self) -> None:
        """End the worker; none is ever started again, whoever is just asking for one."""
        self._closed = True
        self.stop()

    def restart(self) -> None:
        """Replace the worker: nobody knows any more what it is doing."""
        child = self._child
        if child is not None:
            child.kill()

    def _run(self) -> None:
        faults = 0
        pause: float | None = 0.0
        while pause is not None and not self._stopping.wait(pause):
            try:
                child = self._spawn(self._take)
            except OSError as error:
                self._standing.ended(End.NO_LIBRARY.value, repr(error))
                return
            why, detail = self._attend(child)
            faults = 0 if self._was_steady() else faults + 1
            if self._stopping.is_set():
                return
            log_event(log, "whatsapp_worker_ended", level=logging.WARNING, why=why, detail=detail, in_a_row=faults)
            pause = self._pause(why, detail, faults)

    def _attend(self, child: Child) -> tuple[str, str]:
        """Until the worker is no more; why, and what it said."""
        self._connected_at = None
        self._standing.trying()
        self._child = child
        log_event(log, "whatsapp_worker_started", pid=child.pid)
        try:
            child.post(self._start)
            self._watch(child)
        except WorkerGone:
            child.ended.wait(self._rhythm.stop)
        finally:
            self._child = None
            child.kill()
        words = child.last_words or Ended(End.FAULT.value)
        return words.why, " ".join(part for part in (words.detail, child.complaints) if part)

    def _watch(self, child: Child) -> None:
        rhythm = self._rhythm
        alone_since = time.monotonic()
        while not child.ended.is_set():
            if self._look.wait(rhythm.ping):
                self._look.clear()
            if self._stopping.is_set():
                self._let_go(child)
                return
            view, now = self._standing.view(), time.monotonic()
            if view.state is GatewayState.CONNECTED or view.waiting:
                alone_since = now
            if view.unlink:
                _unlink(child, Path(self._start.folder))
            if view.state in FINAL or now - alone_since > rhythm.offline or now - child.heard_at > rhythm.silent:
                return
            child.ping()

    def _let_go(self, child: Child) -> None:
        try:
            child.post(Stop(), self._rhythm.stop)
        except WorkerGone:
            return
        child.ended.wait(self._rhythm.stop)

    def _take(self, news: News) -> None:
        """On the worker's reading thread."""
        match news:
            case Hello() if news.version != VERSION:
                self._standing.hear(Situation(GatewayState.OUTDATED.value, detail=f"worker speaks {news.version}"))
            case Situation() | Scan() | Named():
                self._standing.hear(news)
                connected = self._standing.view().state is GatewayState.CONNECTED
                self._connected_at = (self._connected_at or time.monotonic()) if connected else self._connected_at
            case Ended():
                self._standing.lost()
        self._hear(news)
        if isinstance(news, Ended) or self._standing.view().state in FINAL:
            self._look.set()

    def _was_steady(self) -> bool:
        return self._connected_at is not None and time.monotonic() - self._connected_at > self._rhythm.steady

    def _pause(self, why: str, detail: str, faults: int) -> float | None:
        """Seconds until the next worker; None when none would help."""
        waited_for_phone = self._standing.view().waiting
        self._standing.ended(why, detail)
        view = self._standing.view()
        if view.state is GatewayState.BANNED and view.until is not None:
            return max(self._rhythm.first_pause, (view.until - self._now()).total_seconds())
        if why == End.IN_USE.value and not waited_for_phone:
            return self._rhythm.longest_pause
        if view.state in FINAL or waited_for_phone:
            return None
        if faults >= _FAULTS_TO_TELL and why == End.FAULT.value:
            self._standing.failing(detail)
        doubled = self._rhythm.first_pause * 2.0 ** min(faults - 1, 20)
        return min(self._rhythm.longest_pause, doubled) * self._random.uniform(0.8, 1.2)


def _unlink(child: Child, folder: Path) -> None:
    """Take the device off the wrong phone, as far as it can be reached, and forget its session."""
    try:
        talk = child.ask(LogOut)
        talk.next(_UNLINK_S)
    except (WorkerGone, WorkerSilent) as error:
        log_event(log, "wrong_phone_not_unlinked", level=logging.WARNING, detail=str(error))
    child.kill()
    try:
        session.delete(folder)
    except GatewayError as error:
        log_event(log, "session_not_deleted", level=logging.ERROR, detail=error.detail)
