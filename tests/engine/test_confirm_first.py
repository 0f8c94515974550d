"""Messages that the shop wants to confirm: asked about in time, sent after a yes, and never before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from integrator import app, policies
from integrator.domain.message import Part, Purpose
from integrator.domain.outcome import Outcome, TryLater
from integrator.domain.sender import Contact
from integrator.erp.pending import PendingRows
from integrator.erp.queue import FirebirdQueue
from integrator.gateways.simulator.client import SimulatorGateway
from integrator.gateways.simulator.process import RunningSimulator
from integrator.messages.catalogue import bare
from integrator.sending.compose import Composer
from integrator.sending.gateway import Assigned
from integrator.sending.policy import ComposePolicy
from integrator.sending.ports import Asks, Reservation, World
from integrator.sending.rehearsal import Fate, Rehearsal, RehearsalPolicy
from tests.engine.conftest import MORNING
from tools.faults_engine import EngineRun, SkippedClock, engine_of, send_all
from tools.faults_shop import SERVICE_TEXT, Shop, key_of, phone_of

CRM = "CRM"
_LEFT = ("enviada", "entregue", "lida")


Setting = Callable[[Asks | None], None]


@pytest.fixture
def the_shop_asks(monkeypatch: pytest.MonkeyPatch) -> Setting:
    """Sets what the next engines ask about."""
    pump_policy, engine_policy = policies.pump_policy, app._engine_policy

    def setting(asks: Asks | None) -> None:
        monkeypatch.setattr(app, "pump_policy", lambda chosen, _: replace(pump_policy(chosen, None), asks=asks))
        monkeypatch.setattr(
            app, "_engine_policy", lambda chosen, _, rule: replace(engine_policy(chosen, None, rule), asks=asks)
        )

    return setting


@pytest.fixture
def asking(the_shop_asks: Setting) -> None:
    """A shop that wants to confirm what comes from the CRM."""
    the_shop_asks(lambda module, _kind: bare(module) == bare(CRM))


def campaign(shop: Shop, number: int, *, module: str = CRM) -> None:
    shop.enqueue(number, purpose=Purpose.SERVICE, module=module, text=SERVICE_TEXT)
    shop.release(key_of(number))


def states(shop: Shop) -> dict[str, str]:
    """What became of each row; receipts come when they come."""
    return {key: "enviada" if row.state in _LEFT else row.state for key, row in shop.queue().items()}


def receivers(simulator: RunningSimulator) -> set[str]:
    return {bubble.to for bubble in simulator.ledger().messages}


@pytest.mark.feature("G21", "G20")
@pytest.mark.usefixtures("asking")
def test_what_the_shop_confirms_waits_and_leaves_after_the_yes_and_the_rest_leaves_by_itself(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    campaign(shop, 0)
    campaign(shop, 1, module="ORDEM DE SERVIÇO")

    clock = send_all(engine_run)

    assert states(shop) == {key_of(0): "aguardando_confirmacao", key_of(1): "enviada"}
    assert receivers(simulator) == {f"55{phone_of(1)}"}
    assert "confirmar" in shop.queue()[key_of(0)].reason

    assert shop.rows("SELECT RESULTADO FROM WA_CONFIRMAR(?)", (key_of(0),)) == [("OK",)]
    send_all(engine_run, clock)

    assert states(shop)[key_of(0)] == "enviada"
    assert receivers(simulator) == {f"55{phone_of(0)}", f"55{phone_of(1)}"}


@pytest.mark.feature("G21")
@pytest.mark.usefixtures("asking")
def test_the_shop_is_asked_while_nothing_may_leave_so_that_the_yes_is_there_in_time(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    campaign(shop, 0)
    shop.close()
    with engine_of(engine_run, SkippedClock(MORNING - timedelta(hours=5))) as (parts, _):
        parts.engine.tick()
    assert states(shop) == {key_of(0): "aguardando_confirmacao"}
    assert receivers(simulator) == set()


@pytest.mark.feature("G21")
@pytest.mark.usefixtures("asking")
def test_a_row_that_comes_while_others_are_sent_is_asked_about_all_the_same(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is released after the engine looked for such rows, and before it reserves the next one of its lane."""
    reserve, late = FirebirdQueue.reserve, iter((0, 1))

    def reserving(
        self: FirebirdQueue, purpose: Purpose, now: datetime, contact: Contact | None = None
    ) -> Reservation | None:
        for number in late:
            campaign(shop, number)
        self.sort_waiting("", lambda _module: "")
        return reserve(self, purpose, now, contact)

    monkeypatch.setattr(FirebirdQueue, "reserve", reserving)
    campaign(shop, 7, module="ORDEM DE SERVIÇO")
    shop.run("UPDATE WA_FILA SET PRIORIDADE = 9")

    send_all(engine_run)

    waiting = {key_of(number): "aguardando_confirmacao" for number in (0, 1)}
    assert states(shop) == {**waiting, key_of(7): "enviada"}
    assert receivers(simulator) == {f"55{phone_of(7)}"}


def test_a_message_of_which_a_part_left_is_finished_and_not_asked_about(
    simulator: RunningSimulator,
    engine_run: EngineRun,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    the_shop_asks: Setting,
) -> None:
    """Its other part is tried later; meanwhile the shop began to confirm such messages."""
    shop.debts(range(1, 2), MORNING.date())
    send, refused = SimulatorGateway.send, []

    def sending(self: SimulatorGateway, to: str, part: Part, message_id: str, assigned: Assigned) -> Outcome:
        if part.order == 1:
            return send(self, to, part, message_id, assigned)
        refused.append(part)
        return TryLater("Ocupado.", 1.0)

    with engine_of(engine_run) as (parts, clock), monkeypatch.context() as patch:
        patch.setattr(SimulatorGateway, "send", sending)
        parts.engine.tick()
    assert (len(refused), states(shop)) == (1, {key_of(1): "pendente"})
    the_shop_asks(lambda _module, _kind: True)

    send_all(engine_run, clock)

    assert states(shop) == {key_of(1): "enviada"}
    assert simulator.ledger().reposts == ()


def test_where_nobody_is_asked_the_queue_is_not_searched_for_it(
    simulator: RunningSimulator,
    engine_run: EngineRun,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    the_shop_asks: Setting,
) -> None:
    searched: list[object] = []
    monkeypatch.setattr(FirebirdQueue, "kinds_waiting", searched.append)
    the_shop_asks(None)
    campaign(shop, 0)

    send_all(engine_run)

    assert (states(shop), searched) == ({key_of(0): "enviada"}, [])


@pytest.mark.feature("G21")
def test_a_rehearsal_tells_what_would_wait_for_a_yes(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    campaign(shop, 0)
    campaign(shop, 1, module="ORDEM DE SERVIÇO")
    with engine_of(engine_run) as (parts, clock):
        rehearsal = Rehearsal(
            World(parts.queue, parts.journal, parts.gateway, clock),
            PendingRows(parts.database, engine_run.instance),
            composer=Composer(ComposePolicy()),
            policy=RehearsalPolicy("teste", asks=lambda module, _kind: bare(module) == bare(CRM)),
        )
        rehearsal.tick()

    fates = {each.key: (each.fate, bool(each.reason)) for each in rehearsal.results}
    assert fates == {key_of(0): (Fate.AWAITING, True), key_of(1): (Fate.SENT, False)}
    assert receivers(simulator) == {f"55{phone_of(1)}"}
