"""The daemon: every configured database in turn, on one thread, until told to stop.

A :class:`Station` is one database with what works on it: the nightly closing and the engine, or the rehearsal while
the installation has to ask whether it may send. One that cannot be reached does not keep the others waiting.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from integrator.app import JOURNAL_FILE, SIMULATOR_FOLDER, TICK_S, build, open_database
from integrator.clock import SystemClock
from integrator.domain.errors import ErpDatabaseError, IntegratorError
from integrator.erp.attachment import keep_our_signals
from integrator.erp.schema import installer
from integrator.installation.authorisation import standing
from integrator.installation.identity import Installation, this_installation
from integrator.installation.rehearsal_folder import forget_rehearsal
from integrator.installation.standing import Asks, Standing
from integrator.installation.watch import Watch, Worker
from integrator.logs import log_event
from integrator.policies import pace_of
from integrator.sending.engine import Engine
from integrator.sending.pace import Pace
from integrator.sending.ports import Clock, Gateway
from integrator.settings import Settings
from integrator.settings.sections import OtherDatabaseSettings
from integrator.single_instance import InstanceLock

if TYPE_CHECKING:
    from integrator.nightly import NightlyClosing

log = logging.getLogger(__name__)

_SIGNAL_POLL_S = 0.5
_DEFECT = "O programa encontrou um erro que não conhecia e tenta de novo em instantes. Se continuar, chame o suporte."


@dataclass(frozen=True, slots=True)
class Premises:
    """What the stations share: data folder, clock, WhatsApp, and the pace of each number, whichever database sends.

    WhatsApp is connected when the first station is known to be allowed to send: a copied folder must not use the
    session that was copied with it.
    """

    folder: Path
    clock: Clock
    gateway: Callable[[], Gateway]
    paces: dict[str, Pace] = field(default_factory=dict)

    def pace(self, settings: Settings) -> Pace:
        """The pace of the number that these settings send from."""
        return self.paces.setdefault(settings.whatsapp.instance, pace_of(settings))


class Shift:
    """What works on a database that may be sent from: the nightly closing first, then the engine."""

    def __init__(self, closing: NightlyClosing, engine: Engine, clock: Clock) -> None:
        self._closing = closing
        self._engine = engine
        self._clock = clock

    def tick(self) -> None:
        self._closing.tick(self._clock.now())
        self._engine.tick()

    def stop(self) -> None:
        self._engine.stop()


class Station:
    """One database. Opened at its first turn that can reach it, and anew when its standing changes. One thread.

    Raises :class:`SettingsError` for a database without a path.
    """

    def __init__(self, settings: Settings, premises: Premises) -> None:
        self._settings = settings
        self._premises = premises
        self._database = open_database(settings)
        self._held = ExitStack()
        self._worker: Worker | None = None
        self._changed = threading.Event()
        self._told = ""

    def tick(self) -> None:
        """One turn. Never raises: what goes wrong is logged and tried again at the next one."""
        try:
            self.open()
        except IntegratorError as error:
            self._tell(error)
        except Exception as error:
            # The top of the loop: a defect of ours must not end the sending of a shop.
            log.exception("action=defect")
            self._tell(IntegratorError(_DEFECT, detail=repr(error)))
        if self._worker is not None:
            self._worker.tick()

    def open(self) -> None:
        """Open what is not open. A database that is away is told and left for a later turn.

        Raises :class:`SettingsError` and the other errors that waiting does not mend.
        """
        if self._worker is not None and not self._changed.is_set():
            return
        self.close()
        try:
            with ExitStack() as stack:
                self._worker = self._start(stack)
                self._held = stack.pop_all()
        except ErpDatabaseError as error:
            self._tell(error)
        else:
            self._told = ""
            log_event(log, "ready", database=self._settings.database.name)

    def stop(self) -> None:
        """Ask to stop: the row in hand is finished. May be called from another thread."""
        worker = self._worker
        if worker is not None:
            worker.stop()

    def close(self) -> None:
        """Let go of the database."""
        self._worker = None
        self._held.close()
        self._database.close()
        self._changed.clear()

    def _tell(self, error: IntegratorError) -> None:
        """Say why this database cannot be worked on, once for each reason."""
        if error.message != self._told:
            log_event(log, "waiting", level=logging.WARNING, message=error.message, detail=error.detail)
        self._told = error.message

    def _start(self, stack: ExitStack) -> Worker:
        # The same one at each try: while an attempt hangs on a frozen server it makes no other.
        database, folder, clock = self._database, self._premises.folder, self._premises.clock
        installer.require_ready(database)
        us = this_installation(folder / JOURNAL_FILE, clock.now())
        verdict = self._standing(us)
        if isinstance(verdict, Asks):
            log_event(log, "asks", level=logging.WARNING, reason=verdict.reason)
            worker = self._rehearsal(stack, verdict)
        else:
            worker = self._shift(stack)
        return Watch(worker, lambda: self._standing(us), verdict, self._changed)

    def _standing(self, us: Installation) -> Standing:
        """Whether we may still send; the attachment is let go if nobody else has use for it."""
        try:
            return standing(self._database, us, self._premises.clock.now())
        finally:
            self._database.rest()

    def _shift(self, stack: ExitStack) -> Worker:
        premises, settings = self._premises, self._settings
        forget_rehearsal(self._rehearsal_folder)
        parts = stack.enter_context(
            build(
                settings,
                premises.folder,
                clock=premises.clock,
                gateway=premises.gateway(),
                pace=premises.pace(settings),
                database=self._database,
            )
        )
        if not settings.closing.enabled:
            return parts.engine
        from integrator.nightly import NightlyClosing  # heavy, and only for ERPs that do not fill the queue

        return Shift(NightlyClosing(settings, premises.folder), parts.engine, premises.clock)

    def _rehearsal(self, stack: ExitStack, asks: Asks) -> Worker:
        from integrator.installation.simulation import rehearsing  # brings the phone page along

        folder, clock = self._rehearsal_folder, self._premises.clock
        return stack.enter_context(rehearsing(self._settings, folder, database=self._database, clock=clock, asks=asks))

    @property
    def _rehearsal_folder(self) -> Path:
        other = isinstance(self._settings.database, OtherDatabaseSettings)
        return self._premises.folder / self._settings.database.name if other else self._premises.folder


def run_headless(settings: Settings, folder: Path) -> None:
    """The daemon without desktop, until SIGINT or SIGTERM; the row in hand is finished first.

    Raises :class:`SettingsError` for a wrong setting and :class:`AlreadyRunning`. A database that is away, locked or
    without the contract is waited for.
    """
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda _number, _frame: stop.set())
    clock = SystemClock(stop)
    with InstanceLock(folder), ExitStack() as stack:
        premises = Premises(folder, clock, cache(lambda: stack.enter_context(_gateway(folder, clock.now))))
        stations = [Station(settings.for_database(each.name), premises) for each in settings.databases]
        for station in stations:
            stack.callback(station.close)
            station.open()
        _tick_until(stop, stations)
    log_event(log, "stopped")


def _tick_until(stop: threading.Event, stations: list[Station]) -> None:
    """APScheduler is a ticker only: it calls, the engines compute what is due.

    Each round begins with another database, so that two that share a number come to send in turn.
    """
    from apscheduler.schedulers.background import BackgroundScheduler

    # That a turn outlasts the interval is ordinary while messages leave: not worth a warning each time.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    ring = deque(stations)

    def turn() -> None:
        for station in tuple(ring):
            if not stop.is_set():
                station.tick()
        ring.rotate(-1)

    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        turn,
        "interval",
        seconds=TICK_S,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        next_run_time=datetime.now().astimezone(),
    )
    scheduler.start()
    while not stop.wait(_SIGNAL_POLL_S):  # A wait without an end cannot be interrupted by Ctrl+C on Windows.
        keep_our_signals()  # a database that came up later was attached to from the ticker's thread
    for station in stations:
        station.stop()
    scheduler.shutdown(wait=True)


@contextmanager
def _gateway(folder: Path, now: Callable[[], datetime]) -> Iterator[Gateway]:
    """The configured WhatsApp engine. The simulator is a process of its own, with its ledger beside the journal."""
    from integrator.gateways.simulator.process import start_simulator

    with start_simulator(folder / SIMULATOR_FOLDER) as simulator:
        gateway = simulator.gateway(clock=now)
        try:
            yield gateway
        finally:
            gateway.close()
