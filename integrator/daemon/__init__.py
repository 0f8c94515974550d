"""The daemon: every configured database in turn and the panel beside them, until told to stop.

``station.py`` is one database, ``rounds.py`` all of them and the changes of the configuration, ``panel.py`` the web
page.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from integrator.app import TICK_S
from integrator.clock import SystemClock
from integrator.daemon.numbers import Numbers
from integrator.daemon.panel import PanelService
from integrator.daemon.rounds import Rounds
from integrator.daemon.standby import Standby
from integrator.daemon.station import Premises
from integrator.domain.errors import IntegratorError, SettingsError
from integrator.erp.attachment import keep_our_signals
from integrator.logs import log_event
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile
from integrator.settings.panel import PanelSettings
from integrator.single_instance import InstanceLock

log = logging.getLogger(__name__)

_SIGNAL_POLL_S = 0.5
_CONFIG_POLL_S = 1.0
#: What does not depend on the settings (a library, a newer contract) may have been mended meanwhile.
_AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a daemon works: its ``config.toml``, its data folder, and what reads the settings of that file.

    ``service``: it runs without anybody's desktop. ``commanded``: tray and windows ask it, also without the panel.
    """

    config: Path
    folder: Path
    load: Callable[[], Settings]
    service: bool = False
    commanded: bool = False


def run_headless(place: Place) -> None:
    """The daemon without desktop, until SIGINT or SIGTERM; the row in hand is finished first.

    Raises :class:`SettingsError` for a wrong setting and :class:`AlreadyRunning`. A database that is away, locked or
    without the contract is waited for.
    """
    stop = stopped_by_signals()
    with InstanceLock(place.folder):
        _run(place, stop)


def run_waiting(place: Place, stop: threading.Event) -> None:
    """The daemon as a service, or beside a desktop, until ``stop``: what keeps it from working is waited for, too.

    Raises :class:`AlreadyRunning`.
    """
    file, told = ConfigFile(place.config), ""
    with InstanceLock(place.folder):
        while not stop.is_set():
            seen = _version(file)
            try:
                _run(place, stop)
            except IntegratorError as error:
                # Each minute anew for as long as nobody looks: the log is told once.
                level = logging.DEBUG if error.message == told else logging.WARNING
                log_event(log, "waiting", level=level, message=error.message, detail=error.detail)
                told = error.message
                _stand_by(place, stop, error.message, seen)


def _stand_by(place: Place, stop: threading.Event, why: str, seen: str) -> None:
    """Answer the windows until the settings are no longer the ``seen`` ones, somebody asks to look, or time passed."""
    again, file = threading.Event(), ConfigFile(place.config)
    waiting = Standby(why, place.service, again, stop.set)
    with ExitStack() as stack:
        clock = SystemClock(stop)
        panel = PanelService(file, place.folder, clock=clock, running=waiting, always=place.commanded)
        stack.callback(panel.close)
        panel.apply(Settings(panel=PanelSettings(on=False)))
        until = time.monotonic() + _AGAIN_S
        while not (again.wait(_CONFIG_POLL_S) or stop.is_set() or time.monotonic() > until) and _version(file) == seen:
            continue


def stopped_by_signals() -> threading.Event:
    """What is set when somebody asks this process to end. On the main thread only."""
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda _number, _frame: stop.set())
    return stop


def _version(file: ConfigFile) -> str:
    try:
        return file.read().version
    except SettingsError:
        return "?"


def _run(place: Place, stop: threading.Event) -> None:
    clock, file = SystemClock(stop), ConfigFile(place.config)
    with ExitStack() as stack:
        numbers = Numbers(place.folder, clock)
        stack.callback(numbers.close)
        rounds = Rounds(place.load(), Premises(place.folder, clock, numbers), file, place.load)
        rounds.service, rounds.on_end = place.service, stop.set
        numbers.on_connected = rounds.wake
        stack.callback(rounds.close)
        rounds.open()
        panel = PanelService(file, place.folder, clock=clock, running=rounds, always=place.commanded)
        stack.callback(panel.close)
        panel.apply(rounds.settings)
        rounds.on_settings, rounds.on_round = panel.apply, panel.renew
        _tick_until(stop, rounds)
    log_event(log, "stopped")


def _tick_until(stop: threading.Event, rounds: Rounds) -> None:
    """APScheduler is a ticker only: it calls, the engines compute what is due."""
    from apscheduler.jobstores.base import JobLookupError
    from apscheduler.schedulers.background import BackgroundScheduler

    # That a turn outlasts the interval is ordinary while messages leave: not worth a warning each time.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone="UTC")
    job = scheduler.add_job(
        rounds.turn,
        "interval",
        seconds=TICK_S,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        next_run_time=datetime.now().astimezone(),
    )

    def now() -> None:
        with suppress(JobLookupError):  # whoever asks while the program ends asks in vain
            job.modify(next_run_time=datetime.now().astimezone())

    rounds.on_wake = now
    scheduler.start()
    while not stop.wait(_SIGNAL_POLL_S):  # A wait without an end cannot be interrupted by Ctrl+C on Windows.
        keep_our_signals()  # a database that came up later was attached to from the ticker's thread
    rounds.stop()
    scheduler.shutdown(wait=True)
