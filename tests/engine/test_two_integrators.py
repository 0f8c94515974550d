"""Two integrators on one queue, meant or left on by mistake, with one number or two."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from integrator.erp.connection import Target
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.process import RunningSimulator
from tests.engine.conftest import MORNING, simulator_in
from tests.waiting import PATIENCE_S, eventually
from tools.faults_engine import EngineRun, Kill, Point, killed_at, send_all, start_engine
from tools.faults_shop import Shop, judge, key_of


@pytest.fixture
def second(engine_run: EngineRun, tmp_path: Path) -> EngineRun:
    """Another computer, with a data folder of its own, the same number, and half an hour later by its clock."""
    return replace(engine_run, folder=tmp_path / "outro", start=MORNING + timedelta(minutes=30), seed=2)


@pytest.mark.feature("B11", "B25", "B01")
@pytest.mark.parametrize("other_number", [False, True], ids=["same number", "two numbers"])
def test_both_send_at_once_and_every_customer_gets_one_message(
    other_number: bool, simulator: RunningSimulator, engine_run: EngineRun, shop: Shop, tmp_path: Path
) -> None:
    shop.debts(range(10), MORNING.date())
    instance = "filial" if other_number else engine_run.instance

    runs = (engine_run, replace(engine_run, folder=tmp_path / "outro", instance=instance, seed=2))
    processes = [start_engine(run) for run in runs]
    for process in processes:
        process.join(100)

    verdict = judge(shop.queue(), simulator.ledger())
    assert [process.exitcode for process in processes] == [0, 0]
    assert (len(verdict.sent), verdict.duplicates, verdict.lost, verdict.uncertain) == (10, (), (), ())
    assert len(shop.rows("SELECT DONO FROM WA_BATIMENTO")) == 2


@pytest.mark.feature("B01", "B11")
@pytest.mark.parametrize(
    "point",
    [Point.AFTER_RESERVE, Point.AFTER_SENDING, Point.BETWEEN_PARTS, Point.AFTER_REPLY],
    ids=lambda point: str(point.name.lower()),
)
def test_the_survivor_takes_over_what_the_other_held(
    point: Point, mode: Mode, target: Target, shop: Shop, tmp_path: Path
) -> None:
    """The first one's computer dies for good; the lease of the row in its hand runs out."""
    shop.debts(range(3), MORNING.date())
    with simulator_in(tmp_path / "simulador", mode) as simulator:
        dead = EngineRun(target, tmp_path / "dados", simulator.folder, MORNING, patience_s=PATIENCE_S)
        survivor = replace(dead, folder=tmp_path / "outro", start=MORNING + timedelta(minutes=30))
        assert killed_at(replace(dead, kill=Kill(point, 2)))
        shop.end_leases()
        send_all(survivor)
        verdict = judge(shop.queue(), simulator.ledger())

    in_doubt = mode is Mode.CANNOT_CONFIRM and point is not Point.AFTER_RESERVE
    assert (verdict.duplicates, verdict.lost, verdict.other) == ((), (), ())
    assert len(verdict.uncertain) == (1 if in_doubt else 0)
    assert len(verdict.sent) == (2 if in_doubt else 3)


@pytest.mark.feature("B01", "B11")
def test_another_number_does_not_judge_what_a_dead_one_posted(
    simulator: RunningSimulator, engine_run: EngineRun, second: EngineRun, shop: Shop, tmp_path: Path
) -> None:
    """Its WhatsApp would truthfully say that it never sent the message: that proves nothing about the dead number's."""
    shop.debts(range(3), MORNING.date(), every_boleto=True)
    assert killed_at(replace(engine_run, kill=Kill(Point.AFTER_REPLY, 2)))
    shop.end_leases()

    with simulator_in(tmp_path / "outro simulador") as other:
        send_all(replace(second, instance="filial", simulator=other.folder))
        got_twice = {bubble.to for bubble in simulator.ledger().messages} & {b.to for b in other.ledger().messages}

    queue = shop.queue()
    assert queue[key_of(0)].state == "incerta"
    assert queue[key_of(0)].reason.startswith("Não dá para saber")
    assert got_twice == set()


@pytest.fixture
def frozen(engine_run: EngineRun) -> EngineRun:
    if sys.platform == "win32":
        pytest.skip("Windows cannot freeze a process")
    return replace(engine_run, kill=Kill(Point.BETWEEN_PARTS, 1, freeze=True))


@pytest.mark.feature("B01", "B25")
def test_one_that_slept_past_its_lease_posts_nothing_more_of_that_row(
    simulator: RunningSimulator, frozen: EngineRun, second: EngineRun, shop: Shop
) -> None:
    """The lid was closed between two parts; meanwhile the other computer finished the row."""
    shop.debts(range(2), MORNING.date())
    sleeper = start_engine(frozen)
    assert sleeper.pid is not None
    status = Path(f"/proc/{sleeper.pid}/stat")
    eventually(lambda: status.read_text(encoding="ascii").rpartition(")")[2].split()[0] == "T", "its second part")
    shop.end_leases()

    send_all(second)
    os.kill(sleeper.pid, signal.SIGCONT)
    sleeper.join(PATIENCE_S)

    verdict = judge(shop.queue(), simulator.ledger())
    assert sleeper.exitcode == 0
    assert (len(verdict.sent), verdict.duplicates, verdict.lost) == (2, (), ())
    assert simulator.ledger().reposts == ()
