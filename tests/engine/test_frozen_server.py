"""The database server stands still under a running engine: nothing hangs, and the queue is whole afterwards."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from integrator.erp.connection import Database
from integrator.erp.queue import FirebirdQueue
from integrator.gateways.simulator.process import RunningSimulator
from integrator.sending.engine import Engine
from tests.engine.conftest import MORNING, target_of
from tests.waiting import PATIENCE_S
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
    return EngineRun(target_of(sleepy, path), tmp_path / "dados", simulator.folder, MORNING, patience_s=PATIENCE_S)


@pytest.mark.feature("B01")
@pytest.mark.parametrize("moment", ["reserve", "begin", "finish"])
def test_the_server_stands_still_in_the_middle_of_a_row_and_no_tick_waits_for_it(
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

    with engine_of(run) as (parts, clock):
        parts.database.linger_s = PATIENCE_S  # it is a statement that meets the silence, and not an attachment
        _freeze_once(monkeypatch, sleepy, moment, parts.database)
        drive(parts, clock, run)

    verdict = judge(shop.queue(), simulator.ledger())
    shop.close()
    assert (len(verdict.sent), verdict.duplicates, verdict.lost, verdict.uncertain) == (_ROWS, (), (), ())
    told = [record.getMessage() for record in caplog.records if "action=problem" in record.getMessage()]
    assert any("parou de responder" in line for line in told)
    assert "action=problem_over" in told[-1]


def _freeze_once(patch: pytest.MonkeyPatch, server: PrivateServer, moment: str, database: Database) -> None:
    """Before the second row's ``moment`` the server stands still; it goes on when the engine met that in two ticks.

    Only for so long a silence soon counts as one: a busy computer may be slow at any time.
    """
    original, tick = getattr(FirebirdQueue, moment), Engine.tick
    target, patience_s = database.target, database.patience_s
    passed: list[None] = []
    met: list[None] = []

    def wrapped(*args: object) -> object:
        passed.append(None)
        if len(passed) == 2:
            server.freeze()
            database.target = replace(target, connect_timeout_s=1, attach_timeout_s=2)
            database.patience_s = 0.5
        return original(*args)

    def ticking(engine: Engine) -> None:
        tick(engine)
        if engine.status.problem is not None:
            met.append(None)
            if len(met) == 2:
                server.thaw()
                database.target, database.patience_s = target, patience_s

    patch.setattr(FirebirdQueue, moment, wrapped)
    patch.setattr(Engine, "tick", ticking)
