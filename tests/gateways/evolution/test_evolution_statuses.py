"""What became of a part is learnt even when no webhook tells it, and without tiring the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrator.domain.errors import GatewayError
from integrator.domain.outcome import Confirmed, Sent
from integrator.gateways.events.log import EventLog
from integrator.gateways.evolution.gateway import EvolutionGateway
from integrator.gateways.evolution.statuses import AWAITED_FILE
from integrator.sending.gateway import Receipt, ReceiptKind, StatusNews
from tests.gateways.conftest import TestClock
from tests.gateways.evolution.conftest import HOOK_URL, OpenGateway
from tests.gateways.evolution.fake_server import KEY, FakeEvolution, Fault
from tests.gateways.evolution.parts import TEXT
from tests.gateways.evolution.recordings import recording
from tests.gateways.evolution.stage import push

TO = "5511999998888"
FIND = "chat/findStatusMessage"


def send(gateway: EvolutionGateway) -> str:
    outcome = gateway.send(TO, TEXT, "")
    assert isinstance(outcome, Sent)
    return outcome.provider_id


def kinds(gateway: EvolutionGateway) -> list[ReceiptKind]:
    return [event.kind for event in gateway.events(0).events if isinstance(event, Receipt)]


def test_without_a_webhook_delivered_and_read_are_asked_for(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """134-findStatusMessage, under the id that was recorded with it."""
    gateway = open_gateway()
    assert gateway.capabilities.status is StatusNews.POLL
    sent = recording("112-text-ok")
    fake.answer_next("message/sendText", sent)
    provider_id = send(gateway)
    assert kinds(gateway) == []
    fake.answer_next(FIND, recording("134-findStatusMessage"))
    clock.advance(seconds=16)
    assert kinds(gateway) == [ReceiptKind.DELIVERED, ReceiptKind.READ]
    assert gateway.confirm(provider_id) == Confirmed(provider_id)
    assert fake.asked(FIND)[0].json == {"where": {"id": sent.body["key"]["id"]}}


def test_a_part_is_asked_about_ever_more_seldom_and_no_more_once_read(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    gateway = open_gateway()
    provider_id = send(gateway)
    for _ in range(360):
        clock.advance(seconds=10)
        gateway.events(0)
    assert len(fake.asked(FIND)) == 4  # 15 s, 1 min, 5 min, 30 min after one another
    fake.world.statuses[provider_id] = ["DELIVERY_ACK", "READ"]
    clock.advance(hours=2)
    assert kinds(gateway) == [ReceiptKind.DELIVERED, ReceiptKind.READ]
    clock.advance(days=1)
    gateway.events(0)
    assert len(fake.asked(FIND)) == 5


def test_a_refusal_that_came_later_is_told(open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock) -> None:
    """127-text-nack: 201, then ERROR."""
    gateway = open_gateway()
    fake.world.statuses[send(gateway)] = ["ERROR"]
    clock.advance(seconds=16)
    (receipt,) = gateway.events(0).events
    assert isinstance(receipt, Receipt)
    assert receipt.kind is ReceiptKind.FAILED
    assert receipt.reason


def test_with_a_webhook_only_what_was_not_pushed_is_asked_for(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    gateway = open_gateway(webhook_url=HOOK_URL)
    assert gateway.capabilities.status is StatusNews.PUSH
    told, lost = send(gateway), send(gateway)
    push(gateway, "messages.update_READ", keyId=told)
    fake.world.statuses[lost] = ["DELIVERY_ACK"]
    clock.advance(seconds=60)
    gateway.events(0)
    assert not fake.asked(FIND)
    clock.advance(seconds=61)
    assert kinds(gateway) == [ReceiptKind.READ, ReceiptKind.DELIVERED]
    assert [request.json["where"]["id"] for request in fake.asked(FIND)] == [lost]


def test_news_of_what_was_sent_before_a_restart_are_asked_for(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    first = open_gateway()
    provider_id = send(first)
    first.close()
    fake.world.statuses[provider_id] = ["READ"]
    clock.advance(hours=14)
    assert kinds(open_gateway()) == [ReceiptKind.READ]


def test_after_five_days_a_part_is_given_up(open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock) -> None:
    gateway = open_gateway()
    send(gateway)
    clock.advance(days=6)
    gateway.events(0)
    assert not fake.asked(FIND)


@pytest.mark.parametrize("failure", [Fault.DROP_BEFORE, recording("22-state-wrongkey")], ids=["dropped", "22"])
def test_a_server_that_fails_is_left_alone_for_a_minute(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock, failure: Fault
) -> None:
    gateway = open_gateway()
    for _ in range(3):
        send(gateway)
    clock.advance(seconds=16)
    fake.answer_next(FIND, failure)
    for _ in range(5):
        gateway.events(0)
    assert len(fake.asked(FIND)) == 1
    clock.advance(seconds=61)
    gateway.events(0)
    assert len(fake.asked(FIND)) == 4


def test_at_most_twenty_are_asked_about_at_a_time(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    gateway = open_gateway()
    for _ in range(25):
        send(gateway)
    clock.advance(seconds=16)
    gateway.events(0)
    assert len(fake.asked(FIND)) == 20
    gateway.events(0)
    assert len(fake.asked(FIND)) == 25


def test_a_file_that_is_none_is_told_and_one_that_breaks_costs_no_message(
    open_gateway: OpenGateway, fake: FakeEvolution, events: EventLog, clock: TestClock, tmp_path: Path
) -> None:
    gateway = open_gateway()
    gateway.close()
    assert send(gateway)
    broken = tmp_path / "estragado"
    broken.mkdir()
    (broken / AWAITED_FILE).write_bytes(b"nada que sirva" * 100)
    with pytest.raises(GatewayError, match=AWAITED_FILE):
        EvolutionGateway("loja3", fake.url, KEY, events=events, clock=clock.now, folder=broken)
