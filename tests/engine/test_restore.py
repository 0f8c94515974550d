"""Yesterday's backup comes back over today's database: by gbak, and by copying the file."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from integrator.gateways.simulator.process import RunningSimulator
from tests.engine.conftest import MORNING
from tests.waiting import eventually
from tools import firebird_packages
from tools.faults_engine import EngineRun, Kill, Point, killed_at, send_all
from tools.faults_shop import Shop, judge, key_of
from tools.firebird_server import PrivateServer

Backup = Callable[[], Callable[[], None]]


@pytest.fixture(params=["gbak", "file copy"])
def backup(request: pytest.FixtureRequest, firebird_server: PrivateServer, shop: Shop, tmp_path: Path) -> Backup:
    """Takes a backup; what it answers puts that backup back in place of the database."""
    path = Path(shop.database.target.path)
    saved = tmp_path / "ontem.fbk"

    def leave_alone() -> None:
        """Until nobody is attached: the server takes a moment to see that a killed engine is gone."""
        count = "SELECT COUNT(*) FROM MON$ATTACHMENTS WHERE MON$SYSTEM_FLAG = 0"
        eventually(lambda: shop.rows(count) == [(1,)], "the end of the others' attachments")
        shop.close()

    def gbak(*arguments: str) -> None:
        program = firebird_packages.ensure().isql.with_name("gbak")
        login = ("-user", firebird_server.user, "-password", firebird_server.password)
        environment = {**os.environ, **firebird_server.client_environment()}
        subprocess.run([str(program), *arguments, *login], check=True, env=environment, timeout=60)

    def by_gbak() -> Callable[[], None]:
        gbak("-b", firebird_server.dsn(path), str(saved))

        def restore() -> None:
            leave_alone()
            path.unlink()
            gbak("-c", str(saved), firebird_server.dsn(path))

        return restore

    def by_copy() -> Callable[[], None]:
        leave_alone()
        shutil.copyfile(path, saved)

        def restore() -> None:
            leave_alone()
            shutil.copyfile(saved, path)

        return restore

    return by_gbak if request.param == "gbak" else by_copy


@pytest.mark.feature("B25", "B01")
def test_the_journal_knows_what_left_after_the_backup_was_taken(
    backup: Backup, simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(4), MORNING.date())
    restore = backup()
    send_all(engine_run)
    restore()
    shop.debts(range(6), MORNING.date())  # the closing of that day is run again, with two customers more

    send_all(replace(engine_run, start=MORNING + timedelta(hours=3)))

    queue = shop.queue()
    verdict = judge(queue, simulator.ledger())
    assert (len(verdict.sent), verdict.duplicates, verdict.lost, verdict.uncertain) == (6, (), (), ())
    assert queue[key_of(0)].reason.startswith("Esta mensagem já tinha saído")


@pytest.mark.feature("B25", "S36")
def test_rows_written_anew_under_their_old_keys_are_known_by_the_key(
    backup: Backup, simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    """The backup is older than the closing: its rows come back with other ids and GUIDs."""
    restore = backup()
    shop.debts(range(3), MORNING.date())
    send_all(engine_run)
    left = simulator.ledger().messages
    restore()
    shop.debts(range(3), MORNING.date())

    send_all(replace(engine_run, start=MORNING + timedelta(hours=3)))

    verdict = judge(shop.queue(), simulator.ledger())
    assert (len(verdict.sent), verdict.duplicates, simulator.ledger().messages) == (3, (), left)


@pytest.mark.feature("B25", "B01")
def test_without_the_journal_everything_older_is_held(
    backup: Backup, simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    """The server died with everything on it: a new computer, yesterday's database, no journal."""
    shop.debts(range(4), MORNING.date())
    assert killed_at(replace(engine_run, kill=Kill(Point.AFTER_RECORDING, 1)))
    shop.run("UPDATE WA_FILA SET CRIADO_EM = DATEADD(-2 DAY TO CRIADO_EM)")
    shop.run("UPDATE WA_BATIMENTO SET BATIDA_EM = DATEADD(-1 DAY TO BATIDA_EM)")
    restore = backup()
    send_all(replace(engine_run, start=MORNING + timedelta(minutes=10)))
    shutil.rmtree(engine_run.folder)
    restore()

    send_all(replace(engine_run, start=MORNING + timedelta(hours=3)))

    queue = shop.queue()
    assert [queue[key_of(number)].state for number in range(1, 4)] == ["retida"] * 3
    assert {queue[key_of(number)].code for number in range(1, 4)} == {"restaurado"}
    assert judge(queue, simulator.ledger()).duplicates == ()


@pytest.mark.feature("B25")
def test_a_row_caught_in_the_middle_of_being_sent_is_left_to_a_person(
    simulator: RunningSimulator, engine_run: EngineRun, shop: Shop
) -> None:
    shop.debts(range(1), MORNING.date())
    assert killed_at(replace(engine_run, kill=Kill(Point.AFTER_SENDING, 1)))
    shop.run("UPDATE WA_FILA SET CRIADO_EM = DATEADD(-2 DAY TO CRIADO_EM)")
    shop.run("UPDATE WA_BATIMENTO SET BATIDA_EM = DATEADD(-1 DAY TO BATIDA_EM)")

    send_all(replace(engine_run, folder=engine_run.folder / "novo"))

    assert shop.queue()[key_of(0)].state == "incerta"
    assert simulator.ledger().messages == ()


@pytest.mark.feature("S36", "B01")
def test_a_closing_that_is_run_twice_sends_once(simulator: RunningSimulator, engine_run: EngineRun, shop: Shop) -> None:
    shop.debts(range(4), MORNING.date())
    send_all(engine_run)

    shop.debts(range(4), MORNING.date())
    send_all(replace(engine_run, start=MORNING + timedelta(hours=3)))

    verdict = judge(shop.queue(), simulator.ledger())
    assert (len(verdict.sent), verdict.duplicates, verdict.other) == (4, (), ())
