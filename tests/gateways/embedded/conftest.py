"""The shop of a file's tests, and its engine connected by a session that is paired once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from integrator.gateways.embedded import session
from integrator.gateways.events.log import EventLog, everybody
from integrator.sending.gateway import GatewayState
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.gateways.embedded.shop import ASKED, STORED, HastyGateway, Shop, is_, scan
from tests.waiting import eventually


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("loja")
    events = EventLog(folder / "eventos.db", datetime.now, everybody)
    with FakeWhatsApp(folder / "servidor") as server:
        customer = server.contact(ASKED, also=STORED, canonical=STORED)
        yield Shop(server, customer, folder / "Pasta do João #1 100%?", events)
        assert server.marked_read == []
        assert server.problems == []
    events.close()


@pytest.fixture
def gateway(shop: Shop) -> Iterator[HastyGateway]:
    gateway = shop.open()
    if not session.paired_number(shop.folder):
        scan(shop, gateway)
    eventually(lambda: is_(gateway, GatewayState.CONNECTED))
    yield gateway
    shop.server.heal()
    gateway.close()
