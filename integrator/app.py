"""The composition root: settings become a database, a gateway, a journal and an engine.

The only place that knows all.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from integrator.clock import SystemClock
from integrator.domain.errors import DatabaseUnavailable, SchemaError, SettingsError
from integrator.erp.client import client_library
from integrator.erp.connection import Database, Target
from integrator.erp.queue import FirebirdQueue
from integrator.erp.schema import installer
from integrator.journal.store import SqliteJournal
from integrator.logs import log_event
from integrator.policies import calendars_of, company_of, compose_policy, pace_policy, pump_policy
from integrator.secrets import database_password
from integrator.sending.compose import Composer
from integrator.sending.engine import Engine, EnginePolicy
from integrator.sending.guard import Guard
from integrator.sending.pace import Pace
from integrator.sending.ports import Clock, Gateway, World
from integrator.sending.pump import Pump
from integrator.sending.rescue import DOUBT_AGE_S, Rescue
from integrator.settings import Settings
from integrator.single_instance import InstanceLock

log = logging.getLogger(__name__)

JOURNAL_FILE = "integrator.db"
SIMULATOR_FOLDER = "simulador"
TICK_S = 20.0
_SIGNAL_POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Parts:
    """What a built engine stands on; closed by the context manager that made it."""

    engine: Engine
    queue: FirebirdQueue
    journal: SqliteJournal
    gateway: Gateway
    database: Database


def open_database(settings: Settings) -> Database:
    """The configured database, not yet attached. Raises :class:`SettingsError` when none is configured."""
    chosen = settings.database
    if not chosen.path:
        raise SettingsError(
            "Falta dizer qual é o banco de dados do ERP. Preencha [banco] caminho no config.toml (e servidor, se "
            "não for este computador)."
        )
    password, _ = database_password(chosen.secret)
    client = client_library(chosen.client_library)
    return Database(Target(chosen.server, chosen.port, chosen.path, chosen.user, password, client, chosen.role))


@contextmanager
def build(
    settings: Settings,
    folder: Path,
    *,
    clock: Clock,
    gateway: Gateway,
    random: Random | None = None,
    doubt_age_s: float = DOUBT_AGE_S,
) -> Iterator[Parts]:
    """An engine on the configured database, with its journal in ``folder``.

    Raises :class:`SettingsError` for a wrong setting (before the database is touched), :class:`SchemaError` when the
    contract is not installed, and the database's own errors.
    """
    composer = Composer(compose_policy(settings))
    with ExitStack() as stack:
        database = open_database(settings)
        stack.callback(database.close)
        status = installer.require_ready(database)
        journal = SqliteJournal(folder / JOURNAL_FILE, clock.now())
        stack.callback(journal.close)
        fallback = company_of(settings)
        queue = FirebirdQueue(
            database,
            owner=journal.owner,
            instance=settings.whatsapp.instance,
            lease_s=settings.queue.lease_s,
            fallback_company=fallback,
        )
        pace = Pace(pace_policy(settings), random or Random())
        calendars = calendars_of(settings, queue.companies()[0].address.state)
        instance = settings.whatsapp.instance
        world = World(queue, journal, gateway, clock)
        engine = Engine(
            world,
            guard=Guard(world, instance, calendars, pace),
            pump=Pump(
                world,
                composer=composer,
                pace=pace,
                policy=pump_policy(settings),
                database=status.database_guid,
            ),
            rescue=Rescue(world, status.database_guid, doubt_age_s),
            policy=EnginePolicy(instance, TICK_S, settings.queue.expire_days, settings.queue.purge_attachments_days),
        )
        yield Parts(engine, queue, journal, gateway, database)


def run_headless(settings: Settings, folder: Path, on_ready: Callable[[], None] = lambda: None) -> None:
    """The engine without desktop, until SIGINT or SIGTERM; the row in hand is finished first."""
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda _number, _frame: stop.set())
    clock = SystemClock(stop)
    with InstanceLock(folder), _gateway(folder, clock.now) as gateway:
        while not stop.is_set():
            try:
                with build(settings, folder, clock=clock, gateway=gateway) as parts:
                    _tick_until(stop, parts.engine, on_ready)
            except (DatabaseUnavailable, SchemaError) as error:
                log_event(log, "waiting", level=logging.WARNING, message=error.message, detail=error.detail)
                stop.wait(TICK_S)
    log_event(log, "stopped")


def _tick_until(stop: threading.Event, engine: Engine, on_ready: Callable[[], None]) -> None:
    """APScheduler is a ticker only: it calls, the engine computes what is due."""
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        engine.tick,
        "interval",
        seconds=TICK_S,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        next_run_time=datetime.now().astimezone(),
    )
    scheduler.start()
    log_event(log, "ready")
    on_ready()
    while not stop.wait(_SIGNAL_POLL_S):
        pass  # A wait without an end cannot be interrupted by Ctrl+C on Windows.
    engine.stop()
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
