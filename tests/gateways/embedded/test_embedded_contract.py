"""The embedded engine is a gateway like any other: its own worker, the unmodified library, the fake server."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

import pytest

from integrator.domain.outcome import Sent
from integrator.gateways.events.log import EventLog, everybody
from integrator.sending.gateway import Inbound
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.gateways.contract import GatewayContract, Stage, text_part
from tests.gateways.embedded.stage import KNOWN, EmbeddedStage, Paired, customer_of, gateway_at, pair
from tests.waiting import eventually

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


@pytest.fixture
def world(paired: Paired, tmp_path: Path) -> Iterator[EmbeddedStage]:
    with ExitStack() as stack:
        stage = EmbeddedStage(paired, stack.enter_context(_events(tmp_path)))
        stack.callback(stage.gateway.close)
        yield stage


class TestEmbedded(GatewayContract):
    @pytest.fixture
    def stage(self, world: EmbeddedStage) -> Stage:
        return world


def test_a_phone_that_cannot_read_a_message_gets_it_again_and_shows_it_once(world: EmbeddedStage) -> None:
    first = world.gateway.send(KNOWN, text_part("antes"), "")
    world.customer.forget_sessions()
    second = world.gateway.send(KNOWN, text_part("depois"), "")
    assert isinstance(first, Sent)
    assert isinstance(second, Sent)
    eventually(lambda: list(world.accepted()) == [first.provider_id, second.provider_id])
    assert isinstance(world.gateway.send(KNOWN, text_part("e adiante"), ""), Sent)


@pytest.mark.feature("S31")
def test_what_the_owner_writes_and_old_conversations_are_neither_told_nor_kept(
    paired: Paired, world: EmbeddedStage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    paired.server.phone.write(world.customer, "escrito à mão pelo dono")
    paired.server.phone.hand_over_history(world.customer, "conversa de outro ano")
    world.write("Recebi", KNOWN)
    (told,) = world.gateway.events(0).events
    assert isinstance(told, Inbound)
    assert told.text == "Recebi"
    assert paired.server.marked_read == []
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("eventos.db*"))
    assert "Recebi" in kept.decode(errors="replace")
    for text in ("escrito à mão", "conversa de outro ano"):
        assert text.encode() not in kept
        assert text not in caplog.text
    assert "Recebi" not in caplog.text


def _events(folder: Path) -> closing[EventLog]:
    return closing(EventLog(folder / "eventos.db", datetime.now, everybody))
