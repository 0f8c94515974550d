"""A shop's database with the contract, a simulator whose customers write, and what hears them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from integrator.app import JOURNAL_FILE
from integrator.erp.connection import Database, Target
from integrator.erp.queue import FirebirdQueue
from integrator.gateways.simulator.ledger import Bubble
from integrator.gateways.simulator.process import RunningSimulator
from integrator.journal.senders import SenderBook
from integrator.journal.store import SqliteJournal
from integrator.replies.built import listener_of
from integrator.replies.listening import Listening
from integrator.sending.gateway import Gateway, Inbound
from integrator.sending.ports import World
from integrator.settings import Settings
from integrator.settings.sections import WhatsAppSettings
from tests.engine.conftest import MORNING, simulator_in, target_of
from tests.waiting import PATIENCE_S
from tools.faults_engine import EngineRun, SkippedClock, settings_of
from tools.faults_shop import Shop
from tools.firebird_server import PrivateServer

MARIA = "5549988590187"
JOAO = "5549999991111"
_numbers = count(1)


@pytest.fixture(scope="session")
def replies_template(firebird_server: PrivateServer) -> Path:
    path = firebird_server.create_database("replies-template.fdb", "NONE")
    Shop(target_of(firebird_server, path)).install()
    return path


@pytest.fixture
def target(firebird_server: PrivateServer, replies_template: Path) -> Iterator[Target]:
    path = firebird_server.copy_database(replies_template, f"replies-{next(_numbers)}.fdb")
    yield target_of(firebird_server, path)
    path.unlink(missing_ok=True)


@pytest.fixture
def other_target(firebird_server: PrivateServer, replies_template: Path) -> Iterator[Target]:
    path = firebird_server.copy_database(replies_template, f"replies-{next(_numbers)}.fdb")
    yield target_of(firebird_server, path)
    path.unlink(missing_ok=True)


@pytest.fixture
def shop(target: Target) -> Iterator[Shop]:
    shop = Shop(target)
    yield shop
    shop.close()


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[RunningSimulator]:
    with simulator_in(tmp_path / "simulador") as running:
        yield running


@pytest.fixture
def engine_run(target: Target, tmp_path: Path, simulator: RunningSimulator) -> EngineRun:
    return EngineRun(target, tmp_path / "dados", simulator.folder, MORNING, patience_s=PATIENCE_S)


@dataclass
class Ears:
    """One installation that listens, and the simulator behind it."""

    simulator: RunningSimulator
    folder: Path
    clock: SkippedClock = field(default_factory=lambda: SkippedClock(MORNING))
    stack: ExitStack = field(default_factory=ExitStack)
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    def listen(self, target: Target, *, gateway: Gateway | None = None, **number: Any) -> Listening:
        """The listener on that database; ``number`` are settings of the number."""
        run = EngineRun(target, self.folder, self.simulator.folder, MORNING)
        chosen = WhatsAppSettings(**number) if number else WhatsAppSettings()
        settings: Settings = settings_of(run).model_copy(update={"whatsapp": chosen})
        database = Database(target)
        self.stack.callback(database.close)
        journal = SqliteJournal(self.folder / JOURNAL_FILE, MORNING)
        self.stack.callback(journal.close)
        if gateway is None:
            gateway = self.simulator.gateway(clock=self.clock.now)
            self.stack.callback(gateway.close)
        world = World(FirebirdQueue(database, owner="", instance="principal"), journal, gateway, self.clock)
        path = self.folder / JOURNAL_FILE
        senders = SenderBook(path)
        self.stack.callback(senders.close)
        return self.stack.enter_context(listener_of(settings, world, database, path, senders, random.Random(1)))

    def wrote(self, text: str, sender: str = MARIA, *, name: str = "") -> Inbound:
        """A message of this moment, a minute after the one before."""
        self.clock.sleep(60)
        return Inbound(f"3A{next(self.ids):06}", sender, text, self.clock.now(), name)

    def posted(self) -> tuple[Bubble, ...]:
        """What left through the simulator."""
        return self.simulator.ledger().messages

    def later(self, **time: float) -> None:
        self.clock.sleep(timedelta(**time).total_seconds())


@pytest.fixture
def ears(simulator: RunningSimulator, tmp_path: Path) -> Iterator[Ears]:
    ears = Ears(simulator, tmp_path / "dados")
    with ears.stack:
        yield ears


def hear(listening: Listening, *messages: Inbound) -> None:
    """As the engine does: everything is heard, then answered."""
    for message in messages:
        listening.hear(message)
    listening.answer()


def customer(shop: Shop, number: int = 1, phone: str = MARIA, key: str | None = None) -> None:
    """The shop has written to that phone."""
    row_id = shop.enqueue(number, phone=phone, key=key)
    shop.run("UPDATE WA_FILA SET DESTINO = ? WHERE ID = ?", (phone, row_id))


def answers(shop: Shop, phone: str = MARIA) -> dict[str, str]:
    """What counts of the register: purpose to S or N."""
    found = shop.rows(
        "SELECT TRIM(FINALIDADE), ACEITA FROM WA_CONSENTIMENTO WHERE TELEFONE = ? ORDER BY QUANDO, ID", (phone,)
    )
    return {str(purpose): str(said) for purpose, said in found}
