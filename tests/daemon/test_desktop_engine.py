"""The engine's thread beside a desktop, and the service: what they wait for, and who gives way to whom."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from integrator import daemon
from integrator.cli import desktop as cli_desktop
from integrator.cli.context import Choice
from integrator.daemon import Place, desktop
from integrator.daemon.desktop import EngineThread
from integrator.desktop import crash, local_engine
from integrator.desktop.engine import EngineView, Reach
from integrator.desktop.local_engine import LocalEngine
from integrator.desktop.single_instance import DesktopSilent, Opening
from integrator.local_address import PanelAway, read_address, write_address
from integrator.paths import SERVICE_MARK
from integrator.secrets import Source
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile
from integrator.single_instance import InstanceLock, is_held
from tests.waiting import PATIENCE_S, eventually
from tools.environment import ROOT


def place(folder: Path) -> Place:
    config = folder / "config.toml"
    return Place(config, folder, lambda: Settings.load(config), commanded=True)


def view(folder: Path, host: EngineThread | None = None) -> EngineView:
    config = ConfigFile(folder / "config.toml")
    return (LocalEngine(folder, config, host.waiting) if host else LocalEngine(folder, config)).view()


def stopped(engine: LocalEngine) -> bool:
    """Whether it heard that it is to end; for a moment after something was saved it begins anew."""
    try:
        engine.stop()
    except PanelAway:
        return False
    return True


def kept(engine: LocalEngine, password: str) -> Source | None:
    """Where it keeps the password; None: it was too busy to answer."""
    try:
        return engine.keep_password("senha", password)
    except PanelAway:
        return None


def test_an_engine_without_a_database_waits_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    host = EngineThread(place(tmp_path))
    host.begin()
    try:
        eventually(lambda: view(tmp_path).reach is Reach.UNCONFIGURED and view(tmp_path).version)
        (tmp_path / "config.toml").write_text("[banco]\nporta = 'x'\n", encoding="utf-8")
        eventually(lambda: view(tmp_path).reach is Reach.REFUSED)
        assert "porta" in view(tmp_path).problem
    finally:
        host.end()
        assert host.ended(PATIENCE_S)
    assert not is_held(tmp_path)


def test_what_is_waited_for_is_in_the_log_once_and_not_each_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(daemon, "_AGAIN_S", 0.0)
    monkeypatch.setattr(daemon, "_CONFIG_POLL_S", 0.01)
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    stop, tries = threading.Event(), list[int]()

    def load() -> Settings:
        tries.append(1)
        if len(tries) == 3:
            stop.set()
        return Settings()

    with caplog.at_level("INFO"):
        daemon.run_waiting(Place(tmp_path / "config.toml", tmp_path, load, commanded=True), stop)
    assert len(tries) == 3
    assert [each.getMessage().split()[0] for each in caplog.records].count("action=waiting") == 1
    assert "local_ready" not in caplog.text


def test_another_process_is_the_engine_and_its_place_is_taken_when_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(desktop, "time", SimpleNamespace(monotonic=lambda: now[0]))
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    host = EngineThread(place(tmp_path))
    with InstanceLock(tmp_path):
        host.begin()
        assert host.ended(PATIENCE_S)
        assert not host.waiting().alive
    host.begin()
    assert not host.waiting().alive  # not at once again
    now[0] += 15.0
    host.begin()
    assert host.waiting().alive
    host.end()
    assert host.ended(PATIENCE_S)


def test_a_desktop_does_not_take_the_place_of_a_stopped_service(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[banco]\ncaminho = 'C:\\x.fdb'\n", encoding="utf-8")
    (tmp_path / SERVICE_MARK).touch()
    host = EngineThread(place(tmp_path))
    host.begin()
    assert not host.waiting().alive
    found = view(tmp_path, host)
    assert found.reach is Reach.STOPPED
    assert "service start" in found.problem

    (tmp_path / SERVICE_MARK).unlink()  # the service was removed
    host.begin()
    assert host.waiting().alive
    host.end()
    assert host.ended(PATIENCE_S)


def test_a_service_that_waits_says_what_for_whatever_the_desktop_thought_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("[banco]\ncaminho = 'C:\\x.fdb'\n", encoding="utf-8")
    (tmp_path / SERVICE_MARK).touch()
    host = EngineThread(place(tmp_path))
    host.begin()
    write_address(tmp_path, 9, "http")

    def service(_folder: Path, path: str, _fields: object, *, patience_s: float) -> object:
        del path, patience_s
        return {"waits": "O banco é mais novo que o programa.", "service": True, "version": "1"}

    monkeypatch.setattr(local_engine, "ask", service)
    found = view(tmp_path, host)
    assert (found.reach, found.problem, found.service) == (Reach.REFUSED, "O banco é mais novo que o programa.", True)


def test_an_engine_that_ended_by_a_defect_is_told_and_begins_again_less_and_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("[banco]\ncaminho = 'C:\\x.fdb'\n", encoding="utf-8")
    now, runs = [1000.0], list[float]()

    def broken(*_: object) -> None:
        runs.append(now[0])
        raise RuntimeError("defect")

    monkeypatch.setattr(desktop, "run_waiting", broken)
    monkeypatch.setattr(desktop, "time", SimpleNamespace(monotonic=lambda: now[0]))
    host = EngineThread(place(tmp_path))
    for _ in range(400):
        if view(tmp_path, host).reach is Reach.STOPPED:  # what the desktop begins it upon
            host.begin()
            assert host.ended(PATIENCE_S)
        now[0] += 5.0
    assert "recomeça" in view(tmp_path, host).problem
    waits = [later - earlier for earlier, later in pairwise(runs)]
    assert waits[:2] == [30.0, 60.0]
    assert waits[-1] == 600.0


def test_an_engine_that_was_told_to_stop_begins_again_until_its_desktop_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "_AGAIN_S", 0.0)
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    host = EngineThread(place(tmp_path))
    host.begin()
    # Its end may come before the answer that it ends.
    eventually(lambda: stopped(LocalEngine(tmp_path, ConfigFile(tmp_path / "config.toml"))) or not host.waiting().alive)
    assert host.ended(PATIENCE_S)
    host.begin()
    assert host.waiting().alive
    host.end()
    assert host.ended(PATIENCE_S)
    host.begin()
    assert not host.waiting().alive


def test_a_start_while_the_other_desktop_ends_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ending, opened = Opening.first(tmp_path, lambda _: None), list[bool]()
    assert ending is not None

    def say(*_: object) -> bool:
        ending.close()
        return False

    monkeypatch.setattr(cli_desktop, "say", say)
    monkeypatch.setattr(cli_desktop, "begin_log", lambda _: None)
    monkeypatch.setattr(crash, "install", lambda *_: "")
    monkeypatch.setattr(cli_desktop, "_run", lambda *_, quiet: opened.append(quiet))
    assert cli_desktop.open_desktop(Choice(None, tmp_path)) == 0
    assert opened == [False]


def test_a_desktop_that_hangs_does_not_keep_the_engine_from_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> int:
        raise DesktopSilent("O Integrador não respondeu.")

    monkeypatch.setattr(cli_desktop, "say_to_all", silent)
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    host = EngineThread(place(tmp_path))
    host.begin()
    eventually(lambda: read_address(tmp_path))  # asking for its lock would take that from it for an instant
    with pytest.raises(DesktopSilent):
        cli_desktop.quit_all(Choice(None, tmp_path))
    assert host.ended(PATIENCE_S)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_the_service_waits_for_its_configuration_and_ends_when_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "integrator", "--dados", str(tmp_path), "run", "--service"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "INTEGRATOR_SENHA": "x"}) as service:
        try:
            # One look at it: on a busy computer the next one may get no answer in time.
            eventually(lambda: (found := view(tmp_path)).service and found.reach is Reach.UNCONFIGURED)
            engine = LocalEngine(tmp_path, ConfigFile(tmp_path / "config.toml"))
            eventually(lambda: (source := kept(engine, "segredo da loja")) and source is Source.FILE)
            # Its end may come before the answer that it ends.
            eventually(lambda: stopped(engine) or service.poll() is not None)
            assert service.wait(PATIENCE_S) == 0
        finally:
            if service.poll() is None:
                service.send_signal(signal.SIGKILL)
    log = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "registro").glob("*.log"))
    assert "segredo da loja" not in log
    assert "action=waiting" in log
