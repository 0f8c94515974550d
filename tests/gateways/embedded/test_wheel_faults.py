"""The unmodified neonize wheel when sending goes wrong, and what of it can be proved; the session outlives it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.fake_whatsapp.phone import Phone
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.gateways.embedded.wheel import Wheel, WheelError
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")

NUMBER = "554988590187"


@dataclass(frozen=True, slots=True)
class Scene:
    """A paired client and a customer."""

    server: FakeWhatsApp
    wheel: Wheel
    customer: Phone

    def seen(self, message_id: str) -> int:
        """How often the server got that message; 0 when it never accepted it."""
        return sum(message.seen for message in self.server.messages if message.id == message_id)

    def reconnected(self, before: int) -> None:
        """Wait until the client is back after a break, ``before`` being its connections so far."""
        eventually(lambda: len(self.wheel.heard("ConnectedEv")) > before)
        eventually(lambda: self.server.connected)


@pytest.fixture(scope="module")
def paired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("faults")
    with FakeWhatsApp(folder) as server, Wheel(server, folder / "sessao.db") as wheel:
        wheel.pair(server)
        yield Scene(server, wheel, server.contact(NUMBER))
        assert server.problems == []


@pytest.fixture
def scene(paired: Scene) -> Iterator[Scene]:
    yield paired
    paired.server.heal()
    eventually(lambda: paired.server.connected)


@pytest.mark.parametrize("code", [463, 479, 429, 400])
def test_a_refusal_by_the_server_is_told_with_its_number(scene: Scene, code: int) -> None:
    scene.server.ack_error(code)
    before = len(scene.server.messages), len(scene.customer.received)
    with pytest.raises(WheelError, match=f"server returned error {code}"):
        scene.wheel.text(NUMBER, "Olá")
    assert (len(scene.server.messages), len(scene.customer.received)) == before
    assert scene.seen(scene.wheel.text(NUMBER, "depois da recusa")) == 1


def test_a_file_that_cannot_be_uploaded_is_not_sent(scene: Scene) -> None:
    scene.server.upload_status(507)
    before = len(scene.server.messages)
    with pytest.raises(WheelError, match="upload failed with status code 507"):
        scene.wheel.document(NUMBER, b"%PDF-1.4\n%%EOF\n")
    assert len(scene.server.messages) == before
    assert scene.seen(scene.wheel.document(NUMBER, b"%PDF-1.4\n%%EOF\n")) == 1


def test_a_broken_line_is_mended_without_a_person(scene: Scene) -> None:
    before = len(scene.wheel.heard("ConnectedEv"))
    scene.server.drop()
    scene.reconnected(before)
    assert scene.seen(scene.wheel.text(NUMBER, "de volta")) == 1


def test_a_message_accepted_on_a_breaking_line_comes_again_with_the_same_id(scene: Scene) -> None:
    scene.server.accept_then_drop()
    before = len(scene.wheel.heard("ConnectedEv"))
    message_id = scene.wheel.text(NUMBER, "aceita, e a linha cai")
    assert scene.seen(message_id) == 2
    assert [bubble.id for bubble in scene.customer.received].count(message_id) == 1
    scene.reconnected(before)


def test_after_a_second_break_the_error_says_nothing_of_the_acceptance(scene: Scene) -> None:
    scene.server.accept_then_drop(times=2)
    before = len(scene.wheel.heard("ConnectedEv"))
    with pytest.raises(WheelError):
        scene.wheel.text(NUMBER, "aceita duas vezes")
    last = scene.server.messages[-1]
    assert (last.seen, scene.customer.received[-1].text) == (2, "aceita duas vezes")
    scene.reconnected(before)  # maybe told once: the line that broke again may do so before it is told
    assert scene.seen(scene.wheel.text(NUMBER, "depois das duas quedas")) == 1


def test_without_an_acknowledgement_the_call_waits_though_the_customer_has_the_message(scene: Scene) -> None:
    before = len(scene.server.messages)
    scene.server.silence_acks()
    scene.wheel.begin("text", NUMBER, "sem confirmação")
    eventually(lambda: len(scene.server.messages) > before)
    time.sleep(0.2)
    assert scene.wheel.waits
    assert scene.customer.received[-1].text == "sem confirmação"
    scene.server.heal()
    scene.server.drop()
    message_id = str(scene.wheel.answer())
    assert scene.seen(message_id) == 2


def test_out_of_reach_a_send_fails_and_nothing_arrives(scene: Scene) -> None:
    scene.server.offline()
    before = len(scene.server.messages)
    eventually(lambda: not scene.wheel.ask("look")["connected"])
    with pytest.raises(WheelError):
        scene.wheel.text(NUMBER, "sem rede")
    assert len(scene.server.messages) == before
    assert scene.wheel.ask("look")["logged_in"], "logged in alone says nothing about the line"
    scene.server.heal()
    eventually(lambda: scene.wheel.ask("look")["connected"])


def test_receipts_and_answers_that_come_meanwhile_arrive_after_the_break(scene: Scene) -> None:
    message_id = scene.wheel.text(NUMBER, "antes da queda")
    scene.server.offline()
    scene.customer.deliver(message_id)
    answer = scene.customer.write("Recebi")
    scene.server.heal()
    eventually(lambda: any(message_id in told["ids"] for told in scene.wheel.heard("ReceiptEv")))
    eventually(lambda: any(told["id"] == answer for told in scene.wheel.heard("MessageEv")))
