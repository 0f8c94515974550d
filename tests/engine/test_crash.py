"""The engine is killed, as by a power cut, at every step of the main job; then it is started again."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from integrator.erp.connection import Target
from integrator.gateways.simulator.faults import Fault, FaultKind
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.process import RunningSimulator
from tests.engine.conftest import MORNING
from tools.faults_engine import EngineRun, Kill, Point, killed_at, send_all
from tools.faults_shop import Shop, judge, key_of, phone_of

ROWS = range(4)
#: The row in hand when the process dies: the second one, a debt report under its text, a boleto and its digits.
STRUCK = 1
PARTS = 3
#: Posted before its first: the one part of the row before it.
BEFORE = 1


@dataclass(frozen=True, slots=True)
class Case:
    """Where to strike, and what becomes of the struck row where nobody can confirm: its parts at the customer's."""

    kill: Kill
    uncertain_with: int | None = None


CASES = {
    "after reserve": Case(Kill(Point.AFTER_RESERVE, 2)),
    "after compose": Case(Kill(Point.AFTER_COMPOSE, 2)),
    "before enviando": Case(Kill(Point.BEFORE_SENDING, 2)),
    "after enviando": Case(Kill(Point.AFTER_SENDING, 2)),
    "after the first intent": Case(Kill(Point.AFTER_INTENT, BEFORE + 1), 0),
    "after the second intent": Case(Kill(Point.AFTER_INTENT, BEFORE + 2), 1),
    "while posting the first part": Case(Kill(Point.WHILE_POSTING, BEFORE + 1), 1),
    "while posting the second part": Case(Kill(Point.WHILE_POSTING, BEFORE + 2), 2),
    "after the reply": Case(Kill(Point.AFTER_REPLY, BEFORE + 2), 2),
    "before the journal's answer": Case(Kill(Point.BEFORE_ANSWER, BEFORE + 3), 3),
    "after the journal's answer": Case(Kill(Point.AFTER_ANSWER, BEFORE + 2)),
    "between parts": Case(Kill(Point.BETWEEN_PARTS, 2)),
    "after the last answer": Case(Kill(Point.AFTER_ANSWER, BEFORE + 3)),
    "before recording": Case(Kill(Point.BEFORE_RECORDING, 2)),
    "after recording": Case(Kill(Point.AFTER_RECORDING, 2)),
}


@pytest.mark.feature("B01")
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_killed_and_started_again_it_loses_nothing_and_repeats_nothing(
    case: Case, mode: Mode, witness: RunningSimulator, target: Target, shop: Shop, tmp_path: Path
) -> None:
    shop.debts(ROWS, MORNING.date())
    posting = case.kill.point is Point.WHILE_POSTING
    if posting:
        number = frozenset({f"55{phone_of(STRUCK)}"})
        witness.fail(Fault(FaultKind.SLOW, to=number, skip=case.kill.turn - BEFORE - 1, delay_s=0.3))
    run = EngineRun(target, tmp_path / "dados", witness.folder, MORNING)

    assert killed_at(replace(run, kill=case.kill))
    if posting:
        time.sleep(0.4)  # what was on its way arrives after the sender's death
    send_all(replace(run, start=MORNING + timedelta(hours=1)))

    verdict = judge(shop.queue(), witness.ledger())
    told = case.uncertain_with if mode is Mode.CANNOT_CONFIRM else None
    struck = [bubble for bubble in witness.ledger().messages if bubble.to == f"55{phone_of(STRUCK)}"]
    assert (verdict.duplicates, verdict.lost, verdict.other) == ((), (), ())
    assert verdict.uncertain == (() if told is None else (key_of(STRUCK),))
    assert len(verdict.sent) + len(verdict.uncertain) == len(ROWS)
    assert len(struck) == (PARTS if told is None else told)
    assert witness.ledger().reposts == ()


@pytest.mark.feature("B01")
def test_one_that_dies_at_every_row_still_sends_all_of_them_once(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    shop.debts(ROWS, MORNING.date())

    for turn, point in enumerate((Point.AFTER_SENDING, Point.BETWEEN_PARTS, Point.BEFORE_RECORDING, Point.AFTER_REPLY)):
        assert killed_at(replace(engine_run, start=MORNING + timedelta(hours=turn), kill=Kill(point)))
    send_all(replace(engine_run, start=MORNING + timedelta(hours=5)))

    verdict = judge(shop.queue(), simulator.ledger())
    assert (len(verdict.sent), verdict.uncertain, verdict.duplicates, verdict.lost) == (len(ROWS), (), (), ())


@pytest.mark.feature("B01")
def test_a_post_that_may_still_be_on_its_way_is_not_asked_about_too_early(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    """Asked at once, WhatsApp would truthfully deny what arrives a moment later."""
    shop.debts(range(1), MORNING.date())
    assert killed_at(replace(engine_run, kill=Kill(Point.AFTER_INTENT, 1)))

    send_all(replace(engine_run, ticks=2))
    early = shop.queue()[key_of(0)].state
    send_all(replace(engine_run, start=MORNING + timedelta(seconds=95)))

    assert early == "enviando"
    assert len(judge(shop.queue(), simulator.ledger()).sent) == 1


@pytest.mark.feature("G51")
def test_the_gap_to_the_next_message_is_kept_across_a_crash(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(2), MORNING.date())
    assert killed_at(replace(engine_run, kill=Kill(Point.AFTER_REPLY, 1)))

    send_all(engine_run)

    second = f"55{phone_of(1)}"
    first_left = min(bubble.at for bubble in simulator.ledger().messages if bubble.to != second)
    assert min(b.at for b in simulator.ledger().messages if b.to == second) - first_left >= timedelta(seconds=60)
