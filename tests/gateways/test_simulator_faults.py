"""Each fault on demand does what it says, and the ledger tells what really happened."""

from __future__ import annotations

import time

import pytest

from integrator.domain.outcome import CannotTell, NotFound, Outcome, Rejected, Sent, TryLater, Unknown
from integrator.gateways.simulator.client import SimulatorGateway
from integrator.gateways.simulator.faults import Fault, FaultKind, FaultPlan, fault_from_json, fault_to_json
from integrator.gateways.simulator.process import RunningSimulator
from integrator.gateways.simulator.simulation import LONGEST_TEXT
from integrator.sending.gateway import GatewayState
from tests.gateways.conftest import TestClock
from tests.gateways.contract import ROW, pdf_part, text_part
from tests.waiting import eventually

PHONE = "554988590187"
OTHER_PHONE = "5511988590187"


def send(gateway: SimulatorGateway, text: str = "Olá", to: str = PHONE) -> Outcome:
    part = text_part(text)
    return gateway.send(to, part, gateway.new_message_id(ROW, part))


def send_and_give_up(simulator: RunningSimulator, clock: TestClock, patience_s: float) -> Outcome:
    """The simulator may take the message after the client gave up."""
    impatient = simulator.gateway(clock=clock.now, timeout_s=patience_s)
    outcome = send(impatient)
    impatient.close()
    return outcome


def texts(simulator: RunningSimulator) -> list[str]:
    return [bubble.text for bubble in simulator.ledger().messages]


def test_a_refusal_for_good_sends_nothing(simulator: RunningSimulator, gateway: SimulatorGateway) -> None:
    simulator.fail(Fault(FaultKind.REFUSE, reason="Conteúdo recusado."))
    assert send(gateway) == Rejected("Conteúdo recusado.", "HTTP 422")
    assert isinstance(send(gateway), Sent)
    assert texts(simulator) == ["Olá"]


def test_a_refusal_for_now_says_when_to_try_again(simulator: RunningSimulator, gateway: SimulatorGateway) -> None:
    simulator.fail(Fault(FaultKind.REFUSE_LATER, delay_s=90))
    outcome = send(gateway)
    assert isinstance(outcome, TryLater)
    assert outcome.after_s == 90
    assert texts(simulator) == []


@pytest.mark.parametrize(
    ("kind", "patience_s", "delivered"),
    [(FaultKind.TIME_OUT, 0.3, ["Olá"]), (FaultKind.DROP_AFTER, 60.0, ["Olá"]), (FaultKind.DROP, 60.0, [])],
)
def test_without_an_answer_the_client_cannot_know(
    simulator: RunningSimulator,
    gateway: SimulatorGateway,
    clock: TestClock,
    kind: FaultKind,
    patience_s: float,
    delivered: list[str],
) -> None:
    simulator.fail(Fault(kind))
    outcome = send_and_give_up(simulator, clock, patience_s)
    assert isinstance(outcome, Unknown)
    assert "confira no celular" in outcome.reason
    eventually(lambda: texts(simulator) == delivered)
    message_id = gateway.new_message_id(ROW, text_part("Olá"))
    assert (gateway.confirm(message_id) == NotFound()) is (delivered == [])
    assert isinstance(send(gateway, "depois"), Sent)


def test_a_slow_answer_arrives_when_the_client_is_patient(simulator: RunningSimulator, clock: TestClock) -> None:
    patient = simulator.gateway(clock=clock.now, timeout_s=60)
    simulator.fail(Fault(FaultKind.SLOW, delay_s=0.2))
    started = time.monotonic()
    assert isinstance(send(patient), Sent)
    assert time.monotonic() - started >= 0.2
    patient.close()


def test_what_is_being_taken_just_now_is_not_called_absent(
    simulator: RunningSimulator, gateway: SimulatorGateway, clock: TestClock
) -> None:
    simulator.fail(Fault(FaultKind.SLOW, delay_s=600))
    message_id = gateway.new_message_id(ROW, text_part("Olá"))
    assert isinstance(send_and_give_up(simulator, clock, 0.3), Unknown)
    eventually(lambda: gateway.confirm(message_id) == CannotTell())
    assert gateway.confirm(message_id) == CannotTell()


def test_a_fault_can_follow_a_schedule_and_hit_some_recipients_only() -> None:
    plan = FaultPlan()
    fault = Fault(FaultKind.DROP, times=2, to=frozenset({PHONE}), skip=1, every=3)
    plan.arm([fault])
    assert plan.next_for(OTHER_PHONE) is None
    hits = [plan.next_for("5549988590187", PHONE) is fault for _ in range(9)]
    assert hits == [False, True, False, False, True, False, False, False, False]


def test_an_endless_fault_ends_when_it_is_cleared(simulator: RunningSimulator, gateway: SimulatorGateway) -> None:
    simulator.fail(Fault(FaultKind.REFUSE, times=0))
    assert [type(send(gateway)) for _ in range(3)] == [Rejected] * 3
    simulator.clear_faults()
    assert isinstance(send(gateway), Sent)


def test_a_fault_travels_unchanged() -> None:
    fault = Fault(FaultKind.SLOW, 3, frozenset({PHONE, OTHER_PHONE}), 1, 2, 0.5, "porque sim")
    assert fault_from_json(fault_to_json(fault)) == fault


@pytest.mark.parametrize("wrong", [{"times": -1}, {"every": 0}, {"skip": -1}, {"delay_s": -0.1}])
def test_a_fault_without_sense_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="negative"):
        fault_from_json({"kind": FaultKind.DROP, **wrong})


def test_what_whatsapp_never_takes_is_refused(simulator: RunningSimulator, gateway: SimulatorGateway) -> None:
    assert isinstance(send(gateway, ""), Rejected)
    assert isinstance(send(gateway, "a" * (LONGEST_TEXT + 1)), Rejected)
    assert isinstance(send(gateway, "ã" * LONGEST_TEXT), Sent)
    assert len(texts(simulator)) == 1


@pytest.mark.parametrize("state", [GatewayState.NEEDS_PAIRING, GatewayState.LOGGED_OUT, GatewayState.OFFLINE])
def test_a_number_that_is_not_connected_sends_nothing(
    simulator: RunningSimulator, gateway: SimulatorGateway, state: GatewayState
) -> None:
    simulator.set_state(state)
    assert gateway.condition().state is state
    assert bool(gateway.sender()) is (state is GatewayState.OFFLINE)
    assert isinstance(send(gateway), TryLater)
    assert texts(simulator) == []
    simulator.set_state(GatewayState.CONNECTED)
    assert isinstance(send(gateway), Sent)


def test_a_stranger_without_the_token_is_not_let_in(simulator: RunningSimulator, clock: TestClock) -> None:
    stranger = SimulatorGateway(simulator.url, "errado", clock=clock.now, mode=simulator.card.mode)
    assert isinstance(send(stranger), TryLater)
    assert stranger.condition().state is GatewayState.OFFLINE
    assert texts(simulator) == []
    stranger.close()


def test_the_mode_is_asked_of_the_simulator_when_it_is_not_given(simulator: RunningSimulator, clock: TestClock) -> None:
    gateway = SimulatorGateway(simulator.url, simulator.token, clock=clock.now)
    assert gateway.capabilities.own_message_id
    gateway.close()


def test_a_message_in_a_language_nobody_speaks_is_refused(
    simulator: RunningSimulator, gateway: SimulatorGateway
) -> None:
    outcome = gateway.send(PHONE, pdf_part(), "um código com espaços")
    assert isinstance(outcome, Rejected)
    assert simulator.ledger().messages == ()
