"""A shop's database per test, copied from one that has the contract, and a simulator with a ledger of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from integrator.erp.connection import Target
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.process import RunningSimulator, start_simulator
from tests.waiting import PATIENCE_S
from tools.faults_engine import EngineRun, next_workday
from tools.faults_shop import Shop
from tools.firebird_server import PrivateServer

MORNING = next_workday(date.today())
_numbers = count(1)


@pytest.fixture(scope="session")
def shop_template(firebird_server: PrivateServer) -> Path:
    """A database as ERPs have it (charset NONE), with the contract and one company."""
    path = firebird_server.create_database("engine-template.fdb", "NONE")
    Shop(target_of(firebird_server, path)).install()
    return path


def target_of(server: PrivateServer, path: Path) -> Target:
    return Target(server.host, server.port, str(path), server.user, server.password, server.client_library)


@pytest.fixture
def target(firebird_server: PrivateServer, shop_template: Path) -> Iterator[Target]:
    """A database of the test's own, by file copy."""
    path = firebird_server.copy_database(shop_template, f"engine-{next(_numbers)}.fdb")
    yield target_of(firebird_server, path)
    path.unlink(missing_ok=True)


@pytest.fixture
def shop(target: Target) -> Iterator[Shop]:
    shop = Shop(target)
    yield shop
    shop.close()


@pytest.fixture(params=list(Mode), ids=[mode.value for mode in Mode])
def mode(request: pytest.FixtureRequest) -> Mode:
    """Both kinds of WhatsApp engine: those that can be asked about a message id, and those that cannot."""
    chosen = request.param
    assert isinstance(chosen, Mode)
    return chosen


@contextmanager
def simulator_in(folder: Path, mode: Mode = Mode.CONFIRMS) -> Iterator[RunningSimulator]:
    """A simulator that is killed at the end, which is quicker than stopping it; its ledger stays readable."""
    running = start_simulator(folder, mode=mode)
    try:
        yield running
    finally:
        running.kill()


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[RunningSimulator]:
    """One that can confirm by id."""
    with simulator_in(tmp_path / "simulador") as running:
        yield running


@pytest.fixture
def witness(mode: Mode, tmp_path: Path) -> Iterator[RunningSimulator]:
    """One of each kind in turn."""
    with simulator_in(tmp_path / "simulador", mode) as running:
        yield running


@pytest.fixture
def engine_run(target: Target, tmp_path: Path, simulator: RunningSimulator) -> EngineRun:
    """An engine on the test's database, with the test's simulator and a data folder of its own."""
    return EngineRun(target, tmp_path / "dados", simulator.folder, MORNING, patience_s=PATIENCE_S)
