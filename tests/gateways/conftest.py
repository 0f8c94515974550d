"""A simulator in a process of its own, and the clock that dates what is sent to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrator.gateways.simulator.client import SimulatorGateway
from integrator.gateways.simulator.process import RunningSimulator, start_simulator

MONDAY_MORNING = datetime(2026, 11, 23, 8, 0)


class TestClock:
    """A clock that moves when told to."""

    __test__ = False

    def __init__(self) -> None:
        self.time = MONDAY_MORNING

    def now(self) -> datetime:
        return self.time

    def advance(self, **amount: float) -> None:
        self.time += timedelta(**amount)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[RunningSimulator]:
    with start_simulator(tmp_path / "simulador") as running:
        yield running


@pytest.fixture
def gateway(simulator: RunningSimulator, clock: TestClock) -> Iterator[SimulatorGateway]:
    gateway = simulator.gateway(clock=clock.now)
    yield gateway
    gateway.close()
