"""``integrator run``: the icon beside the clock and the windows, and the engine with them where no service has it."""

from __future__ import annotations

import logging
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from integrator.cli.context import Choice
from integrator.cli.daemon import begin_log
from integrator.cli.ending import DONE, FAILED
from integrator.desktop.meeting_place import is_open_elsewhere
from integrator.desktop.single_instance import QUIT, SHOW, DesktopSilent, Opening, say, say_to_all
from integrator.domain.errors import IntegratorError
from integrator.paths import log_folder
from integrator.program import is_windowed
from integrator.settings import settings_file

if TYPE_CHECKING:
    from integrator.desktop.app import Desktop
    from integrator.desktop.autostart import Autostart

log = logging.getLogger(__name__)

#: What is in hand when somebody asks for the end: the longest part of a message, its pauses and its records.
_QUIT_S: Final = 180.0
_QUIT_LOOK_S: Final = 0.5
_SESSION_END_S: Final = 4.0
_SIGNALS_MS: Final = 1000


def open_desktop(choice: Choice, *, quiet: bool = False) -> int:
    """Until somebody leaves; the exit code. ``quiet``: started with the computer."""
    try:
        return _opened(choice, quiet=quiet)
    except IntegratorError as error:
        if is_windowed() and not quiet:
            _tell(error)  # there is no console to read it on
        raise


def _tell(error: IntegratorError) -> None:
    from integrator.desktop.dialogs import Telling
    from integrator.desktop.kit.root import NoDisplay, open_root
    from integrator.desktop.kit.signs import Kind
    from integrator.desktop.kit.theme import dress
    from integrator.windows import theme

    try:
        root = open_root()
    except NoDisplay:
        return
    dress(root, dark=theme.is_dark())
    Telling(root, Kind.BAD, error.title, error.message, on_close=root.quit).present()
    root.mainloop()
    root.destroy()


def _opened(choice: Choice, *, quiet: bool) -> int:
    from integrator.desktop import crash
    from integrator.desktop.autostart import this_autostart

    folder, autostart = choice.folder(), this_autostart()
    if quiet and (not autostart.allows_start() or is_open_elsewhere(folder)):
        return DONE  # a server's icon need not stand in every session; who starts it by hand gets one
    heard = _Heard()
    opening = Opening.first(folder, heard.hear)
    if opening is None and not (quiet or say(folder, SHOW)):
        opening = Opening.first(folder, heard.hear)  # the other one was just ending
    if opening is None:
        return DONE
    try:
        begin_log(choice)
        crash.install(log, log_folder(choice.data))
        _run(choice, heard, autostart, quiet=quiet)
    finally:
        opening.close()
    return DONE


def quit_all(choice: Choice) -> int:
    """Ask desktop and engine to end and wait for it, as an upgrade does; 1 when one of them goes on.

    Raises ``DesktopSilent`` for a desktop that hangs, once the engine has ended all the same.
    """
    folder = choice.folder()
    silent = None
    try:
        say_to_all(folder, QUIT)
    except DesktopSilent as error:
        silent = error
    if not _engine_ended(folder):
        return FAILED
    if silent is not None:
        raise silent
    return DONE


def _engine_ended(folder: Path) -> bool:
    from integrator.local_address import ask
    from integrator.single_instance import is_held

    until = time.monotonic() + _QUIT_S
    while is_held(folder):
        if time.monotonic() > until:
            return False
        with suppress(IntegratorError):  # it is ending already, or begins anew at this moment
            ask(folder, "/local/programa/stop", {})
        time.sleep(_QUIT_LOOK_S)
    return True


class _Heard:
    """Messages of a second start that came while the desktop was being built are kept for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[str] = []
        self._desktop: Desktop | None = None

    def hear(self, message: str) -> None:
        with self._lock:
            if self._desktop is None:
                self._kept.append(message)
            else:
                self._desktop.hear(message)

    def give_to(self, desktop: Desktop) -> None:
        with self._lock:
            self._desktop = desktop
            for message in self._kept:
                desktop.hear(message)


def _run(choice: Choice, heard: _Heard, autostart: Autostart, *, quiet: bool) -> None:
    from integrator.daemon import Place
    from integrator.daemon.desktop import EngineThread
    from integrator.desktop.app import Desktop, Premises
    from integrator.desktop.local_engine import LocalEngine
    from integrator.erp.attachment import keep_our_signals
    from integrator.settings.editing import ConfigFile
    from integrator.windows import dpi, theme
    from integrator.windows.session_end import SessionWatch

    folder, config = choice.folder(), settings_file(choice.config)
    host = EngineThread(Place(config, folder, choice.settings, commanded=True))
    engine = LocalEngine(folder, ConfigFile(config), host.waiting)
    dpi.prepare()
    premises = Premises(folder, ConfigFile(config), engine, host, autostart)
    desktop = Desktop(premises, dark=theme.is_dark(), quiet=quiet)
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), lambda _number, _frame: desktop.hear(QUIT))
    desktop.loop.every(_SIGNALS_MS, keep_our_signals)
    watch = SessionWatch(lambda: desktop.end_session(_SESSION_END_S), desktop.look_soon)
    heard.give_to(desktop)
    try:
        desktop.run()
    finally:
        watch.close()
