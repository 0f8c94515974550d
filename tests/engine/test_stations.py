"""Several databases on one daemon: they share a number fairly, and one that is away does not hold the others up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from integrator.app import JOURNAL_FILE
from integrator.daemon.station import Premises, Station
from integrator.domain.message import PartKind
from integrator.erp.connection import Target
from integrator.gateways.simulator.process import RunningSimulator
from integrator.installation.authorisation import authorise
from integrator.installation.identity import this_installation
from integrator.installation.records import look
from integrator.settings.customers import CustomerSettings, NewRecords
from integrator.settings.sections import DatabaseSettings, OtherDatabaseSettings
from tests.engine.conftest import MORNING, target_of
from tests.engine.one_engine import OneEngine
from tools.faults_engine import EngineRun, SkippedClock, settings_of
from tools.faults_shop import Shop, phone_of
from tools.firebird_server import PrivateServer

TICK_S = 20.0
DEFAULT = CustomerSettings()


@pytest.fixture
def branch(firebird_server: PrivateServer, shop_template: Path) -> Iterator[Shop]:
    """A second database on the same server."""
    path = firebird_server.copy_database(shop_template, "engine-branch.fdb")
    shop = Shop(target_of(firebird_server, path))
    yield shop
    shop.close()
    path.unlink(missing_ok=True)


def other(target: Target) -> OtherDatabaseSettings:
    main = DatabaseSettings(server=target.host, port=target.port, user=target.user)
    return OtherDatabaseSettings(**main.model_dump(exclude={"name", "path"}), name="filial", path=target.path)


def stations(
    run: EngineRun,
    *others: Target,
    simulator: RunningSimulator,
    clock: SkippedClock,
    customers: CustomerSettings = DEFAULT,
) -> list[Station]:
    os.environ["INTEGRATOR_SENHA"] = run.target.password
    settings = settings_of(run)
    settings = settings.model_copy(update={"other_databases": tuple(map(other, others)), "customers": customers})
    gateway = simulator.gateway(clock=clock.now)
    premises = Premises(run.folder, clock, OneEngine(gateway))
    run.folder.mkdir(exist_ok=True)
    return [Station(settings.for_database(each.name), premises) for each in settings.databases]


def turns(ring: list[Station], clock: SkippedClock, rounds: int) -> None:
    """As the daemon does: each round begins with another database."""
    for number in range(rounds):
        for station in ring[number % len(ring) :] + ring[: number % len(ring)]:
            station.tick()
        clock.sleep(TICK_S)
    for station in ring:
        station.close()


def posts(simulator: RunningSimulator) -> list[tuple[str, datetime]]:
    """Who got a text and when, in order."""
    return [
        (bubble.asked, bubble.at)
        for bubble in simulator.ledger().messages
        if bubble.caption or bubble.kind is PartKind.TEXT
    ]


@pytest.mark.feature("B23", "B11")
def test_two_databases_share_a_number_in_turn_and_keep_its_gap(
    engine_run: EngineRun, shop: Shop, branch: Shop, simulator: RunningSimulator
) -> None:
    shop.debts(range(4), MORNING.date())
    branch.debts(range(10, 14), MORNING.date())
    clock = SkippedClock(MORNING)

    ring = stations(engine_run, branch.database.target, simulator=simulator, clock=clock)
    turns(ring, clock, 45)
    clock.sleep(10 * 3600)  # phones that are off come back within nine hours
    turns(ring, clock, 1)

    sent = posts(simulator)
    assert min((later - earlier).total_seconds() for (_, earlier), (_, later) in pairwise(sent)) >= 60
    of_branch = [to >= f"55{phone_of(10)}" for to, _ in sent]
    assert of_branch.count(True) == of_branch.count(False) == 4
    assert len({*of_branch[:5]}) == 2, "the second database waited until the first was done"
    # Both see what became of their own messages, though they share one source of news.
    assert {row.state for each in (shop, branch) for row in each.queue().values()} <= {"entregue", "lida"}


@pytest.mark.feature("A21")
def test_a_customer_whom_the_erp_has_just_registered_is_asked_where_the_shop_chose_so(
    engine_run: EngineRun, shop: Shop, simulator: RunningSimulator
) -> None:
    assert shop.rows("SELECT RESULTADO FROM WA_NOVO_CADASTRO(?, 'Maria Silva')", (phone_of(0),)) == [("OK",)]
    clock = SkippedClock(MORNING)
    chosen = CustomerSettings(new_records=NewRecords.TERM, since=datetime(2026, 1, 1))

    turns(stations(engine_run, simulator=simulator, clock=clock, customers=chosen), clock, 5)

    (bubble,) = simulator.ledger().messages
    assert "Maria" in bubble.text
    assert "SIM" in bubble.text


def test_a_database_that_is_away_does_not_hold_the_other_up(
    engine_run: EngineRun, shop: Shop, branch: Shop, simulator: RunningSimulator, tmp_path: Path
) -> None:
    shop.debts(range(2), MORNING.date())
    gone = replace(branch.database.target, path=str(tmp_path / "não existe.fdb"))
    clock = SkippedClock(MORNING)

    turns(stations(engine_run, gone, simulator=simulator, clock=clock), clock, 30)

    assert len(posts(simulator)) == 2


@pytest.mark.feature("B25")
def test_an_installation_that_asks_shows_and_sends_nothing_until_it_is_authorised(
    engine_run: EngineRun, shop: Shop, simulator: RunningSimulator
) -> None:
    shop.debts(range(2), MORNING.date())
    shop.run(
        "INSERT INTO WA_BATIMENTO (DONO, MAQUINA, BATIDA_EM) VALUES ('outro', 'CAIXA-01', CAST('NOW' AS TIMESTAMP))"
    )
    clock = SkippedClock(MORNING)
    (station,) = stations(engine_run, simulator=simulator, clock=clock)

    for _ in range(5):
        station.tick()
        clock.sleep(TICK_S)

    assert posts(simulator) == []
    assert {row.state for row in shop.queue().values()} == {"pendente"}
    assert "Cliente 0" in (engine_run.folder / "ensaio" / "celulares.html").read_text(encoding="utf-8")
    us = this_installation(engine_run.folder / JOURNAL_FILE, clock.now())
    authorise(shop.database, us, look(shop.database, us), clock.now())

    turns([station], clock, 30)

    assert len(posts(simulator)) == 2
