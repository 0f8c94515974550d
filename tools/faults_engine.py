"""The product's own engine in a process that may be killed at a chosen point, under a clock that skips the waits.

Used by the tests of the engine and by :mod:`tools.faults`. Nothing of the engine is replaced: it is built by
:func:`integrator.app.build`; a :class:`Kill` only wraps one method so that the process dies there, at once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

from integrator.app import JOURNAL_FILE, Parts, build
from integrator.domain.errors import IntegratorError
from integrator.domain.lifecycle import State
from integrator.domain.sender import Used
from integrator.erp.connection import Target
from integrator.erp.desk import Desk
from integrator.erp.queue import FirebirdQueue
from integrator.gateways.simulator.client import SimulatorGateway
from integrator.gateways.simulator.wire import read_card
from integrator.journal.senders import SenderBook
from integrator.journal.store import SqliteJournal
from integrator.policies import pace_of
from integrator.sending.compose import Composer
from integrator.sending.pace import Pace
from integrator.settings import Settings
from integrator.settings.calendar import CalendarSettings, CollectionHours
from integrator.settings.contents import DocumentSettings, MessageSettings
from integrator.settings.sections import (
    DatabaseSettings,
    QueueSettings,
    SendingSettings,
    WhatsAppSettings,
)

PASSWORD_VARIABLE = "INTEGRATOR_SENHA"
TICK_S = 20.0
_MOVING = (State.PENDING, State.RESERVED, State.SENDING)
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows os.kill ends the process with any other signal, too
_FREEZE = getattr(signal, "SIGSTOP", None)
_LONGEST_STEP_S = 3 * 3600.0


class SkippedClock:
    """Starts at ``start`` and moves only by being slept on or pushed: an engine's night passes in seconds."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> bool:
        self._now += timedelta(seconds=seconds)
        return True


class Point(Enum):
    """Where an engine may be killed, in the order of the main job: method, and when in relation to its call."""

    AFTER_RESERVE = (FirebirdQueue, "reserve", "after")
    AFTER_COMPOSE = (Composer, "compose", "after")
    BEFORE_SENDING = (FirebirdQueue, "begin", "before")
    AFTER_SENDING = (FirebirdQueue, "begin", "after")
    AFTER_INTENT = (SqliteJournal, "intend", "after")
    AFTER_REPLY = (SimulatorGateway, "send", "after")
    BEFORE_ANSWER = (SqliteJournal, "answer", "before")
    AFTER_ANSWER = (SqliteJournal, "answer", "after")
    BETWEEN_PARTS = (Pace, "part_gap_s", "after")
    BEFORE_RECORDING = (FirebirdQueue, "finish", "before")
    AFTER_RECORDING = (FirebirdQueue, "finish", "after")


@dataclass(frozen=True, slots=True)
class Kill:
    """The process dies at the ``turn``-th passage of ``point`` (a reservation that found no row does not count).

    ``freeze``: it stands still instead until somebody sends SIGCONT, as a computer that was put to sleep.
    """

    point: Point
    turn: int = 1
    freeze: bool = False


#: Monday to Friday with holidays, so that a test's day is open whenever it is run.
WORKDAYS = CalendarSettings(collection=CollectionHours(on_holidays=True))


@dataclass(frozen=True, slots=True)
class EngineRun:
    """One run of an engine: database, data folder, simulator's folder, and how it is set.

    ``step_s`` is what the clock is pushed by between two ticks: a long one brings nights and weekends to pass quickly;
    no tick comes at ``until`` or later.
    ``lease_s`` may be shorter than the settings allow, because tests wait for leases to end. ``patience_s`` is how
    long (real time) leftovers of others and a database that is away are waited for.
    """

    target: Target
    folder: Path
    simulator: Path
    start: datetime
    instance: str = "principal"
    lease_s: int = 300
    doubt_age_s: float = 90.0
    sending: SendingSettings = field(default_factory=SendingSettings)
    documents: DocumentSettings = field(default_factory=DocumentSettings)
    messages: MessageSettings = field(default_factory=MessageSettings)
    calendar: CalendarSettings = WORKDAYS
    timeout_s: float = 10.0
    seed: int = 1
    patience_s: float = 60.0
    ticks: int = 10_000
    until: datetime = datetime.max
    step_s: float = TICK_S
    number: WhatsAppSettings = field(default_factory=WhatsAppSettings)
    used: Used = Used.IN_USE
    kill: Kill | None = None


def next_workday(after: date) -> datetime:
    """The next Monday to Friday after ``after``, at 9:00: open in every calendar of these tests."""
    day = after + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 9)


@contextmanager
def engine_of(run: EngineRun, clock: SkippedClock | None = None) -> Iterator[tuple[Parts, SkippedClock]]:
    """The engine of ``run``, built as the product builds it; the environment is as before when it ends."""
    known = os.environ.get(PASSWORD_VARIABLE)
    os.environ[PASSWORD_VARIABLE] = run.target.password
    chosen = clock or SkippedClock(run.start)
    card = read_card(run.simulator)
    gateway = SimulatorGateway(card.url, card.token, timeout_s=run.timeout_s, clock=chosen.now, mode=card.mode)
    settings = settings_of(run)
    _declare(run, gateway.sender())
    try:
        with build(
            settings,
            run.folder,
            clock=chosen,
            gateway=gateway,
            pace=pace_of(settings, Random(run.seed)),
            doubt_age_s=run.doubt_age_s,
        ) as parts:
            yield parts, chosen
    finally:
        gateway.close()
        if known is None:
            del os.environ[PASSWORD_VARIABLE]
        else:
            os.environ[PASSWORD_VARIABLE] = known


def _declare(run: EngineRun, number: str) -> None:
    """What the shop said of the number when it was paired; not said where ``run`` has nothing to say."""
    if run.used is not Used.UNKNOWN:
        book = SenderBook(run.folder / JOURNAL_FILE)
        book.declare(number, run.used, run.start)
        book.close()


def send_all(run: EngineRun, clock: SkippedClock | None = None) -> SkippedClock:
    """Tick until nothing is left to send; the clock as it stands then. Runs in this process."""
    with engine_of(run, clock) as (parts, chosen):
        drive(parts, chosen, run)
    return chosen


def drive(parts: Parts, clock: SkippedClock, run: EngineRun) -> None:
    """Tick until no row is due or in hand, or ``run.ticks``, ``run.until`` or ``run.patience_s`` are used up."""
    deadline = time.monotonic() + run.patience_s
    for _ in range(run.ticks):
        parts.engine.tick()
        moving = _moving(parts)
        if moving == 0:
            return
        if moving is None or parts.engine.status.problem is not None or parts.engine.status.text == "fila vazia":
            if time.monotonic() > deadline:
                return
            time.sleep(0.05)
        clock.sleep(max(run.step_s, _idle_s(parts, clock.now())))
        if clock.now() >= run.until:
            return


def _idle_s(parts: Parts, now: datetime) -> float:
    """For how long the engine said that nothing leaves, less half a tick."""
    next_send = parts.engine.status.next_send
    return min((next_send - now).total_seconds() - TICK_S / 2, _LONGEST_STEP_S) if next_send is not None else 0.0


def start_engine(run: EngineRun) -> BaseProcess:
    """``run`` in a process of its own; the caller joins it."""
    process: BaseProcess = _context().Process(target=_child, args=(run,), daemon=True)
    process.start()
    return process


def killed_at(run: EngineRun) -> bool:
    """Run to the end in a process of its own; whether the process was killed at its point."""
    process = start_engine(run)
    process.join(100)
    if process.is_alive():
        process.kill()
        raise TimeoutError(f"the engine neither ended nor reached {run.kill}")
    if process.exitcode not in (0, -int(_KILL)):
        raise RuntimeError(f"the engine's process failed with exit code {process.exitcode}")
    return process.exitcode != 0


def _child(run: EngineRun) -> None:
    sys.unraisablehook = lambda _: None  # fdb complains of every statement that was lost with its server
    if run.kill is not None:
        _arm(run.kill)
    send_all(run)


def _context() -> Any:
    """Children of a server process that has everything imported start in milliseconds; Windows has no such thing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tools.faults_engine", "integrator.documents.blocks.draw", "requests"])
    return context


def settings_of(run: EngineRun) -> Settings:
    target = run.target
    return Settings(
        database=DatabaseSettings(
            server=target.host,
            port=target.port,
            path=target.path,
            user=target.user,
            client_library=str(target.client or ""),
        ),
        whatsapp=run.number.model_copy(update={"instance": run.instance}),
        sending=run.sending,
        documents=run.documents,
        messages=run.messages,
        calendar=run.calendar,
        # Not validated: a lease of a second or two is for tests alone.
        queue=QueueSettings.model_construct(lease_s=run.lease_s, expire_days=7, purge_attachments_days=90),
    )


def _moving(parts: Parts) -> int | None:
    """How many rows are due or in hand; None when the database is away."""
    try:
        counts = Desk(parts.database).counts()
    except IntegratorError:
        return None
    return sum(counts.get(state, 0) for state in _MOVING)


def _arm(kill: Kill) -> None:
    owner, name, when = kill.point.value
    original: Callable[..., Any] = getattr(owner, name)
    passed = 0
    strike = _freeze if kill.freeze else _die

    def wrapped(*args: Any, **named: Any) -> Any:
        nonlocal passed
        is_turn = passed + 1 == kill.turn
        if is_turn and when == "before":
            strike()
        answer = original(*args, **named)
        if name != "reserve" or answer is not None:
            passed += 1
            if is_turn and when == "after":
                strike()
        return answer

    setattr(owner, name, wrapped)


def _die() -> None:
    os.kill(os.getpid(), _KILL)


def _freeze() -> None:
    if _FREEZE is None:
        raise NotImplementedError("this system cannot freeze a process")
    os.kill(os.getpid(), _FREEZE)
