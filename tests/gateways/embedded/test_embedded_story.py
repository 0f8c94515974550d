"""The embedded engine with its real worker against the fake server: pairing, sending, news, the number's own life."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from integrator.domain.errors import GatewayError
from integrator.domain.outcome import Confirmed, Rejected, Restricted, Sent, TryLater, Unknown
from integrator.gateways.embedded import session
from integrator.gateways.embedded.gateway import EmbeddedGateway
from integrator.gateways.embedded.supervisor import Rhythm
from integrator.gateways.events.log import EventLog, everybody
from integrator.sending.gateway import GatewayState, Inbound, Receipt, ReceiptKind
from tests.fake_whatsapp.phone import Phone
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.gateways.contract import pdf_part, text_part
from tests.gateways.embedded.wheel import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")

STORED, ASKED, NOBODY, OURS = "554988590187", "5549988590187", "554933221100", "5549988887777"


class HastyGateway(EmbeddedGateway):
    """Waits a fraction of a second where the daemon waits minutes."""

    rhythm = Rhythm(ping=0.2, first_pause=0.05, longest_pause=0.2, stop=1.0, answer=0.6)


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop's computer, its phone (the server plays it) and one customer."""

    server: FakeWhatsApp
    customer: Phone
    folder: Path
    events: EventLog

    def open(self, expected: str = "") -> HastyGateway:
        return HastyGateway(
            "principal",
            self.folder,
            events=self.events,
            clock=datetime.now,
            expected=expected,
            proxy=self.server.proxy,
            command=self.server.worker_command(),
        )


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
    """Connected, by the session that the first test paired."""
    gateway = shop.open()
    if not session.paired_number(shop.folder):
        scan(shop, gateway)
    eventually(lambda: is_(gateway, GatewayState.CONNECTED))
    yield gateway
    shop.server.heal()
    gateway.close()


def is_(gateway: EmbeddedGateway, state: GatewayState) -> bool:
    return gateway.condition().state is state


def scan(shop: Shop, gateway: EmbeddedGateway) -> None:
    begun = gateway.pairing().begin(datetime.now())
    assert begun.code is not None
    shop.server.scan(begun.code.text)


@pytest.mark.feature("S21")
def test_a_phone_that_reads_the_code_connects_the_number(shop: Shop) -> None:
    gateway = shop.open(expected=OURS)
    assert is_(gateway, GatewayState.NEEDS_PAIRING)
    begun = gateway.pairing().begin(datetime.now())
    assert begun.state is GatewayState.NEEDS_PAIRING
    assert begun.code is not None
    assert 50 < (begun.code.until - datetime.now()).total_seconds() <= 60
    assert gateway.pairing().begin(datetime.now()) == begun
    shop.server.scan(begun.code.text)
    eventually(lambda: is_(gateway, GatewayState.CONNECTED))
    assert (gateway.sender(), gateway.pairing().look(datetime.now()).code) == (OURS, None)
    gateway.close()


def test_the_session_is_open_to_nobody_else(shop: Shop, gateway: HastyGateway) -> None:
    assert shop.folder.stat().st_mode & 0o077 == 0
    assert (shop.folder / session.DATABASE).stat().st_mode & 0o077 == 0


def test_a_paired_number_connects_by_itself_within_a_second_or_two(shop: Shop, gateway: HastyGateway) -> None:
    gateway.close()
    began = time.monotonic()
    again = shop.open()
    eventually(lambda: is_(again, GatewayState.CONNECTED))
    assert time.monotonic() - began < 5
    assert again.pairing().begin(datetime.now()).code is None
    began = time.monotonic()
    again.close()
    assert time.monotonic() - began < 2


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

    with pytest.raises(OSError, match="no space"):
        gateway.send(STORED, pdf_part(), "", full_disk)
    eventually(lambda: is_(gateway, GatewayState.CONNECTED) and gateway._supervisor.child is not None)
    assert isinstance(gateway.send(STORED, text_part("Depois"), ""), Sent)
    assert len(shop.server.messages) == before + 1


def test_a_worker_killed_before_it_was_allowed_left_nothing(shop: Shop, gateway: HastyGateway) -> None:
    before = len(shop.server.messages)

    def kill_the_worker(_message_id: str) -> None:
        child = gateway._supervisor.child
        assert child is not None
        child.kill()

    outcome = gateway.send(STORED, text_part("Olá"), "", kill_the_worker)
    assert isinstance(outcome, TryLater | Unknown)
    eventually(lambda: is_(gateway, GatewayState.CONNECTED) and gateway._supervisor.child is not None)
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
    shop: Shop, gateway: HastyGateway, code: int, kind: type
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
    outcome = gateway.send(STORED, text_part("Olá"), "", ids.append)
    assert isinstance(outcome, Unknown)
    assert shop.server.messages[-1].id == ids[0]
    shop.server.heal()
    eventually(lambda: is_(gateway, GatewayState.CONNECTED) and shop.server.connected)
    shop.customer.deliver(ids[0])
    eventually(lambda: gateway.confirm(ids[0]) == Confirmed(ids[0]))


def test_without_network_at_the_start_it_connects_as_soon_as_there_is_one(shop: Shop, gateway: HastyGateway) -> None:
    gateway.close()
    shop.server.offline(0.8)
    again = shop.open()
    eventually(lambda: is_(again, GatewayState.OFFLINE))
    assert isinstance(again.send(STORED, text_part("Olá"), ""), TryLater)
    with pytest.raises(GatewayError, match="sem conexão"):
        again.check_numbers([STORED])
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


def test_two_gateways_never_work_with_one_session(shop: Shop, gateway: HastyGateway) -> None:
    other = shop.open()
    eventually(lambda: is_(other, GatewayState.STOPPED))
    assert "Outro processo" in other.condition().told
    assert is_(gateway, GatewayState.CONNECTED)
    with pytest.raises(GatewayError, match="em uso"):
        other.pairing().end(datetime.now())
    other.close()
    assert isinstance(gateway.send(STORED, text_part("Olá"), ""), Sent)


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


def test_the_shop_disconnects_the_number(shop: Shop, gateway: HastyGateway) -> None:
    ended = gateway.pairing().end(datetime.now())
    assert (ended.state, ended.number) == (GatewayState.NEEDS_PAIRING, "")
    assert not shop.server.linked
    assert not list(shop.folder.glob(f"{session.DATABASE}*"))


def test_a_wrong_phone_is_disconnected_at_once_and_both_numbers_are_named(shop: Shop) -> None:
    gateway = shop.open(expected="5549977776666")
    scan(shop, gateway)
    eventually(lambda: gateway.pairing().look(datetime.now()).problem)
    told = gateway.pairing().look(datetime.now())
    assert "(49) 98888-7777" in told.problem
    assert "(49) 97777-6666" in told.problem
    assert told.state is not GatewayState.CONNECTED
    eventually(lambda: not shop.server.linked and gateway._supervisor.child is None)
    assert not list(shop.folder.glob(f"{session.DATABASE}*"))
    gateway.close()


def test_the_configured_number_may_lack_its_ninth_digit_and_be_paired_by_typed_digits(shop: Shop) -> None:
    gateway = shop.open(expected="554988887777")
    begun = gateway.pairing().begin(datetime.now(), OURS)
    assert len(begun.digits) == 8
    shop.server.type_code(begun.digits)
    eventually(lambda: is_(gateway, GatewayState.CONNECTED))
    gateway.close()


def test_a_device_removed_on_the_phone_asks_for_a_new_code(shop: Shop, gateway: HastyGateway) -> None:
    shop.server.log_out_from_phone()
    eventually(lambda: is_(gateway, GatewayState.LOGGED_OUT))
    assert "Conecte o número de novo" in gateway.condition().told
    assert session.paired_number(shop.folder) == ""
    eventually(lambda: gateway._supervisor.child is None)
    assert gateway.pairing().begin(datetime.now()).code is not None


def test_a_phone_that_asks_for_a_passkey_is_told(shop: Shop) -> None:
    gateway = shop.open()
    gateway.pairing().begin(datetime.now())
    shop.server.ask_passkey()
    eventually(lambda: is_(gateway, GatewayState.PASSKEY))
    assert "passkey" in gateway.pairing().look(datetime.now()).problem
    gateway.close()
