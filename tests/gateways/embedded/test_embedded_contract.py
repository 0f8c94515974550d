"""The embedded engine is a gateway like any other: its own worker, the unmodified library, the fake server."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

import pytest

from integrator.gateways.events.log import EventLog, everybody
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.gateways.contract import GatewayContract, Stage
from tests.gateways.embedded.stage import EmbeddedStage, Paired, customer_of, gateway_at, pair

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")


@pytest.fixture(scope="module")
def paired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paired]:
    """Paired once; each test resumes the session in a worker of its own."""
    folder = tmp_path_factory.mktemp("whatsapp")
    with FakeWhatsApp(folder / "servidor") as server:
        place = Paired(server, folder / "sessão da loja", customer_of(server))
        with _events(folder) as events, closing(gateway_at(place, events)) as gateway:
            pair(gateway, server)
        yield place
        assert server.problems == []


class TestEmbedded(GatewayContract):
    @pytest.fixture
    def stage(self, paired: Paired, tmp_path: Path) -> Iterator[Stage]:
        with ExitStack() as stack:
            stage = EmbeddedStage(paired, stack.enter_context(_events(tmp_path)))
            stack.callback(stage.gateway.close)
            yield stage


def _events(folder: Path) -> closing[EventLog]:
    return closing(EventLog(folder / "eventos.db", datetime.now, everybody))
