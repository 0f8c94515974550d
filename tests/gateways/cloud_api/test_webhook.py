"""What Meta tells by webhook: believed only with its signature, harmless twice and in any order."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest

from integrator.domain.outcome import Sent
from integrator.gateways.cloud_api.account import Account
from integrator.gateways.cloud_api.gateway import CloudApiGateway
from integrator.gateways.events.log import EventLog
from integrator.sending.gateway import (
    Event,
    GatewayState,
    HookAnswer,
    Inbound,
    Receipt,
    ReceiptKind,
    StatusNews,
    Webhook,
)
from tests.gateways.cloud_api.conftest import PERSON
from tests.gateways.cloud_api.fake_meta import ACCOUNT, Meta
from tests.gateways.cloud_api.webhooks import messages, signature, status, told, written
from tests.gateways.conftest import TestClock
from tests.gateways.contract import text_part

OUR = "int-0123"


def hook(number: CloudApiGateway) -> Webhook:
    found = number.webhook()
    assert found is not None
    return found


def heard(number: CloudApiGateway) -> list[Event]:
    return list(number.events(0).events)


def body_with(clock: TestClock, kind: str = "delivered") -> bytes:
    change = messages(statuses=[status(OUR, kind, clock.now())])
    return json.dumps({"entry": [{"id": ACCOUNT.account_id, "changes": [change]}]}).encode()


def test_a_signed_status_becomes_a_receipt(number: CloudApiGateway, clock: TestClock) -> None:
    body = body_with(clock)
    assert hook(number).receive(signature(body), body) == HookAnswer(200)
    assert heard(number) == [Receipt(OUR, ReceiptKind.DELIVERED, clock.now())]


@pytest.mark.parametrize("fault", ["no header", "other secret", "other body", "sha1", "no sha256="])
def test_without_the_right_signature_nothing_is_read(number: CloudApiGateway, clock: TestClock, fault: str) -> None:
    body = body_with(clock)
    headers = {
        "no header": {},
        "other secret": signature(body, "outro segredo"),
        "other body": signature(body + b" "),
        "sha1": {"x-hub-signature": signature(body)["x-hub-signature-256"]},
        "no sha256=": {"x-hub-signature-256": signature(body)["x-hub-signature-256"].removeprefix("sha256=")},
    }[fault]
    assert hook(number).receive(headers, body).status == 401
    assert heard(number) == []


def test_without_the_app_secret_everything_is_refused_and_nothing_is_promised(
    meta: Meta, news: EventLog, clock: TestClock
) -> None:
    account = Account(ACCOUNT.phone_id, ACCOUNT.token)
    number = CloudApiGateway(account, instance="principal", events=news, clock=clock.now, base_url=meta.url)
    body = body_with(clock)
    assert hook(number).receive(signature(body, ""), body).status == 401
    assert hook(number).check({"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "7"}).status == 403
    assert number.capabilities.status is StatusNews.NONE
    assert not number.capabilities.inbound
    number.close()


def test_the_address_is_proved_with_the_token_that_the_program_shows(number: CloudApiGateway) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": number.verify_token, "hub.challenge": "1158201444"}
    assert hook(number).check(query) == HookAnswer(200, "1158201444")
    assert hook(number).check({**query, "hub.verify_token": "outro"}) == HookAnswer(403)
    assert hook(number).check({**query, "hub.mode": "unsubscribe"}).status == 403
    assert hook(number).check({}).status == 403


def test_what_is_told_twice_and_in_any_order_counts_once(number: CloudApiGateway, clock: TestClock) -> None:
    later = clock.now() + timedelta(minutes=1)
    read = messages(statuses=[status(OUR, "read", later)])
    delivered = messages(statuses=[status(OUR, "delivered", clock.now())])
    told(number, read, delivered)
    told(number, delivered, read, read)
    assert heard(number) == [
        Receipt(OUR, ReceiptKind.READ, later),
        Receipt(OUR, ReceiptKind.DELIVERED, clock.now()),
    ]


def test_a_late_refusal_says_why(number: CloudApiGateway, clock: TestClock) -> None:
    errors = [{"code": 131026, "title": "Message undeliverable"}]
    told(number, messages(statuses=[status(OUR, "failed", clock.now(), errors=errors)]))
    (receipt,) = heard(number)
    assert isinstance(receipt, Receipt)
    assert receipt.kind is ReceiptKind.FAILED
    assert "(49) 98859-0187" in receipt.reason


def test_a_late_sign_of_restriction_shows_in_the_state_for_a_day(number: CloudApiGateway, clock: TestClock) -> None:
    assert number.condition().state is GatewayState.CONNECTED
    told(number, messages(statuses=[status(OUR, "failed", clock.now(), errors=[{"code": 131048}])]))
    assert number.condition().state is GatewayState.RESTRICTED
    clock.advance(hours=25)
    assert number.condition().state is GatewayState.CONNECTED


def test_a_status_without_our_reference_is_known_by_the_id_that_meta_gave(
    number: CloudApiGateway, clock: TestClock, meta: Meta, news: EventLog
) -> None:
    news.append("principal", Inbound("wamid.1", PERSON, "Oi", clock.now()))
    sent = number.send(PERSON, text_part("Oi"), "")
    assert isinstance(sent, Sent)
    told(number, messages(statuses=[status("", "delivered", clock.now(), id="wamid.FAKE00000001")]))
    assert heard(number)[1:] == [Receipt(sent.provider_id, ReceiptKind.DELIVERED, clock.now())]


def test_what_another_program_sends_by_the_same_number_is_none_of_ours(
    number: CloudApiGateway, clock: TestClock
) -> None:
    told(number, messages(statuses=[status("", "delivered", clock.now(), id="wamid.DELES")]))
    assert heard(number) == []


def test_other_numbers_of_the_same_app_are_none_of_ours(number: CloudApiGateway, clock: TestClock) -> None:
    theirs = messages("999", statuses=[status(OUR, "read", clock.now())], messages=[written(PERSON, clock.now())])
    ours = messages(statuses=[status(OUR, "delivered", clock.now())])
    told(number, theirs, ours)
    assert heard(number) == [Receipt(OUR, ReceiptKind.DELIVERED, clock.now())]


@pytest.mark.feature("S31")
def test_what_people_write_or_press_is_heard(number: CloudApiGateway, clock: TestClock) -> None:
    now = clock.now()
    reply = {"type": "button_reply", "button_reply": {"id": "1", "title": "PARAR"}}
    pressed: dict[str, Any] = {"type": "button", "button": {"payload": "x", "text": "Não quero receber"}}
    lists = [
        written(PERSON, now, "SAIR", id="a"),
        written(PERSON, now, id="b", **pressed),
        written(PERSON, now, id="c", type="interactive", interactive=reply),
        written(PERSON, now, id="d", type="audio", audio={"id": "1"}),
        written(PERSON, now, id="e", type="reaction", reaction={"emoji": "👍"}),
        written(PERSON, now, id="f", type="system", system={"body": "trocou de número"}),
        written(PERSON, now, id="g", group_id="123"),
    ]
    told(number, messages(messages=lists, contacts=[{"wa_id": PERSON, "profile": {"name": "José"}}]))
    assert heard(number) == [
        Inbound("a", PERSON, "SAIR", now, "José"),
        Inbound("b", PERSON, "Não quero receber", now, "José"),
        Inbound("c", PERSON, "PARAR", now, "José"),
        Inbound("d", PERSON, "", now, "José"),
    ]


def test_whoever_writes_without_a_phone_is_counted_and_let_go(
    number: CloudApiGateway, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    nameless = [written("BR.1502576394655843", clock.now()), written("", clock.now())]
    told(number, messages(messages=nameless))
    assert heard(number) == []
    assert "count=2" in caplog.text
    assert "1502576394655843" not in caplog.text


def test_who_writes_opens_the_window(number: CloudApiGateway, clock: TestClock) -> None:
    assert not number.may_write_freely(PERSON)
    told(number, messages(messages=[written("554988590187", clock.now())]))
    assert number.may_write_freely(PERSON)


def test_a_template_that_meta_pauses_is_logged_and_the_number_is_looked_at_again(
    number: CloudApiGateway, meta: Meta, caplog: pytest.LogCaptureFixture
) -> None:
    number.condition()
    paused = {"event": "PAUSED", "message_template_name": "aviso", "message_template_language": "pt_BR"}
    told(number, {"field": "message_template_status_update", "value": paused})
    assert "name=aviso" in caplog.text
    told(number, {"field": "phone_number_quality_update", "value": {"event": "FLAGGED"}})
    number.condition()
    assert len(meta.requests) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"entry":[{"changes":[{"field":"messages","value":{"statuses":"x"}}]}]}',
        b'{"entry":[{"changes":[null,1,{"field":"messages","value":null}]}]}',
        b"[" * 20_000,
        b'{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"100000000000000"},'
        b'"statuses":[{"id":"w","status":"sent","timestamp":"99999999999999999999","biz_opaque_callback_data":"r"},'
        b'{"status":"sent"},{"id":"w","status":"banana"},{"id":1}],"messages":[{},{"id":"x"}]}}]}]}',
    ],
)
def test_odd_bodies_do_no_harm(number: CloudApiGateway, body: bytes) -> None:
    assert hook(number).receive(signature(body), body).status == 200


def test_what_cannot_be_kept_is_told_again_later(number: CloudApiGateway, news: EventLog, clock: TestClock) -> None:
    news.close()
    body = body_with(clock)
    assert hook(number).receive(signature(body), body).status == 503


def test_a_hundred_statuses_in_a_second_are_taken(number: CloudApiGateway, clock: TestClock) -> None:
    begun = time.thread_time()
    for batch in range(10):
        names = (f"int-{batch}-{place}" for place in range(10))
        told(number, messages(statuses=[status(name, "delivered", clock.now()) for name in names]))
    assert len(heard(number)) == 100
    assert time.thread_time() - begun < 1.0
