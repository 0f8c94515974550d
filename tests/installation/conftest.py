"""A shop's database, and computers: each a data folder and a machine of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from pathlib import Path

import pytest

from integrator.erp.connection import Database, Target
from integrator.gateways.simulator.process import RunningSimulator, start_simulator
from integrator.installation.authorisation import standing
from integrator.installation.identity import Installation, this_installation
from integrator.installation.simulation import rehearsing
from integrator.installation.standing import Asks, Standing
from integrator.machine import Machine, digest
from integrator.sending.rehearsal import Rehearsed
from integrator.settings import Settings
from integrator.settings.sections import DatabaseSettings
from tools.faults_engine import EngineRun, SkippedClock, next_workday, send_all
from tools.faults_shop import Shop
from tools.firebird_server import PrivateServer

MORNING = next_workday(date.today())
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Computer:
    """Does what ``integrator run`` does, with a machine that the test chose and a clock that skips the waits."""

    name: str
    folder: Path
    target: Target
    simulator: Path
    start: datetime = MORNING

    @property
    def machine(self) -> Machine:
        return Machine(digest(self.name), self.name)

    @property
    def settings(self) -> Settings:
        place = self.target
        return Settings(
            database=DatabaseSettings(
                server=place.host,
                port=place.port,
                path=place.path,
                user=place.user,
                client_library=str(place.client or ""),
            )
        )

    def us(self) -> Installation:
        return this_installation(self.folder / "integrator.db", self.start, self.machine)

    def stands(self) -> Standing:
        with closing(Database(self.target)) as database:
            return standing(database, self.us(), self.start)

    def turn_on(self) -> Standing:
        """Send the queue where that is allowed, else show it."""
        stands = self.stands()
        if isinstance(stands, Asks):
            self.rehearse(stands)
        else:
            send_all(EngineRun(self.target, self.folder, self.simulator, self.start))
        return stands

    def rehearse(self, asks: Asks, ticks: int = 1) -> list[Rehearsed]:
        with closing(Database(self.target)) as database:
            clock = SkippedClock(self.start)
            with rehearsing(self.settings, self.folder, database=database, clock=clock, asks=asks) as rehearsal:
                for _ in range(ticks):
                    rehearsal.tick()
                assert rehearsal.status.problem is None, rehearsal.status
                return rehearsal.results

    def at(self, target: Target) -> Computer:
        return replace(self, target=target)

    def later(self, when: datetime) -> Computer:
        return replace(self, start=when)


@pytest.fixture(scope="session")
def _shop_template(firebird_server: PrivateServer) -> Path:
    path = firebird_server.create_database("installation-template.fdb")
    Shop(target_of(firebird_server, path)).install()
    return path


def target_of(server: PrivateServer, path: Path) -> Target:
    return Target(server.host, server.port, str(path), server.user, server.password, server.client_library)


@pytest.fixture
def target(firebird_server: PrivateServer, _shop_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    monkeypatch.setenv("INTEGRATOR_SENHA", firebird_server.password)
    path = firebird_server.copy_database(_shop_template, f"installation-{next(_numbers)}.fdb")
    yield target_of(firebird_server, path)
    path.unlink(missing_ok=True)


@pytest.fixture
def shop(target: Target) -> Iterator[Shop]:
    shop = Shop(target)
    yield shop
    shop.close()


@pytest.fixture
def database(target: Target) -> Iterator[Database]:
    with closing(Database(target)) as database:
        yield database


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[RunningSimulator]:
    """The customers: whatever an engine sends arrives here. What is only rehearsed does not."""
    running = start_simulator(tmp_path / "clientes")
    yield running
    running.kill()


@pytest.fixture
def counter(target: Target, tmp_path: Path) -> Computer:
    """The shop's computer, where no engine is going to send."""
    return Computer("BALCAO", tmp_path / "balcao", target, tmp_path / "clientes")


@pytest.fixture
def laptop(target: Target, tmp_path: Path) -> Computer:
    """Another computer."""
    return Computer("NOTEBOOK", tmp_path / "notebook", target, tmp_path / "clientes")
