"""``integrator run --headless`` and ``--service``, without the weight of the command line: it lives for months."""

from __future__ import annotations

import logging
import sys
import threading

from integrator.cli.context import Choice
from integrator.cli.ending import DONE
from integrator.cli.narration import Narrator
from integrator.domain.errors import SettingsError
from integrator.logs.masking import Masker
from integrator.paths import log_folder
from integrator.settings import Settings, settings_file

log = logging.getLogger(__name__)


def serve(choice: Choice) -> int:
    """Send the queue until told to stop; the exit code."""
    from integrator.app import open_database
    from integrator.daemon import Place, run_headless

    settings = choice.settings()
    masker = choice.start_log(settings)
    open_database(settings)  # nothing configured is told now; a database that is away is waited for
    narrator = Narrator(masker)
    logging.getLogger().addHandler(narrator)
    print("Integrador em execução. Ctrl+C para parar.", file=sys.stderr, flush=True)
    try:
        run_headless(Place(settings_file(choice.config), choice.folder(), choice.settings))
    finally:
        logging.getLogger().removeHandler(narrator)
    return DONE


def serve_always(choice: Choice) -> int:
    """The same as a service: nobody looks, and what is not configured yet, or wrongly, is waited for."""
    from integrator.daemon import Place, run_waiting, stopped_by_signals
    from integrator.desktop import crash
    from integrator.windows.console_end import ConsoleWatch
    from integrator.windows.session_end import SessionWatch

    begin_log(choice)
    crash.install(log, log_folder(choice.data))
    stop = stopped_by_signals()
    place = Place(settings_file(choice.config), choice.folder(), choice.settings, service=True, commanded=True)
    ended = threading.Event()

    def end() -> None:
        """The computer goes down: Windows waits until this returns."""
        stop.set()
        ended.wait()

    watches = ConsoleWatch(end, service=True), SessionWatch(end, lambda: None)
    try:
        run_waiting(place, stop)
    finally:
        ended.set()
        for watch in watches:
            watch.close()
    return DONE


def begin_log(choice: Choice) -> Masker:
    """Begin to log as the settings say; by the defaults while they cannot be used."""
    try:
        settings = choice.settings()
    except SettingsError:
        settings = Settings()
    return choice.start_log(settings)
