"""From the ERP's debts to the customers' phones, and what was paid between the night and the morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrator.app import TICK_S, build
from integrator.nightly import open_closing
from tests.engine.conftest import simulator_in
from tests.nightly.conftest import Shop
from tests.nightly.test_nightly import DUE, NIGHT, run
from tools.faults_engine import SkippedClock

MORNING = datetime(2026, 11, 23, 9)


def send(shop: Shop, folder: Path, ticks: int = 60) -> dict[str, list[str]]:
    """A morning of the engine; the texts that each phone got, by its last eight digits: WhatsApp may drop the ninth."""
    clock = SkippedClock(MORNING)
    with simulator_in(folder / "simulador") as simulator:
        gateway = simulator.gateway(clock=clock.now)
        with build(shop.settings(), shop.folder, clock=clock, gateway=gateway) as parts:
            for _ in range(ticks):
                parts.engine.tick()
                clock.sleep(TICK_S)
        gateway.close()
        texts: dict[str, list[str]] = {}
        for bubble in simulator.ledger().messages:
            texts.setdefault(bubble.to[-8:], []).append(bubble.caption or bubble.text)
        return texts


@pytest.mark.slow
@pytest.mark.feature("B03", "B05", "B13")
def test_who_paid_after_the_closing_gets_nothing_and_a_changed_debt_is_told_as_it_is_now(
    shop: Shop, tmp_path: Path
) -> None:
    for customer in (1, 2, 3):
        shop.owe(f"T{customer}", customer, DUE)
    run(shop)
    with shop.database.attach() as erp:
        erp.done("UPDATE RECEBER SET SALDO = 0 WHERE CODIGO = 'T1'")
        erp.done("UPDATE RECEBER SET SALDO = 40 WHERE CODIGO = 'T2'")

    got = send(shop, tmp_path)

    assert set(got) == {"88520187", "88530187"}
    assert "40,00" in got["88520187"][0]
    assert "150,00" in got["88530187"][0]
    states = sorted(shop.keys().values())
    assert states[0] == "cancelada"
    assert set(states[1:]) <= {"enviada", "entregue", "lida"}
    with shop.database.attach() as erp:
        told = [str(row[0]) for row in erp.ask("SELECT DETALHE FROM WA_EVENTO WHERE ACAO = 'titulo_mudou' ORDER BY ID")]
    assert len(told) == 2
    assert any("situação de aberto para pago" in event for event in told)
    assert any("valor em aberto de R$ 150,00 para R$ 40,00" in event for event in told)


@pytest.mark.slow
@pytest.mark.feature("B03")
def test_what_was_sent_in_the_morning_is_not_queued_again_by_a_closing_at_noon(shop: Shop, tmp_path: Path) -> None:
    shop.owe("T1", 1, DUE)
    run(shop)
    assert len(send(shop, tmp_path)) == 1

    with open_closing(shop.settings(), shop.folder) as closing:
        again = closing.run(MORNING + timedelta(hours=3))

    assert again.send_day == NIGHT.date() + timedelta(days=1)
    assert (again.messages, len(shop.keys())) == (0, 1)
