"""The daemon: every configured database in turn and the panel beside them, until told to stop.

``station.py`` is one database, ``rounds.py`` all of them and the changes of the configuration, ``panel.py`` the web
page.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

from integrator.app import TICK_S
from integrator.clock import SystemClock
from integrator.daemon.numbers import Numbers
from integrator.daemon.panel import PanelService
from integrator.daemon.rounds import Rounds
from integrator.daemon.station import Premises
from integrator.erp.attachment import keep_our_signals
from integrator.logs import log_event
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile
from integrator.single_instance import InstanceLock

log = logging.getLogger(__name__)

_SIGNAL_POLL_S = 0.5


def run_headless(config: Path, folder: Path, load: Callable[[], Settings]) -> None:
    """The daemon without desktop, until SIGINT or SIGTERM; the row in hand is finished first.

    ``load`` reads the settings of the file ``config``; it is called again whenever that file changes.

    Raises :class:`SettingsError` for a wrong setting and :class:`AlreadyRunning`. A database that is away, locked or
    without the contract is waited for.
    """
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda _number, _frame: stop.set())
    clock, file = SystemClock(stop), ConfigFile(config)
    with InstanceLock(folder), ExitStack() as stack:
        numbers = Numbers(folder, clock)
        stack.callback(numbers.close)
        premises = Premises(folder, clock, numbers)
        rounds = Rounds(load(), premises, file, load)
        numbers.on_connected = rounds.wake
        stack.callback(rounds.close)
        rounds.open()
        panel = PanelService(file, folder, clock=clock, running=rounds)
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
