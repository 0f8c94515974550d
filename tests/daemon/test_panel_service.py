"""The panel beside the engine: what it does about a port that another program has."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrator.daemon.panel import PanelService
from integrator.daemon.standby import Standby
from integrator.local_address import ask, one_time_link, read_address
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile
from integrator.settings.panel import PanelSettings


class Clock:
    """Stands until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 9, 0)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> bool:
        self.at += timedelta(seconds=seconds)
        return True


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    """Another program listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


def test_the_pages_open_once_their_port_is_free_and_the_tray_is_answered_before(
    tmp_path: Path, taken: socket.socket
) -> None:
    clock, port = Clock(), int(taken.getsockname()[1])
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    running = Standby("", False, threading.Event(), lambda: None)
    service = PanelService(ConfigFile(tmp_path / "config.toml"), tmp_path, clock=clock, running=running, always=True)
    try:
        service.apply(Settings(panel=PanelSettings(port=port)))
        first = read_address(tmp_path)
        assert first is not None
        assert first.port != port
        clock.sleep(61)
        service.renew()
        assert read_address(tmp_path) == first, "who is answered is not disturbed while nothing can be mended"
        assert ask(tmp_path, "/local/programa/status", {})["shops"] == []
        taken.close()
        clock.sleep(61)
        service.renew()
        assert f":{port}/" in one_time_link(tmp_path)
    finally:
        service.close()
    assert read_address(tmp_path) is None
