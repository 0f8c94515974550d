"""The simulator is a gateway like any other, in both of its modes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from integrator.gateways.simulator.faults import Fault, FaultKind
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.process import RunningSimulator, start_simulator
from integrator.sending.gateway import Gateway, GatewayState
from tests.gateways.conftest import TestClock
from tests.gateways.contract import GatewayContract, Stage


class SimulatorStage:
    known = "554988590187"
    other_form = "5549988590187"
    unknown = "554933221100"
    account = "Loja do simulador"

    def __init__(self, simulator: RunningSimulator, clock: TestClock) -> None:
        self._simulator = simulator
        self._clock = clock
        self.gateway: Gateway = simulator.gateway(clock=clock.now)

    def accepted(self) -> Sequence[str]:
        return [bubble.id for bubble in self._simulator.ledger().messages]

    def received(self, message_id: str) -> tuple[bytes, str]:
        ledger = self._simulator.ledger()
        (bubble,) = (bubble for bubble in ledger.messages if bubble.id == message_id)
        return ledger.content(bubble), bubble.caption

    def lose_next_answer(self) -> None:
        self._simulator.fail(Fault(FaultKind.DROP_AFTER))

    def disconnect(self) -> None:
        self._simulator.set_state(GatewayState.OFFLINE)

    def take_engine_away(self) -> None:
        self._simulator.kill()

    def write(self, text: str, sender: str) -> None:
        self._simulator.write(sender, text, self._clock.now())

    def let_receipts_arrive(self) -> None:
        self._clock.advance(days=1)


class _SimulatorContract(GatewayContract):
    mode: Mode

    @pytest.fixture
    def stage(self, tmp_path: Path, clock: TestClock) -> Iterator[Stage]:
        with start_simulator(tmp_path, mode=self.mode) as simulator:
            stage = SimulatorStage(simulator, clock)
            yield stage
            stage.gateway.close()


class TestSimulatorThatConfirms(_SimulatorContract):
    mode = Mode.CONFIRMS


class TestSimulatorThatCannotConfirm(_SimulatorContract):
    mode = Mode.CANNOT_CONFIRM
