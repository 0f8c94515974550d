"""What WhatsApp and the network refuse, lose or forbid the embedded engine, as the fake server plays it."""

from __future__ import annotations

import sys
import time
from datetime import datetime

import pytest

from integrator.domain.errors import GatewayError
from integrator.domain.outcome import Confirmed, Rejected, Restricted, Sent, TryLater, Unknown
from integrator.sending.gateway import GatewayState
from tests.gateways.contract import pdf_part, text_part
from tests.gateways.embedded.shop import STORED, HastyGateway, Shop, give_up_after, is_
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")


def test_a_receipt_of_an_unknown_kind_costs_a_worker_and_no_receipt(shop: Shop, gateway: HastyGateway) -> None:
    outcome = gateway.send(STORED, text_part("Olá"), "")
    assert isinstance(outcome, Sent)
    child = gateway._supervisor.child
    shop.server.unknown_receipt(outcome.provider_id, "server-error")
    eventually(lambda: gateway._supervisor.child not in (child, None) and is_(gateway, GatewayState.CONNECTED))
    eventually(lambda: shop.server.connected)
    shop.customer.deliver(outcome.provider_id)
    eventually(lambda: gateway.confirm(outcome.provider_id) == Confirmed(outcome.provider_id))


@pytest.mark.parametrize(
    ("code", "kind"),
    [(463, Restricted), (429, Restricted), (479, Rejected), (400, Rejected), (500, TryLater)],
)
def test_what_the_server_refuses_is_told_and_did_not_leave(
    shop: Shop, gateway: HastyGateway, code: int, kind: type[Restricted | Rejected | TryLater]
) -> None:
    before = len(shop.customer.received)
    shop.server.ack_error(code)
    outcome = gateway.send(STORED, text_part("Olá"), "")
    assert isinstance(outcome, kind)
    assert f"{code}" in outcome.detail
    assert len([bubble for bubble in shop.customer.received if bubble.id not in shop.server.refused]) <= before
    assert isinstance(gateway.send(STORED, text_part("Depois"), ""), Sent)


def test_a_number_that_must_go_slower_is_told_until_when(shop: Shop, gateway: HastyGateway) -> None:
    shop.server.ack_error(429)
    outcome = gateway.send(STORED, text_part("Olá"), "")
    assert isinstance(outcome, Restricted)
    assert outcome.until is not None
    assert not outcome.stops


def test_a_file_that_cannot_be_stored_is_tried_later(shop: Shop, gateway: HastyGateway) -> None:
    shop.server.upload_status(507, times=None)
    outcome = gateway.send(STORED, pdf_part(), "")
    assert isinstance(outcome, TryLater)
    assert "507" in outcome.detail


def test_a_message_without_an_answer_leaves_doubt_until_its_receipt(shop: Shop, gateway: HastyGateway) -> None:
    ids: list[str] = []
    shop.server.silence_acks()
    give_up_after(lambda: eventually(lambda: shop.server.messages[-1].id == ids[0]), gateway)
    outcome = gateway.send(STORED, text_part("Olá"), "", ids.append)
    assert isinstance(outcome, Unknown)
    shop.server.heal()
    eventually(lambda: is_(gateway, GatewayState.CONNECTED) and shop.server.connected)
    shop.customer.deliver(ids[0])
    eventually(lambda: gateway.confirm(ids[0]) == Confirmed(ids[0]))


def test_what_a_customer_writes_during_a_send_neither_ends_it_nor_proves_anything(
    shop: Shop, gateway: HastyGateway
) -> None:
    ids: list[str] = []
    start = gateway.events(0).cursor

    def meanwhile() -> None:
        eventually(lambda: shop.customer.received and shop.customer.received[-1].id == ids[0])
        shop.customer.write("Obrigado pela mensagem! Responderemos em breve.")
        eventually(lambda: gateway.events(start).events)

    shop.server.silence_acks()
    give_up_after(meanwhile, gateway)
    assert isinstance(gateway.send(STORED, text_part("Olá"), "", ids.append), Unknown)


def test_without_network_at_the_start_it_connects_as_soon_as_there_is_one(shop: Shop, gateway: HastyGateway) -> None:
    gateway.close()
    shop.server.offline()
    again = shop.open()
    eventually(lambda: is_(again, GatewayState.OFFLINE))
    assert isinstance(again.send(STORED, text_part("Olá"), ""), TryLater)
    with pytest.raises(GatewayError, match="sem conexão"):
        again.check_numbers([STORED])
    shop.server.heal()
    eventually(lambda: is_(again, GatewayState.CONNECTED))
    again.close()


@pytest.mark.parametrize(
    ("reason", "attributes", "state"),
    [(402, {"code": "101", "expire": "3600"}, GatewayState.BANNED), (405, {}, GatewayState.OUTDATED)],
)
def test_what_keeps_a_number_out_is_told(
    shop: Shop, gateway: HastyGateway, reason: int, attributes: dict[str, str], state: GatewayState
) -> None:
    gateway.close()
    shop.server.login_failure(reason, **attributes)
    again = shop.open()
    eventually(lambda: is_(again, state))
    condition = again.condition()
    assert condition.told.endswith(".")
    if state is GatewayState.BANNED:
        assert condition.until is not None
        assert 3500 < (condition.until - datetime.now()).total_seconds() <= 3600
        assert isinstance(again.send(STORED, text_part("Olá"), ""), Restricted)
    else:
        assert isinstance(again.send(STORED, text_part("Olá"), ""), TryLater)
    eventually(lambda: again._supervisor.child is None)
    again.close()


def test_a_session_that_another_computer_opened_is_left_to_it(shop: Shop, gateway: HastyGateway) -> None:
    shop.server.replaced()
    eventually(lambda: is_(gateway, GatewayState.STOPPED))
    connections = shop.server.connections
    assert "outro computador" in gateway.condition().told
    eventually(lambda: gateway._supervisor.child is None)
    time.sleep(0.5)
    assert shop.server.connections == connections
    assert gateway.pairing().begin(datetime.now()).state is GatewayState.CONNECTED, "its phone had to be found again"


def test_whoever_asks_for_a_code_while_the_number_is_kept_out_does_not_lose_the_session(
    shop: Shop, gateway: HastyGateway
) -> None:
    gateway.close()
    shop.server.login_failure(405)
    again = shop.open()
    eventually(lambda: is_(again, GatewayState.OUTDATED))
    assert again.pairing().begin(datetime.now()).state is GatewayState.OUTDATED
    shop.server.heal()
    assert again.pairing().begin(datetime.now()).state is GatewayState.CONNECTED
    again.close()
