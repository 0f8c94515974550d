"""The database server stands still under a running engine: nothing hangs, and the queue is whole afterwards."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from integrator.erp.queue import FirebirdQueue
from integrator.gateways.simulator.process import RunningSimulator
from integrator.sending.engine import Engine
from tests.engine.conftest import MORNING, target_of
from tools.faults_engine import EngineRun, drive, engine_of
from tools.faults_shop import Shop, judge
from tools.firebird_server import PrivateServer

_ROWS = 5


@pytest.fixture(scope="module")
def sleepy(tmp_path_factory: pytest.TempPathFactory, firebird_server: PrivateServer) -> Iterator[PrivateServer]:
    """Another server than everybody's, because it will stand still."""
    with PrivateServer(tmp_path_factory.mktemp("sleepy")) as server:
        yield server


@pytest.fixture
def run(sleepy: PrivateServer, shop_template: Path, tmp_path: Path, simulator: RunningSimulator) -> EngineRun:
    path = sleepy.path(f"{tmp_path.name}.fdb")
    path.write_bytes(shop_template.read_bytes())
    target = replace(target_of(sleepy, path), connect_timeout_s=1, attach_timeout_s=2)
    return EngineRun(target, tmp_path / "dados", simulator.folder, MORNING, patience_s=30)


@pytest.mark.feature("B01")
@pytest.mark.parametrize("moment", ["reserve", "begin", "finish"])
def test_the_server_stands_still_for_seconds_in_the_middle_of_a_row(
    moment: str,
    run: EngineRun,
    sleepy: PrivateServer,
    simulator: RunningSimulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    shop = Shop(run.target)
    shop.debts(range(_ROWS), MORNING.date())
    shop.close()
    _freeze_once(monkeypatch, sleepy, moment)
    longest = _longest_tick(monkeypatch)

    with engine_of(run) as (parts, clock):
        parts.database.patience_s = 0.5
        drive(parts, clock, run)

    verdict = judge(shop.queue(), simulator.ledger())
    shop.close()
    assert (len(verdict.sent), verdict.duplicates, verdict.lost, verdict.uncertain) == (_ROWS, (), (), ())
    told = [record.getMessage() for record in caplog.records if "action=problem" in record.getMessage()]
    assert any("parou de responder" in line for line in told)
    assert "action=problem_over" in told[-1]
    assert max(longest) < 15


def _freeze_once(patch: pytest.MonkeyPatch, server: PrivateServer, moment: str, seconds: float = 3.0) -> None:
    """Before the second row's ``moment`` the server stands still; it goes on by itself."""
    original = getattr(FirebirdQueue, moment)
    passed: list[None] = []

    def wrapped(*args: object) -> object:
        passed.append(None)
        if len(passed) == 2:
            server.freeze()
            threading.Timer(seconds, server.thaw).start()
        return original(*args)

    patch.setattr(FirebirdQueue, moment, wrapped)


def _longest_tick(patch: pytest.MonkeyPatch) -> list[float]:
    lasted: list[float] = []
    tick = Engine.tick

    def timed(engine: Engine) -> None:
        began = time.monotonic()
        tick(engine)
        lasted.append(time.monotonic() - began)

    patch.setattr(Engine, "tick", timed)
    return lasted
