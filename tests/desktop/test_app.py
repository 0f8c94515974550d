"""The desktop put together, on a real display: how it ends, and what it does about an engine that is not there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from integrator.desktop import app
from integrator.desktop.app import Desktop, Premises
from integrator.desktop.engine import EngineView, Reach
from integrator.desktop.local_engine import Waiting
from integrator.desktop.tray import NoTray
from integrator.settings.editing import ConfigFile
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.screen import Screen
from tests.waiting import eventually


@dataclass
class Host:
    """An engine's thread with a message in hand until ``finished``."""

    finished: threading.Event = field(default_factory=threading.Event)
    begun: int = 0
    asked_to_end: bool = False

    def waiting(self) -> Waiting:
        return Waiting(alive=not self.finished.is_set())

    def begin(self) -> None:
        self.begun += 1

    def end(self) -> None:
        self.asked_to_end = True

    def ended(self, seconds: float) -> bool:
        return self.finished.wait(seconds)


class Always:
    """The switch is on."""

    def enabled(self) -> bool:
        return True

    def set(self, on: bool) -> None:
        del on

    def allows_start(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def no_icon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests look at has nothing to do with it."""

    def refuse(*_: object) -> None:
        raise NoTray("Esta área de trabalho não tem onde mostrar o ícone.")

    monkeypatch.setattr("integrator.desktop.tray_pystray.open_tray", refuse)
    monkeypatch.setattr(app, "_LOOK_S", 0.05)
    monkeypatch.setattr(app, "_LOOK_CLOSELY_S", 0.05)


def opened(screen: Screen, folder: Path, engine: FakeEngine, host: Host) -> Desktop:
    del screen  # DISPLAY names it
    premises = Premises(folder, ConfigFile(folder / "config.toml"), engine, host, Always())
    return Desktop(premises, dark=False, quiet=True)


def beside(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_who_closes_the_program_from_outside_does_not_cut_the_message_in_hand(screen: Screen, tmp_path: Path) -> None:
    host, seen = Host(), list[bool]()
    desktop = opened(screen, tmp_path, FakeEngine(), host)

    def close() -> None:
        eventually(lambda: host.begun)
        desktop.end_session(0.1)
        time.sleep(0.3)
        seen.append(still_runs.is_set())
        host.finished.set()

    still_runs = threading.Event()
    still_runs.set()
    closing = beside(close)
    desktop.run()
    still_runs.clear()
    closing.join(120)
    assert (host.asked_to_end, seen) == (True, [True])


def test_an_engine_that_is_gone_is_begun_here_also_after_a_look_that_failed(screen: Screen, tmp_path: Path) -> None:
    host, looks = Host(), list[int]()
    host.finished.set()

    def fail_at_first(_name: str) -> None:
        looks.append(1)
        if len(looks) == 1:
            raise RuntimeError("defect")

    engine = FakeEngine(answer=EngineView(Reach.STOPPED), meanwhile=fail_at_first)
    desktop = opened(screen, tmp_path, engine, host)

    def close() -> None:
        eventually(lambda: host.begun > 1)
        desktop.hear("quit")

    closing = beside(close)
    desktop.run()
    closing.join(120)
    assert host.begun > 1


def test_the_window_opens_with_a_fresh_look_at_the_engine(
    screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By itself the next look would come long after the test.
    monkeypatch.setattr(app, "_LOOK_S", 3600.0)
    monkeypatch.setattr(app, "_LOOK_CLOSELY_S", 3600.0)
    engine, host, looks = FakeEngine(), Host(), list[int]()
    host.finished.set()
    desktop = opened(screen, tmp_path, engine, host)

    def show() -> None:
        try:
            eventually(lambda: engine.asked)
            desktop.hear("show")
            eventually(lambda: len(engine.asked) > 1)
            looks.append(engine.asked.count(("view",)))
        finally:
            desktop.hear("quit")

    showing = beside(show)
    desktop.run()
    showing.join(120)
    assert looks == [2]
