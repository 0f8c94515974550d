"""The unmodified neonize wheel and the fake server: from the first QR code to a customer's answer."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.fake_whatsapp.phone import Phone
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.gateways.embedded.wheel import Wheel, WheelError
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")

STORED, ASKED, NOBODY = "554988590187", "5549988590187", "554933221100"
PDF = b"%PDF-1.4\n" + random.Random(6).randbytes(200_000) + b"\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Story:
    """A paired client, a customer with a phone and a computer, and the server between them."""

    server: FakeWhatsApp
    wheel: Wheel
    customer: Phone


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("story")
    with FakeWhatsApp(folder) as server, Wheel(server, folder / "sessao.db") as wheel:
        wheel.pair(server)
        yield Story(server, wheel, server.contact(ASKED, also=STORED, canonical=STORED, devices=(0, 3)))
        assert server.problems == []


def test_a_scanned_code_links_the_client_and_it_reconnects_as_the_account(story: Story) -> None:
    assert story.wheel.told[0]["text"].startswith("https://wa.me/settings/linked_devices#2@ref-")
    assert story.wheel.heard("login")[-1]["text"] == "success"
    assert (story.server.linked, story.server.connections) == (True, 2)
    assert story.wheel.ask("me") == story.server.account
    assert story.wheel.ask("look") == {"connected": True, "logged_in": True}


@pytest.mark.parametrize("asked", [ASKED, STORED])
def test_a_number_is_found_with_and_without_its_ninth_digit(story: Story, asked: str) -> None:
    assert story.wheel.ask("check", asked) == {"exists": True, "canonical": STORED}
    assert story.server.checked[-1] == asked


def test_a_number_without_whatsapp_is_not_found_and_nothing_is_sent_to_it(story: Story) -> None:
    assert story.wheel.ask("check", NOBODY) == {"exists": False, "canonical": ""}
    before = len(story.server.messages)
    with pytest.raises(WheelError, match="no LID found"):
        story.wheel.text(NOBODY, "Olá")
    assert len(story.server.messages) == before


def test_a_text_arrives_as_a_plain_conversation_without_the_mark_of_a_robot(story: Story) -> None:
    message_id = story.wheel.text(STORED, "Olá, *José*! PIX: fulano@551199999999")
    bubble = story.customer.received[-1]
    assert (bubble.id, bubble.kind, bubble.text) == (message_id, "text", "Olá, *José*! PIX: fulano@551199999999")
    (accepted,) = (message for message in story.server.messages if message.id == message_id)
    assert accepted.seen == 1
    assert "bot" not in accepted.extras


def test_the_customer_opens_exactly_the_pdf_that_was_sent(story: Story) -> None:
    message_id = story.wheel.document(STORED, PDF, caption="Segue o boleto de R$ 1.234,56 ☀️")
    bubble = story.customer.received[-1]
    assert (bubble.id, bubble.kind, bubble.mime) == (message_id, "document", "application/pdf")
    assert bubble.file == PDF
    assert (bubble.file_name, bubble.caption) == ("Boleto 123-1.pdf", "Segue o boleto de R$ 1.234,56 ☀️")


def test_the_client_hears_of_delivery_and_reading(story: Story) -> None:
    message_id = story.wheel.text(STORED, "Bom dia")
    story.customer.deliver(message_id)
    story.customer.read(message_id)
    eventually(lambda: len(_receipts(story, message_id)) == 2)
    assert _receipts(story, message_id) == ["DELIVERED", "READ"]


def test_phones_may_say_by_themselves_that_they_have_a_message(story: Story) -> None:
    story.server.receipts_automatic = True
    message_id = story.wheel.text(STORED, "Boa tarde")
    eventually(lambda: _receipts(story, message_id) == ["DELIVERED"])
    story.server.receipts_automatic = False


def test_an_answer_arrives_with_its_sender_and_is_not_marked_as_read(story: Story) -> None:
    message_id = story.customer.write("SAIR")
    told = _incoming(story, message_id)
    assert (told["text"], told["name"]) == ("SAIR", "Fulano de Tal")
    assert (told["sender"], told["number"]) == (story.customer.lid, STORED)
    assert story.server.marked_read == []


def test_the_server_may_keep_a_senders_number_to_itself(story: Story) -> None:
    told = _incoming(story, story.customer.write("oi", with_number=False))
    assert (told["sender"], told["number"]) == (story.customer.lid, "")


def test_a_conversation_goes_on_in_both_directions(story: Story) -> None:
    for turn in range(3):
        text = f"Resposta {turn}"
        assert _incoming(story, story.customer.write(f"Pergunta {turn}"))["text"] == f"Pergunta {turn}"
        story.wheel.text(STORED, text)
        assert story.customer.received[-1].text == text


def test_a_stranger_may_write_first_and_be_answered(story: Story) -> None:
    stranger = story.server.contact("5511987654321", name="Beltrana")
    assert _incoming(story, stranger.write("Quanto custa?"))["name"] == "Beltrana"
    story.wheel.text(stranger.number, "Bom dia!")
    assert [bubble.text for bubble in stranger.received] == ["Bom dia!"]


def test_a_phone_that_cannot_read_a_message_gets_it_again_under_the_same_id(story: Story) -> None:
    story.wheel.text(STORED, "antes de trocar de celular")
    story.customer.forget_sessions()
    message_id = story.wheel.text(STORED, "depois de trocar de celular")
    eventually(lambda: story.customer.received[-1].id == message_id)
    assert story.customer.received[-1].text == "depois de trocar de celular"
    assert [message.seen for message in story.server.messages if message.id == message_id] == [2]


def test_what_the_owner_writes_by_hand_comes_too_and_is_known_as_his_own(story: Story) -> None:
    told = _incoming(story, story.server.phone.write(story.customer, "Pode passar aqui amanhã"))
    assert (told["text"], told["own"]) == ("Pode passar aqui amanhã", True)
    assert _incoming(story, story.customer.write("Combinado"))["own"] is False


def test_the_phone_hands_over_old_conversations_unasked(story: Story) -> None:
    story.server.phone.hand_over_history(story.customer, "mensagem antiga")
    assert story.wheel.wait_for("HistorySyncEv")["texts"] == ["mensagem antiga"]


def _receipts(story: Story, message_id: str) -> list[str]:
    return [told["type"] for told in story.wheel.heard("ReceiptEv") if message_id in told["ids"]]


def _incoming(story: Story, message_id: str) -> dict[str, Any]:
    eventually(lambda: any(told["id"] == message_id for told in story.wheel.heard("MessageEv")))
    return next(told for told in story.wheel.heard("MessageEv") if told["id"] == message_id)
