"""WhatsApp gives no answer, or a refusal: what is resent, and what never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from integrator.domain.message import Part
from integrator.domain.outcome import Outcome
from integrator.erp.connection import Target
from integrator.gateways.simulator.client import SimulatorGateway
from integrator.gateways.simulator.faults import Fault, FaultKind
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.process import RunningSimulator
from integrator.sending.gateway import Assigned, GatewayState
from tests.engine.conftest import MORNING, simulator_in
from tests.waiting import PATIENCE_S, eventually
from tools.faults_engine import EngineRun, Kill, Point, killed_at, send_all
from tools.faults_shop import Shop, judge, key_of, phone_of

STRUCK = frozenset({f"55{phone_of(1)}"})
AMBIGUOUS = (FaultKind.TIME_OUT, FaultKind.DROP_AFTER, FaultKind.DROP)


@pytest.mark.feature("B01")
@pytest.mark.parametrize("part", [1, 2], ids=["text", "document"])
@pytest.mark.parametrize("kind", AMBIGUOUS, ids=lambda kind: str(kind.value))
def test_nothing_is_resent_after_an_answer_that_did_not_come(
    kind: FaultKind, part: int, mode: Mode, target: Target, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.debts(range(3), MORNING.date())
    give_up_soon(monkeypatch, part)
    with simulator_in(tmp_path / "simulador", mode) as simulator:
        simulator.fail(Fault(kind, to=STRUCK, skip=part - 1))
        run = EngineRun(target, tmp_path / "dados", simulator.folder, MORNING, patience_s=PATIENCE_S)
        send_all(run)
        send_all(replace(run, start=MORNING + timedelta(days=1)))
        wanted = part - 1 if kind is FaultKind.DROP else part
        # What WhatsApp took without an answer may be in its ledger after the engine gave up.
        eventually(lambda: sum(each.to in STRUCK for each in simulator.ledger().messages) >= wanted, "what was posted")
        got = [bubble for bubble in simulator.ledger().messages if bubble.to in STRUCK]
        verdict = judge(shop.queue(), simulator.ledger())
        reposts = simulator.ledger().reposts

    assert (verdict.uncertain, verdict.duplicates, verdict.lost) == ((key_of(1),), (), ())
    assert (len(verdict.sent), reposts) == (2, ())
    assert len(got) == wanted
    assert "confira no celular e decida" in shop.queue()[key_of(1)].reason


def give_up_soon(patch: pytest.MonkeyPatch, part: int) -> None:
    """Only the answer that will not come is soon given up: others take as long as a busy computer needs."""
    send = SimulatorGateway.send

    def sending(self: SimulatorGateway, to: str, posted: Part, message_id: str, assigned: Assigned) -> Outcome:
        self._timeout_s = 0.3 if to in STRUCK and posted.order == part else PATIENCE_S
        return send(self, to, posted, message_id, assigned)

    patch.setattr(SimulatorGateway, "send", sending)


@pytest.mark.feature("B01")
def test_a_no_of_whatsapp_does_not_undo_an_ambiguous_answer(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    """The connection broke, then the program died before writing it down: still nobody knows."""
    shop.debts(range(1), MORNING.date())
    simulator.fail(Fault(FaultKind.DROP))
    assert killed_at(replace(engine_run, kill=Kill(Point.BEFORE_RECORDING, 1)))

    send_all(replace(engine_run, start=MORNING + timedelta(hours=1)))

    assert shop.queue()[key_of(0)].state == "incerta"
    assert simulator.ledger().messages == ()


@pytest.mark.feature("B01")
def test_a_proven_refusal_is_tried_again_later_and_arrives_once(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(3), MORNING.date())
    simulator.fail(Fault(FaultKind.REFUSE_LATER, times=2, to=STRUCK, skip=1, delay_s=30))

    send_all(engine_run)

    verdict = judge(shop.queue(), simulator.ledger())
    assert (len(verdict.sent), verdict.duplicates) == (3, ())


def test_a_number_that_always_puts_it_off_fails_in_the_end(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(1), MORNING.date())
    simulator.fail(Fault(FaultKind.REFUSE_LATER, times=0, delay_s=30))

    send_all(engine_run)

    row = shop.queue()[key_of(0)]
    assert (row.state, row.code) == ("falhou", "tentativas")
    assert "5 tentativas" in row.reason


def test_a_refusal_for_good_says_why_and_the_others_go_on(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(3), MORNING.date())
    simulator.fail(Fault(FaultKind.REFUSE, to=STRUCK, skip=1, reason="O arquivo foi recusado."))

    send_all(engine_run)

    row = shop.queue()[key_of(1)]
    assert (row.state, row.reason) == (
        "falhou",
        "O arquivo foi recusado. Antes disso, parte da mensagem já tinha saído.",
    )
    assert len(judge({k: v for k, v in shop.queue().items() if k != row.key}, simulator.ledger()).sent) == 2


def test_without_connection_rows_wait_and_nothing_fails(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(2), MORNING.date())
    simulator.set_state(GatewayState.OFFLINE)
    send_all(replace(engine_run, ticks=5))
    waiting = shop.counts()
    simulator.set_state(GatewayState.CONNECTED)

    send_all(replace(engine_run, start=MORNING + timedelta(hours=1)))

    assert waiting == {"pendente": 2}
    assert len(judge(shop.queue(), simulator.ledger()).sent) == 2
