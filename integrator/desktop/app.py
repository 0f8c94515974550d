"""The desktop put together: Tk on this thread, the icon in its own, the engine asked in the background.

Nothing here sends: closing a window, or all of them, changes nothing for the messages.
"""

from __future__ import annotations

import logging
import threading
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from integrator.desktop.autostart import Autostart
from integrator.desktop.deeds import Deeds
from integrator.desktop.dialogs import Telling
from integrator.desktop.ending import EndingWindow
from integrator.desktop.engine import Engine, EngineView, Reach
from integrator.desktop.home_window import HomeWindow, problem_of
from integrator.desktop.host import Host
from integrator.desktop.kit.root import open_root
from integrator.desktop.kit.signs import Kind
from integrator.desktop.kit.theme import dress
from integrator.desktop.kit.window import Window
from integrator.desktop.look import Look, look
from integrator.desktop.loop import UiLoop
from integrator.desktop.menu import Entry, menu
from integrator.desktop.news import Notices
from integrator.desktop.putting_away import put_away
from integrator.desktop.single_instance import SHOW
from integrator.domain.errors import SettingsError
from integrator.logs import log_event
from integrator.settings.editing import ConfigFile

if TYPE_CHECKING:
    from integrator.desktop.tray import Tray

log = logging.getLogger(__name__)

_LOOK_S: Final = 5.0
_LOOK_CLOSELY_S: Final = 1.0
#: After something was done the engine soon says something else.
_CLOSELY_FOR_S: Final = 10.0
#: Longer than any part of a message may take.
_LAST_ROW_S: Final = 180.0
#: An end that takes longer says that it is under way.
_END_TOLD_MS: Final = 1000
_HOME: Final = "situação"
_ENDING: Final = "fim"
_DEFECT: Final = "defeito"
_DEFECT_TOLD: Final = (
    "O programa encontrou um erro que não conhecia. O envio continua. Tente de novo; se acontecer outra vez, gere o "
    "pacote de suporte na janela Registro e envie-o ao suporte."
)


@dataclass(frozen=True, slots=True)
class Premises:
    """Where the desktop lives and what it is connected to."""

    folder: Path
    config: ConfigFile
    engine: Engine
    host: Host
    autostart: Autostart


class Desktop:
    """One session's desktop. :meth:`run` belongs to the main thread, :meth:`hear` to any."""

    def __init__(self, premises: Premises, *, dark: bool, quiet: bool) -> None:
        """``quiet``: started with the computer, so no window opens."""
        self.premises = premises
        self._quiet = quiet
        self.root = open_root()
        dress(self.root, dark=dark)
        self.loop = UiLoop(self.root)
        self.root.report_callback_exception = self.defect
        self.loop.on_defect = lambda error: self.defect(type(error), error, error.__traceback__)
        self.windows: dict[str, Window] = {}
        self._notices = Notices()
        self._view = EngineView(Reach.STARTING)
        self._tray: Tray | None = None
        self._shown: tuple[Look, bool] | None = None
        self._ending = False
        self._leaving = threading.Event()
        self._waited = False
        self._look_now = threading.Event()
        self._closely_until = 0.0
        self._autostart = premises.autostart.enabled()
        self._deeds = Deeds(self)

    def run(self) -> None:
        """Until somebody leaves, or the session ends."""
        with self.begun():
            self.root.mainloop()

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Icon, engine and first window are there for the length of the block, in which Tk's events are worked on."""
        self.premises.host.begin()
        self._tray = self._icon()
        threading.Thread(target=self._watch, name="olhar o motor", daemon=True).start()
        if not self._quiet:
            self.loop.call(self._first_window)
        log_event(log, "desktop_ready", tray=self._tray is not None)
        try:
            yield
        finally:
            self._leaving.set()
            self._look_now.set()
            self.loop.close()
            if self._tray is not None:
                self._tray.close()
            self.premises.host.end()
            if not self._waited:  # somebody closed the program from outside; Windows itself ends us when it must
                self.premises.host.ended(_LAST_ROW_S)
            self.root.destroy()

    def hear(self, message: str) -> None:
        """What a second start says: ``show``, or ``quit``. On any thread."""
        self.loop.call(self.open_home if message == SHOW else self.end)

    def end_session(self, seconds: float) -> None:
        """The computer goes down or the person signs out: end in time. On any thread; returns when it is done."""
        self.premises.host.end()
        self.premises.host.ended(seconds)
        self.loop.call(self.root.quit)

    def look_soon(self) -> None:
        """Something was done, or the computer woke: see what became of it. On any thread."""
        self._closely_until = time.monotonic() + _CLOSELY_FOR_S
        self._look_now.set()

    def open(self, name: str, make: Callable[[Callable[[], object]], Window]) -> None:
        """Show the window of that name, made when there is none; ``make`` gets what it calls when it is closed.

        While another one waits for an answer that one comes to the front, and while the program ends nothing new opens.
        """
        if self._ending:
            name, make = _ENDING, lambda closed: EndingWindow(self.root, on_close=closed)
        if name not in self.windows:
            self.windows[name] = make(lambda: self.windows.pop(name, None))
        self.windows[name].present()
        asking = _asking(self.root)
        if asking is not None:
            asking.present()

    def open_home(self) -> None:
        """Show the small window of the program itself, as things stand now."""
        self.open(_HOME, self._home)
        self._look_now.set()

    def end(self) -> None:
        """End the desktop, and the engine when it runs here: the row in hand is finished first. Once is enough."""
        if self._ending:
            return
        self._ending = True
        self.premises.host.end()
        self.root.after(_END_TOLD_MS, self.open_home)
        self.loop.background(lambda: self.premises.host.ended(_LAST_ROW_S), self._end_now, self._end_now)
        put_away(self.root)  # last: a window that does not go keeps the program from ending no more

    def _end_now(self, _came_of_it: object) -> None:
        self._waited = True
        self.root.quit()

    def switch_autostart(self) -> None:
        """Raises :class:`AutostartRefused`."""
        try:
            self.premises.autostart.set(not self._autostart)
        finally:
            self._autostart = self.premises.autostart.enabled()
            self._show()

    def defect(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """What nobody foresaw, on Tk's thread: the log has the detail, the person learns that it failed."""
        log.error("action=defect", exc_info=(kind, error, trace))
        # A window that was closed while something was on its way to it is nothing to anybody.
        if not isinstance(error, tk.TclError) and _DEFECT not in self.windows:
            self.open(
                _DEFECT, lambda closed: Telling(self.root, Kind.BAD, "Algo falhou", _DEFECT_TOLD, on_close=closed)
            )

    @property
    def view(self) -> EngineView:
        """The engine as last seen."""
        return self._view

    def _icon(self) -> Tray | None:
        from integrator.desktop.tray import NoTray
        from integrator.desktop.tray_pystray import open_tray

        try:
            return open_tray(look(self._view, datetime.now()), self._lines, lambda: self.loop.call(self.open_home))
        except NoTray as error:
            log_event(log, "no_tray", level=logging.WARNING, detail=error.detail)
            return None

    def _first_window(self) -> None:
        """Windows hides new icons, so that the first thing to see is a window."""
        if _configured(self.premises.config):
            self.open_home()
        else:
            self._deeds.connect_database()

    def _lines(self) -> tuple[Entry, ...]:
        return menu(look(self._view, datetime.now()), self._deeds.actions(), autostart=self._autostart)

    def _watch(self) -> None:
        """The thread that asks the engine how it stands."""
        while not self._leaving.is_set():
            self._look()
            watched = _HOME in self.windows or self._view.reach is Reach.STARTING
            watched = watched or time.monotonic() < self._closely_until
            self._look_now.wait(_LOOK_CLOSELY_S if watched else _LOOK_S)
            self._look_now.clear()

    def _look(self) -> None:
        try:
            view = self.premises.engine.view()
        except Exception:  # the top of the thread: without it the icon would show for ever what was last seen
            log.exception("action=defect")
            return
        self.loop.call(lambda: self._seen(view))

    def _seen(self, view: EngineView) -> None:
        if self._ending:
            return  # an engine that ends is neither starting anew nor in trouble
        self._view = view
        if view.reach is Reach.STOPPED:
            self.premises.host.begin()  # whoever had the engine is gone: another session, or a service that was removed
        for notice in self._notices.news(view, datetime.now()):
            if self._tray is not None:
                self._tray.notify(notice.title, notice.text)
        self._show()

    def _show(self) -> None:
        """Time alone changes what is shown, too: "amanhã 08:00" becomes "08:00"."""
        shown = look(self._view, datetime.now())
        if self._tray is not None and self._shown != (shown, self._autostart):
            self._tray.show(shown)
        self._shown = (shown, self._autostart)
        home = self.windows.get(_HOME)
        if isinstance(home, HomeWindow):
            home.show(shown, self._lines(), problem_of(self._view))

    def _home(self, closed: Callable[[], object]) -> HomeWindow:
        window = HomeWindow(self.root, on_close=closed)
        window.show(look(self._view, datetime.now()), self._lines(), problem_of(self._view))
        return window


def _asking(root: tk.Tk) -> Window | None:
    """The window that lets no other hear the mouse and the keyboard until it is answered."""
    try:
        found = root.nametowidget(str(root.tk.call("grab", "current", root)) or ".")
    except KeyError:  # a list that Tk itself dropped
        return None
    return found if isinstance(found, Window) else None


def _configured(config: ConfigFile) -> bool:
    try:
        return bool(config.settings().database.path)
    except SettingsError:
        return False
