"""The desktop put together with an engine, a host and an icon that say what the test wants, and who uses it."""

from __future__ import annotations

import threading
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from integrator.desktop import tray_pystray
from integrator.desktop.app import Desktop, Premises
from integrator.desktop.autostart import AutostartRefused
from integrator.desktop.engine import EngineView, NumberView, Reach, ShopView
from integrator.desktop.kit.window import Window
from integrator.desktop.local_engine import Waiting
from integrator.desktop.look import Look
from integrator.desktop.menu import Entry, Item
from integrator.sending.gateway import GatewayState
from integrator.settings.editing import ConfigFile
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.screen import Screen

CONNECTED = NumberView("principal", "embutido", GatewayState.CONNECTED, "5549988590187")
RUNNING = EngineView(Reach.RUNNING, (ShopView("Loja", "fila vazia", pending=0, awaiting=0, uncertain=0),), (CONNECTED,))
CONFIGURED = "[banco]\ncaminho = 'C:\\ERP\\DADOS.FDB'\n"
W = TypeVar("W", bound=Window)


@dataclass
class FakeHost:
    """The engine's place: it ends when ``finished`` is set. ``here``: its thread runs in this process."""

    here: bool = True
    finished: threading.Event = field(default_factory=threading.Event)
    begun: int = 0
    told_to_end: int = 0

    def waiting(self) -> Waiting:
        return Waiting(self.here)

    def begin(self) -> None:
        self.begun += 1

    def end(self) -> None:
        self.told_to_end += 1

    def ended(self, seconds: float) -> bool:
        return self.finished.wait(seconds)


@dataclass
class FakeAutostart:
    """The switch, which may refuse."""

    on: bool = True
    refuses: bool = False

    def enabled(self) -> bool:
        return self.on

    def set(self, on: bool) -> None:
        if self.refuses:
            raise AutostartRefused("O Windows não aceitou mudar o início automático.")
        self.on = on

    def allows_start(self) -> bool:
        return True


@dataclass
class FakeTray:
    """``lines`` is the menu as the system would draw it."""

    look: Look
    lines: Callable[[], tuple[Entry, ...]]
    has_menu: bool = True
    times_shown: int = 0
    notices: list[tuple[str, str]] = field(default_factory=list)
    closed: bool = False

    def show(self, look: Look) -> None:
        self.look = look
        self.times_shown += 1

    def notify(self, title: str, text: str) -> None:
        self.notices.append((title, text))

    def close(self) -> None:
        self.closed = True


@dataclass
class Clerk:
    """Who uses the desktop. ``quits``: how often it was about to end."""

    screen: Screen
    desktop: Desktop
    engine: FakeEngine
    host: FakeHost
    autostart: FakeAutostart
    tray: FakeTray
    quits: list[float] = field(default_factory=list)

    def pump(self, until: Callable[[], object]) -> None:
        self.screen.pump(until)

    def settled(self) -> None:
        """Until what was asked for so far was done on Tk's thread."""
        done: list[bool] = []
        self.desktop.loop.call(lambda: done.append(True))
        self.pump(lambda: done)

    def item(self, *labels: str) -> Item:
        """A line of the icon's menu, or of the menu below it."""
        found = Item("", submenu=tuple(each for each in self.tray.lines() if isinstance(each, Item)))
        for label in labels:
            found = next(each for each in found.submenu if each.label == label)
        return found

    def choose(self, *labels: str) -> None:
        """Choose that line, which comes on the icon's thread."""
        item = self.item(*labels)
        assert item.enabled, labels
        assert item.action is not None, labels
        chosen = threading.Thread(target=item.action)
        chosen.start()
        chosen.join()
        self.settled()

    def asked(self, name: str) -> tuple[str, ...]:
        """What the engine was asked under that name, once it was."""
        self.pump(lambda: self.engine.times(name))
        return next(each[1:] for each in self.engine.asked if each[0] == name)

    def sees(self, view: EngineView) -> None:
        """The engine stands so from now on, and the desktop has seen it."""
        self.engine.answer = view
        self.desktop.look_soon()
        self.pump(lambda: self.desktop.view == view)
        self.settled()

    def windows(self) -> list[Window]:
        """Those on the screen."""
        found = [each for each in self.desktop.root.winfo_children() if isinstance(each, Window)]
        return [each for each in found if each.winfo_viewable()]

    def window(self, kind: type[W]) -> W:
        """The only one on the screen, once it is there: of that kind."""
        self.pump(lambda: [type(each) for each in self.windows()] == [kind])
        (found,) = self.windows()
        assert isinstance(found, kind)
        self.pump(lambda: self.front() is found)
        return found

    def front(self) -> tk.Misc | None:
        """The window that has the keyboard."""
        focused = self.desktop.root.focus_displayof()
        return focused.winfo_toplevel() if focused is not None else None


@contextmanager
def desktop_on(
    screen: Screen,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    config: str = CONFIGURED,
    quiet: bool = True,
    view: EngineView = RUNNING,
) -> Iterator[Clerk]:
    """The desktop runs for the length of the block."""
    trays: list[FakeTray] = []

    def open_tray(look: Look, lines: Callable[[], tuple[Entry, ...]], _popup: object) -> FakeTray:
        trays.append(FakeTray(look, lines))
        return trays[-1]

    monkeypatch.setattr(tray_pystray, "open_tray", open_tray)
    file = ConfigFile(folder / "config.toml")
    file.path.write_text(config, encoding="utf-8")
    engine, host, autostart = FakeEngine(view), FakeHost(), FakeAutostart()
    desktop = Desktop(Premises(folder, file, engine, host, autostart), dark=False, quiet=quiet)
    screen._root = desktop.root
    try:
        with desktop.begun():
            clerk = Clerk(screen, desktop, engine, host, autostart, trays[0])
            monkeypatch.setattr(desktop.root, "quit", lambda: clerk.quits.append(time.monotonic()))
            clerk.pump(lambda: desktop.view == view)
            clerk.settled()
            try:
                yield clerk
            finally:
                host.finished.set()
    finally:
        screen._root = None
    assert trays[0].closed
    assert host.told_to_end
