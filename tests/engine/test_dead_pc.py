"""The computer is gone with its journal; a new one takes its place."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from integrator.erp.connection import Target
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.process import RunningSimulator
from tests.engine.conftest import MORNING
from tests.waiting import PATIENCE_S
from tools.faults_engine import EngineRun, Kill, Point, killed_at, send_all
from tools.faults_shop import Shop, judge, key_of

POINTS = {
    Point.AFTER_RESERVE: False,
    Point.AFTER_SENDING: True,
    Point.AFTER_REPLY: True,
    Point.BETWEEN_PARTS: True,
    Point.BEFORE_RECORDING: True,
}


@pytest.mark.feature("B01", "B25")
@pytest.mark.parametrize("point", POINTS, ids=lambda point: str(point.name.lower()))
def test_without_the_journal_only_whatsapp_itself_can_vouch_for_the_row_in_hand(
    point: Point, mode: Mode, witness: RunningSimulator, target: Target, shop: Shop, tmp_path: Path
) -> None:
    shop.debts(range(3), MORNING.date())
    run = EngineRun(target, tmp_path / "dados", witness.folder, MORNING, patience_s=PATIENCE_S)
    assert killed_at(replace(run, kill=Kill(point, 2)))
    shutil.rmtree(run.folder)
    shop.end_leases()

    send_all(replace(run, start=MORNING + timedelta(minutes=30)))

    verdict = judge(shop.queue(), witness.ledger())
    in_doubt = mode is Mode.CANNOT_CONFIRM and POINTS[point]
    assert (verdict.duplicates, verdict.lost, verdict.other) == ((), (), ())
    assert (len(verdict.uncertain), len(verdict.sent)) == ((1, 2) if in_doubt else (0, 3))


@pytest.mark.feature("B25")
def test_a_new_computer_on_a_queue_long_silent_waits_for_a_person(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    """The database may be yesterday's copy: what it calls pending may have been sent since. What came after may go."""
    shop.debts(range(3), MORNING.date())
    assert killed_at(replace(engine_run, kill=Kill(Point.AFTER_RECORDING, 1)))
    shop.run("UPDATE WA_BATIMENTO SET BATIDA_EM = DATEADD(-1 DAY TO BATIDA_EM)")
    shop.run("UPDATE WA_FILA SET CRIADO_EM = DATEADD(-2 DAY TO CRIADO_EM)")
    shop.debts(range(3, 5), MORNING.date())
    shutil.rmtree(engine_run.folder)

    send_all(replace(engine_run, start=MORNING + timedelta(minutes=30)))

    queue = shop.queue()
    held = [row for row in queue.values() if row.state == "retida"]
    assert [row.key for row in held] == [key_of(1), key_of(2)]
    assert {row.code for row in held} == {"restaurado"}
    assert all("talvez já tenha saído" in row.reason for row in held)
    assert len(judge(queue, simulator.ledger()).sent) == 3


@pytest.mark.feature("B25")
def test_what_a_person_released_is_sent_and_not_held_again(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(2), MORNING.date())
    assert killed_at(replace(engine_run, kill=Kill(Point.AFTER_RESERVE, 1)))
    shop.run("UPDATE WA_BATIMENTO SET BATIDA_EM = DATEADD(-1 DAY TO BATIDA_EM)")
    shop.run("UPDATE WA_FILA SET CRIADO_EM = DATEADD(-2 DAY TO CRIADO_EM)")
    new = replace(engine_run, folder=engine_run.folder / "novo")
    send_all(new)
    assert shop.counts() == {"retida": 2}

    shop.run("UPDATE WA_FILA SET SITUACAO = 'pendente' WHERE CHAVE = ?", (key_of(1),))
    send_all(replace(new, start=MORNING + timedelta(hours=1)))

    verdict = judge(shop.queue(), simulator.ledger())
    assert (verdict.sent, verdict.other) == ((key_of(1),), (key_of(0),))
