"""A fake Evolution server, a clock that moves when told to, and a number on that server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from integrator.gateways.events.log import EventLog, everybody
from integrator.gateways.evolution import instances, line, statuses
from integrator.gateways.evolution.gateway import EvolutionGateway
from tests.gateways.conftest import TestClock
from tests.gateways.evolution.fake_server import KEY, FakeEvolution

INSTANCE = "loja3"
HOOK_URL = "http://127.0.0.1:8787/webhook/loja3"

OpenGateway = Callable[..., EvolutionGateway]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that is busy with other tests is waited for longer than a server in a shop."""
    for module, name in ((line, "_ASK_S"), (statuses, "_ASK_S"), (instances, "_HOOK_ASK_S")):
        monkeypatch.setattr(module, name, 60.0)


@pytest.fixture
def fake() -> Iterator[FakeEvolution]:
    with FakeEvolution() as running:
        yield running


@pytest.fixture
def events(tmp_path: Path, clock: TestClock) -> Iterator[EventLog]:
    log = EventLog(tmp_path / "eventos.db", clock.now, everybody)
    yield log
    log.close()


@pytest.fixture
def open_gateway(fake: FakeEvolution, events: EventLog, clock: TestClock, tmp_path: Path) -> Iterator[OpenGateway]:
    """Opens the number ``loja3`` of the fake server, with what a test wants otherwise."""
    opened: list[EvolutionGateway] = []

    def open_one(token: str = KEY, webhook_url: str = "", answer_s: float = 60.0) -> EvolutionGateway:
        gateway = EvolutionGateway(
            INSTANCE,
            fake.url,
            token,
            events=events,
            clock=clock.now,
            webhook_url=webhook_url,
            folder=tmp_path,
        )
        gateway.answer_s = answer_s
        opened.append(gateway)
        return gateway

    yield open_one
    for gateway in opened:
        gateway.close()
