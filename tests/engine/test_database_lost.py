"""The Firebird server is killed under a running engine, or holds one of its rows locked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from integrator.erp.connection import Target
from integrator.gateways.simulator.process import RunningSimulator
from integrator.sending.engine import Engine
from tests.engine.conftest import MORNING, target_of
from tests.waiting import PATIENCE_S
from tools.faults_engine import EngineRun, Point, drive, engine_of, send_all
from tools.faults_shop import Shop, judge, key_of
from tools.firebird_server import PrivateServer


@pytest.fixture(scope="module")
def mortal_server(tmp_path_factory: pytest.TempPathFactory, firebird_server: PrivateServer) -> Iterator[PrivateServer]:
    """Another server than everybody's, because it will be killed."""
    with PrivateServer(tmp_path_factory.mktemp("mortal")) as server:
        yield server


@pytest.fixture
def mortal(mortal_server: PrivateServer, shop_template: Path, tmp_path: Path) -> Target:
    path = mortal_server.path(f"{tmp_path.name}.fdb")
    path.write_bytes(shop_template.read_bytes())
    return target_of(mortal_server, path)


@pytest.mark.feature("B01")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # finalizers of fdb's lost statements
@pytest.mark.parametrize(
    "point",
    [Point.AFTER_RESERVE, Point.BEFORE_SENDING, Point.AFTER_SENDING, Point.BETWEEN_PARTS, Point.BEFORE_RECORDING],
    ids=lambda point: str(point.name.lower()),
)
def test_the_server_dies_in_the_middle_of_a_row_and_comes_back(
    point: Point,
    mortal: Target,
    mortal_server: PrivateServer,
    simulator: RunningSimulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop(mortal)
    shop.debts(range(4), MORNING.date())
    shop.close()
    run = EngineRun(mortal, tmp_path / "dados", simulator.folder, MORNING, patience_s=PATIENCE_S)
    problems = _kill_server_once(monkeypatch, mortal_server, point)

    with engine_of(run) as (parts, clock):
        drive(parts, clock, run)

    verdict = judge(shop.queue(), simulator.ledger())
    shop.close()
    assert problems == ["Banco de dados fora do ar"]
    assert (len(verdict.sent), verdict.duplicates, verdict.lost, verdict.uncertain) == (4, (), (), ())


def _kill_server_once(patch: pytest.MonkeyPatch, server: PrivateServer, point: Point) -> list[str]:
    """Kill the server at the second passage of ``point``, start it before the next tick; what the engine said then."""
    owner, name, when = point.value
    original = getattr(owner, name)
    passed: list[None] = []
    problems: list[str] = []

    def wrapped(*args: Any, **named: Any) -> Any:
        passed.append(None)
        if len(passed) == 2 and when == "before":
            server.kill()
        answer = original(*args, **named)
        if len(passed) == 2 and when == "after":
            server.kill()
        return answer

    tick = Engine.tick

    def ticking(engine: Engine) -> None:
        tick(engine)
        if engine.status.problem is not None and not problems:
            problems.append(engine.status.problem.title)
            server.start()

    patch.setattr(owner, name, wrapped)
    patch.setattr(Engine, "tick", ticking)
    return problems


def test_a_row_that_the_closing_holds_locked_does_not_stop_the_others(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop, target: Target
) -> None:
    """One long transaction of the ERP has touched a row that was being sent, and others that have expired."""
    shop.debts(range(4), MORNING.date())
    shop.run("UPDATE WA_FILA SET EXPIRA_EM = ? WHERE CHAVE = ?", (MORNING, key_of(3)))
    erp = Shop(target)

    def lock(session: Any) -> None:
        session.execute("UPDATE WA_FILA SET ERRO_ERP = NULL WHERE CHAVE IN (?, ?)", (key_of(0), key_of(3)))
        send_all(replace(engine_run, ticks=8))

    erp.database.run(lock)
    during = shop.queue()
    send_all(replace(engine_run, start=MORNING + timedelta(hours=1)))
    erp.close()

    verdict = judge(shop.queue(), simulator.ledger())
    assert [during[key_of(number)].state in {"enviada", "entregue", "lida"} for number in range(4)] == [
        False,
        True,
        True,
        False,
    ]
    assert (len(verdict.sent), verdict.duplicates, verdict.other) == (3, (), (key_of(3),))
