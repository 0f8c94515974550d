"""What the server pushes: taken only with our token, kept before it is answered, harmless twice and in any order."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path

import pytest

from integrator.gateways.events.log import EventLog
from integrator.gateways.evolution.gateway import EvolutionGateway
from integrator.gateways.evolution.hook import TOKEN_HEADER, hook_of
from integrator.sending.gateway import Inbound, Receipt, ReceiptKind, Webhook
from tests.gateways.conftest import TestClock
from tests.gateways.evolution.conftest import HOOK_URL, OpenGateway
from tests.gateways.evolution.fake_server import KEY
from tests.gateways.evolution.recordings import notice
from tests.gateways.evolution.stage import push

UPSERT = "messages.upsert_DELIVERY_ACK_conversation"
CUSTOMER = "5511999998888"


@pytest.fixture
def gateway(open_gateway: OpenGateway) -> EvolutionGateway:
    return open_gateway(webhook_url=HOOK_URL)


@pytest.fixture
def hook(gateway: EvolutionGateway) -> Webhook:
    webhook = gateway.webhook()
    assert webhook is not None
    return webhook


def receipts(gateway: EvolutionGateway) -> list[tuple[str, ReceiptKind]]:
    batch = gateway.events(0)
    return [(each.provider_id, each.kind) for each in batch.events if isinstance(each, Receipt)]


def inbound(gateway: EvolutionGateway) -> list[Inbound]:
    return [event for event in gateway.events(0).events if isinstance(event, Inbound)]


def test_each_recorded_status_becomes_a_receipt_once(gateway: EvolutionGateway) -> None:
    """messages.update: READ before DELIVERY_ACK, each of them twice, and the refusal of another part."""
    for name in ("messages.update_READ", "messages.update_DELIVERY_ACK", "messages.update_ERROR"):
        assert push(gateway, name) == 200
    assert receipts(gateway) == [
        ("3EB0A74D9DB4DA02A10218", ReceiptKind.READ),
        ("3EB0A74D9DB4DA02A10218", ReceiptKind.DELIVERED),
        ("3EB03C6E68D218B8B7B77E", ReceiptKind.FAILED),
    ]


def test_a_receipt_is_dated_by_our_clock(gateway: EvolutionGateway, clock: TestClock) -> None:
    """The server writes its local time and calls it UTC."""
    push(gateway, "messages.update_READ")
    assert gateway.events(0).events[0].at == clock.now()


def test_statuses_of_what_others_wrote_and_unknown_ones_say_nothing(gateway: EvolutionGateway) -> None:
    assert push(gateway, "messages.update_READ", fromMe=False) == 200
    assert push(gateway, "messages.update_READ", status="DELETED") == 200
    assert receipts(gateway) == []


def test_what_a_customer_writes_is_told_with_name_and_time(gateway: EvolutionGateway) -> None:
    assert push(gateway, UPSERT) == 200
    assert inbound(gateway) == [
        Inbound("3AE54B31351016C95C99", CUSTOMER, "Já paguei, obrigado", datetime.fromtimestamp(1795220926), "João")
    ]


def test_a_number_hidden_behind_an_id_is_found_beside_it(gateway: EvolutionGateway) -> None:
    key = {
        "remoteJid": "920328705876061@lid",
        "remoteJidAlt": f"{CUSTOMER}@s.whatsapp.net",
        "fromMe": False,
        "id": "3A01",
        "addressingMode": "lid",
    }
    push(gateway, UPSERT, key=key)
    assert [each.sender for each in inbound(gateway)] == [CUSTOMER]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"message": {"extendedTextMessage": {"text": "SAIR"}}, "messageType": "extendedTextMessage"}, "SAIR"),
        ({"message": {"ephemeralMessage": {"message": {"extendedTextMessage": {"text": "SAIR"}}}}}, "SAIR"),
        ({"message": {"audioMessage": {"seconds": 3}}, "messageType": "audioMessage"}, ""),
        ({"message": None}, ""),
        ({"messageTimestamp": {"low": 1}}, "Já paguei, obrigado"),
    ],
    ids=["answer", "vanishing", "audio", "nothing", "odd time"],
)
def test_texts_are_found_in_their_wrappings(gateway: EvolutionGateway, changed: dict[str, object], text: str) -> None:
    assert push(gateway, UPSERT, **changed) == 200
    assert [each.text for each in inbound(gateway)] == [text]


@pytest.mark.parametrize(
    "changed",
    [
        {"key": {"remoteJid": f"{CUSTOMER}@s.whatsapp.net", "fromMe": True, "id": "3A01"}},
        {
            "key": {
                "remoteJid": "12036302@g.us",
                "fromMe": False,
                "id": "3A01",
                "participant": f"{CUSTOMER}@s.whatsapp.net",
            }
        },
        {
            "key": {
                "remoteJid": "status@broadcast",
                "fromMe": False,
                "id": "3A01",
                "remoteJidAlt": f"{CUSTOMER}@s.whatsapp.net",
            }
        },
        {"key": {"remoteJid": "1203@newsletter", "fromMe": False, "id": "3A01"}},
        {"key": {"remoteJid": "920328705876061@lid", "fromMe": False, "id": "3A01"}},
        {"messageType": "reactionMessage"},
        {"messageType": "protocolMessage"},
    ],
    ids=["ours", "group", "status", "channel", "nobody's number", "reaction", "protocol"],
)
def test_what_no_person_wrote_to_the_number_is_dropped(gateway: EvolutionGateway, changed: dict[str, object]) -> None:
    assert push(gateway, UPSERT, **changed) == 200
    assert inbound(gateway) == []


@pytest.mark.parametrize("headers", [{}, {TOKEN_HEADER: ""}, {TOKEN_HEADER: KEY}, {TOKEN_HEADER: "ç\udce9"}])
def test_nothing_is_read_without_the_token(gateway: EvolutionGateway, hook: Webhook, headers: dict[str, str]) -> None:
    assert hook.receive(headers, json.dumps(notice("messages.update_READ")).encode()).status == 401
    assert receipts(gateway) == []


def test_the_token_is_the_same_at_every_start_and_another_for_each_key_and_number() -> None:
    known = hook_of(HOOK_URL, KEY, "loja3")
    assert hook_of(HOOK_URL, f" {KEY}\n", "loja3") == known
    assert len({known.token, hook_of(HOOK_URL, KEY, "loja4").token, hook_of(HOOK_URL, "outra", "loja3").token}) == 3
    assert KEY not in known.token
    assert known.token not in repr(known)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"event": 1}',
        b'{"event": "messages.update", "instance": "loja3", "data": []}',
        b"[" * 100_000,
    ],
    ids=["empty", "cut", "list", "no text", "no event", "no data", "deep"],
)
def test_what_is_no_notice_is_400(gateway: EvolutionGateway, hook: Webhook, body: bytes) -> None:
    assert hook.receive({TOKEN_HEADER: hook_of(HOOK_URL, KEY, "loja3").token}, body).status == 400


@pytest.mark.parametrize("name", ["contacts.upsert", "send.message_PENDING_conversation", "connection.update_open"])
def test_other_events_are_accepted_and_say_nothing(gateway: EvolutionGateway, name: str) -> None:
    assert push(gateway, name) == 200
    assert gateway.events(0).events == ()


def test_another_instances_notice_says_nothing(gateway: EvolutionGateway, hook: Webhook) -> None:
    body = json.dumps(notice("messages.update_READ") | {"instance": "loja4"}).encode()
    assert hook.receive({TOKEN_HEADER: hook_of(HOOK_URL, KEY, "loja3").token}, body).status == 200
    assert receipts(gateway) == []


def test_a_notice_that_cannot_be_kept_is_asked_for_again(gateway: EvolutionGateway, events: EventLog) -> None:
    """The server repeats after a 500; after a 200 the news would be lost."""
    events.close()
    assert push(gateway, "messages.update_READ") == 500


def test_the_servers_key_in_the_envelope_reaches_no_log_and_no_file(
    gateway: EvolutionGateway, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    push(gateway, UPSERT)
    push(gateway, "qrcode.updated")
    key = notice(UPSERT)["apikey"]
    assert key
    assert key not in caplog.text
    assert CUSTOMER not in caplog.text
    assert not any(key.encode() in file.read_bytes() for file in tmp_path.iterdir() if file.is_file())


def test_the_address_is_not_proved_by_a_get(hook: Webhook) -> None:
    assert hook.check({}).status == 405
