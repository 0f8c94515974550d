"""What the embedded engine sends, as the customer has it, and what the customer answers."""

from __future__ import annotations

import logging
import os
import sys
import time
from dataclasses import replace
from datetime import datetime

import pytest

from integrator.domain.outcome import Confirmed, Sent, TryLater, Unknown
from integrator.sending.gateway import GatewayState, Inbound, Receipt, ReceiptKind
from tests.gateways.contract import pdf_part, text_part
from tests.gateways.embedded.shop import OURS, STORED, HastyGateway, Shop, is_, nobody_takes_over
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")


def test_a_text_arrives_as_plain_as_it_was_written(shop: Shop, gateway: HastyGateway) -> None:
    text = "Chave PIX: fulano@551199999999 https://loja.example 🙂"
    outcome = gateway.send(STORED, text_part(text), "")
    assert isinstance(outcome, Sent)
    bubble = shop.customer.received[-1]
    assert (bubble.id, bubble.kind, bubble.text) == (outcome.provider_id, "text", text)


def test_a_document_arrives_byte_by_byte_with_name_and_caption(shop: Shop, gateway: HastyGateway) -> None:
    part = replace(pdf_part(filling=os.urandom(300_000)), caption="Segue o *boleto*\nde novembro")
    assert isinstance(gateway.send(STORED, part, ""), Sent)
    bubble = shop.customer.received[-1]
    assert (bubble.file, bubble.file_name, bubble.mime) == (part.content, part.file_name, "application/pdf")
    assert bubble.caption == part.caption


def test_the_id_is_told_before_the_server_has_the_message(shop: Shop, gateway: HastyGateway) -> None:
    seen: list[tuple[str, int]] = []
    before = len(shop.server.messages)

    def written_down(message_id: str) -> None:
        time.sleep(0.2)
        seen.append((message_id, len(shop.server.messages)))

    outcome = gateway.send(STORED, text_part("Olá"), "", written_down)
    assert isinstance(outcome, Sent)
    assert seen == [(outcome.provider_id, before)]
    assert len(shop.server.messages) == before + 1


def test_a_message_whose_id_cannot_be_written_down_never_leaves(shop: Shop, gateway: HastyGateway) -> None:
    before = len(shop.server.messages)

    def full_disk(_message_id: str) -> None:
        raise OSError("no space left on device")

    with nobody_takes_over(gateway):
        with pytest.raises(OSError, match="no space"):
            gateway.send(STORED, pdf_part(), "", full_disk)
        assert not is_(gateway, GatewayState.CONNECTED)
    eventually(lambda: is_(gateway, GatewayState.CONNECTED))
    assert isinstance(gateway.send(STORED, text_part("Depois"), ""), Sent)
    assert len(shop.server.messages) == before + 1


def test_a_worker_killed_before_it_was_allowed_left_nothing(shop: Shop, gateway: HastyGateway) -> None:
    before = len(shop.server.messages)

    def kill_the_worker(_message_id: str) -> None:
        child = gateway._supervisor.child
        assert child is not None
        child.kill()

    with nobody_takes_over(gateway):
        outcome = gateway.send(STORED, text_part("Olá"), "", kill_the_worker)
        assert isinstance(outcome, TryLater | Unknown)
        assert not is_(gateway, GatewayState.CONNECTED)
    eventually(lambda: is_(gateway, GatewayState.CONNECTED))
    assert len(shop.server.messages) == before


def test_receipts_and_what_the_customer_writes_reach_the_disk(shop: Shop, gateway: HastyGateway) -> None:
    outcome = gateway.send(STORED, text_part("Olá"), "")
    assert isinstance(outcome, Sent)
    start = gateway.events(0).cursor
    shop.customer.deliver(outcome.provider_id)
    shop.customer.read(outcome.provider_id)
    written = shop.customer.write("SAIR")
    eventually(lambda: len(gateway.events(start).events) == 3)
    delivered, read, inbound = gateway.events(start).events
    assert isinstance(delivered, Receipt)
    assert isinstance(read, Receipt)
    assert isinstance(inbound, Inbound)
    assert [(each.provider_id, each.kind) for each in (delivered, read)] == [
        (outcome.provider_id, ReceiptKind.DELIVERED),
        (outcome.provider_id, ReceiptKind.READ),
    ]
    assert (inbound.id, inbound.sender, inbound.text) == (written, STORED, "SAIR")
    assert abs((inbound.at - datetime.now()).total_seconds()) < 60
    assert gateway.confirm(outcome.provider_id) == Confirmed(outcome.provider_id)


def test_whoever_cannot_be_told_by_number_is_counted_and_dropped(shop: Shop, gateway: HastyGateway) -> None:
    stranger = shop.server.contact("5511977776666")
    start = gateway.events(0).cursor
    stranger.write("quem sou eu?", with_number=False)
    shop.customer.write("depois dele")
    eventually(lambda: gateway.events(start).events)
    assert [event.text for event in gateway.events(start).events if isinstance(event, Inbound)] == ["depois dele"]


def test_nothing_of_customers_is_in_the_log(
    shop: Shop, gateway: HastyGateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        gateway.send(STORED, text_part("segredo do cliente"), "")
        shop.customer.write("segredo da resposta")
        eventually(lambda: any(isinstance(e, Inbound) and "resposta" in e.text for e in gateway.events(0).events))
        child = gateway._supervisor.child
        assert child is not None
        said = caplog.text + child.complaints
    for secret in ("segredo", STORED, STORED[-8:], OURS, "3EB0"):
        assert secret not in said
