"""The engine is killed, as by a power cut, at every step of the main job; then it is started again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from integrator.erp.connection import Target
from integrator.gateways.simulator.faults import Fault, FaultKind
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.process import RunningSimulator
from tests.engine.conftest import MORNING
from tests.waiting import PATIENCE_S, eventually
from tools.faults_engine import EngineRun, Kill, Point, killed_at, send_all, start_engine
from tools.faults_shop import Shop, judge, key_of, phone_of

ROWS = range(3)
#: The row in hand when the process dies: the second one, a debt report under its text, a boleto and its digits.
STRUCK = 1
NUMBER = f"55{phone_of(STRUCK)}"
PARTS = 3
#: Posted before its first: the one part of the row before it.
BEFORE = 1


@dataclass(frozen=True, slots=True)
class Case:
    """Where to strike, and what becomes of the struck row where nobody can confirm: its parts at the customer's.

    ``kill`` None: from outside, when WhatsApp has the last of these parts and did not answer yet.
    """

    kill: Kill | None
    uncertain_with: int | None = None


CASES = {
    "after reserve": Case(Kill(Point.AFTER_RESERVE, 2)),
    "after compose": Case(Kill(Point.AFTER_COMPOSE, 2)),
    "before enviando": Case(Kill(Point.BEFORE_SENDING, 2)),
    "after enviando": Case(Kill(Point.AFTER_SENDING, 2)),
    "after the first intent": Case(Kill(Point.AFTER_INTENT, BEFORE + 1), 0),
    "after the second intent": Case(Kill(Point.AFTER_INTENT, BEFORE + 2), 1),
    "while posting the first part": Case(None, 1),
    "while posting the second part": Case(None, 2),
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
    run = EngineRun(target, tmp_path / "dados", witness.folder, MORNING, patience_s=PATIENCE_S)

    if case.kill is not None:
        assert killed_at(replace(run, kill=case.kill))
    else:
        assert case.uncertain_with is not None
        killed_while_posting(run, witness, case.uncertain_with)
    send_all(replace(run, start=MORNING + timedelta(hours=1)))

    verdict = judge(shop.queue(), witness.ledger())
    told = case.uncertain_with if mode is Mode.CANNOT_CONFIRM else None
    assert (verdict.duplicates, verdict.lost, verdict.other) == ((), (), ())
    assert verdict.uncertain == (() if told is None else (key_of(STRUCK),))
    assert len(verdict.sent) + len(verdict.uncertain) == len(ROWS)
    assert arrived(witness) == (PARTS if told is None else told)
    assert witness.ledger().reposts == ()


def arrived(witness: RunningSimulator) -> int:
    """How many parts of the struck row its customer got."""
    return sum(bubble.to == NUMBER for bubble in witness.ledger().messages)


def killed_while_posting(run: EngineRun, witness: RunningSimulator, part: int) -> None:
    """The process dies when that part of the struck row is at WhatsApp, and its answer is waited for."""
    witness.fail(Fault(FaultKind.TIME_OUT, to=frozenset({NUMBER}), skip=part - 1))
    engine = start_engine(replace(run, timeout_s=600))
    eventually(lambda: arrived(witness) == part, "the part")
    engine.kill()
    engine.join()


@pytest.mark.feature("B01")
def test_one_that_dies_at_every_row_still_sends_all_of_them_once(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    points = (Point.AFTER_SENDING, Point.BETWEEN_PARTS, Point.BEFORE_RECORDING, Point.AFTER_REPLY)
    shop.debts(range(len(points)), MORNING.date())

    for turn, point in enumerate(points):
        assert killed_at(replace(engine_run, start=MORNING + timedelta(hours=turn), kill=Kill(point)))
    send_all(replace(engine_run, start=MORNING + timedelta(hours=5)))

    verdict = judge(shop.queue(), simulator.ledger())
    assert (len(verdict.sent), verdict.uncertain, verdict.duplicates, verdict.lost) == (len(points), (), (), ())


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
