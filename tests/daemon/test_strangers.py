"""What reaches the disk with the filter of the running program: customers, and three words that anybody may say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from integrator.app import JOURNAL_FILE
from integrator.daemon.numbers import Numbers
from integrator.demo.clock import SkippingClock
from integrator.gateways import configured
from integrator.gateways.evolution.gateway import EvolutionGateway
from integrator.journal.store import SqliteJournal
from integrator.sending.gateway import Inbound
from integrator.sending.ports import Post
from integrator.settings.sections import Engine, NumberSettings
from tests.gateways.contract import text_part
from tests.gateways.evolution.fake_server import KEY, FakeEvolution
from tests.gateways.evolution.stage import push

MORNING = datetime(2026, 11, 20, 9, 0)
CUSTOMER, STRANGER = "5549988590187", "5548911112222"
WRITTEN = "messages.upsert_DELIVERY_ACK_conversation"


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EvolutionGateway]:
    """A number on a server, opened as the daemon does, of a shop that has written to one customer."""
    folder = tmp_path / "dados ção"
    monkeypatch.setattr(configured, "read_secret", lambda _: KEY)
    with (
        closing(SqliteJournal(folder / JOURNAL_FILE, MORNING)) as journal,
        FakeEvolution() as fake,
        closing(Numbers(folder, SkippingClock(MORNING))) as numbers,
    ):
        journal.intend(Post("banco", "guid", "COB-1", CUSTOMER, 1), text_part("Olá"), "3EB0", MORNING)
        number = NumberSettings(
            engine=Engine.EVOLUTION, server=fake.url, instance="loja3", webhook="http://127.0.0.1:8787"
        )
        opened = numbers.gateway(number)
        assert isinstance(opened, EvolutionGateway)
        yield opened


def write(gateway: EvolutionGateway, sender: str, text: str, number: int) -> None:
    key = {"remoteJid": f"{sender}@s.whatsapp.net", "fromMe": False, "id": f"3A{number:018X}"}
    assert push(gateway, WRITTEN, key=key, pushName="Segredo da Silva", message={"conversation": text}) == 200


@pytest.mark.feature("S31", "B08")
def test_of_strangers_nothing_is_written_down_but_the_words_that_anybody_may_say(
    gateway: EvolutionGateway, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(gateway, STRANGER, "segredo de família", 1)
    write(gateway, STRANGER, "sim", 2)
    on_disk = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert b"48911112222" not in on_disk
    assert b"segredo" not in on_disk
    assert b"Segredo" not in on_disk
    assert "48911112222" not in caplog.text

    write(gateway, "554988590187", "Já paguei ontem", 3)  # the customer, as WhatsApp spells an old number
    write(gateway, STRANGER, "SAIR", 4)
    heard = [event for event in gateway.events(0).events if isinstance(event, Inbound)]
    assert [event.text for event in heard] == ["Já paguei ontem", "SAIR"]
