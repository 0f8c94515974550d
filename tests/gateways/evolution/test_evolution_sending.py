"""What leaves for the server, byte by byte, and what it means when no answer comes."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from integrator.domain.errors import GatewayError, SettingsError
from integrator.domain.message import PartKind
from integrator.domain.outcome import CannotTell, Rejected, Sent, TryLater, Unknown
from integrator.gateways.events.log import EventLog
from integrator.gateways.evolution.gateway import EvolutionGateway
from integrator.gateways.evolution.server import Server
from integrator.sending.gateway import GatewayState
from tests.gateways.conftest import TestClock
from tests.gateways.evolution.conftest import OpenGateway
from tests.gateways.evolution.fake_server import KEY, FakeEvolution, Fault
from tests.gateways.evolution.parts import PDF, TEXT
from tests.gateways.evolution.recordings import recording
from tests.waiting import eventually

TO = "5511999998888"


def test_a_text_leaves_without_link_preview_and_its_number_as_a_string(
    open_gateway: OpenGateway, fake: FakeEvolution
) -> None:
    assert isinstance(open_gateway().send(TO, TEXT, ""), Sent)
    (request,) = fake.asked("message/sendText/loja3")
    assert request.json == {"number": TO, "text": TEXT.text, "linkPreview": False}
    assert request.headers["apikey"] == KEY


def test_a_pdf_leaves_as_multipart_byte_by_byte(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    part = replace(PDF, file_name="Boleto José – 1ª via.pdf", caption="Segue o boleto — até amanhã")
    assert isinstance(open_gateway().send(TO, part, ""), Sent)
    (request,) = fake.asked("message/sendMedia")
    form = request.form()
    content, name = form.pop("file")
    assert content == part.content
    assert name.isascii()
    assert {field: value.decode() for field, (value, _) in form.items()} == {
        "number": TO,
        "mediatype": "document",
        "mimetype": "application/pdf",
        "fileName": part.file_name,
        "caption": part.caption,
    }


def test_a_file_without_ending_gets_one_else_its_kind_is_lost(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    """The server answers ``mimetype: "false"`` for a name without ending."""
    open_gateway().send(TO, replace(PDF, file_name="boleto"), "")
    assert fake.world.bubbles[0].file_name == "boleto.pdf"


def test_pix_and_linha_are_texts(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    gateway = open_gateway()
    for kind in (PartKind.PIX, PartKind.LINHA):
        assert isinstance(gateway.send(TO, replace(TEXT, kind=kind), ""), Sent)
    assert [bubble.content for bubble in fake.world.bubbles] == [TEXT.content] * 2


@pytest.mark.parametrize(("fault", "delivered"), [(Fault.DROP_BEFORE, 0), (Fault.DROP_AFTER, 1), (Fault.CUT, 1)])
@pytest.mark.parametrize(("part", "action"), [(TEXT, "message/sendText"), (PDF, "message/sendMedia")])
def test_a_server_killed_under_the_request_leaves_doubt_and_nothing_is_repeated(
    open_gateway: OpenGateway, fake: FakeEvolution, fault: Fault, delivered: int, part: object, action: str
) -> None:
    """270 and 272: killed before and after the hand-over look the same."""
    fake.answer_next(action, fault)
    gateway = open_gateway()
    outcome = gateway.send(TO, part, "")  # type: ignore[arg-type]
    assert isinstance(outcome, Unknown)
    assert len(fake.asked(action)) == 1
    assert len(fake.world.bubbles) == delivered
    assert gateway.confirm("") == CannotTell()


def test_giving_up_on_an_answer_leaves_doubt_and_the_number_rests_a_minute(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """160-client-gives-up and 150-state-during-silence: the message left, and the state still says ``open``."""
    gateway = open_gateway(answer_s=0.1)
    assert gateway.condition().state is GatewayState.CONNECTED
    fake.answer_next("message/sendText", Fault.SILENT)
    outcome = gateway.send(TO, TEXT, "")
    assert isinstance(outcome, Unknown)
    assert "não respondeu" in outcome.reason
    eventually(lambda: fake.world.bubbles)
    assert gateway.condition().state is GatewayState.OFFLINE
    clock.advance(seconds=61)
    assert gateway.condition().state is GatewayState.CONNECTED


def test_a_server_that_does_not_run_proves_that_nothing_left(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    """271-gateway-down: connection refused."""
    gateway = open_gateway()
    fake.stop()
    outcome = gateway.send(TO, TEXT, "")
    assert isinstance(outcome, TryLater)
    assert KEY not in outcome.detail


def test_a_connection_is_never_shared_between_two_sends(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    """A kept one may be closed by the server in the moment of use, which is doubt for nothing."""
    gateway = open_gateway()
    gateway.send(TO, TEXT, "")
    assert fake.asked("message/sendText")[0].headers["connection"] == "close"


def test_a_redirection_is_not_followed(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    fake.answer_next("message/sendText", replace(recording("20-state-close"), status=301))
    assert isinstance(open_gateway().send(TO, TEXT, ""), TryLater)
    assert len(fake.world.requests) == 1


def test_a_long_caption_is_refused_before_anything_leaves(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    assert isinstance(open_gateway().send(TO, replace(PDF, caption="x" * 1025), ""), Rejected)
    assert not fake.world.requests


@pytest.mark.feature("B06")
def test_numbers_come_back_as_whatsapp_writes_them(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    """111-numbers-check: the ninth digit dropped where WhatsApp does, a landline without an account."""
    fake.answer_next("chat/whatsappNumbers", recording("111-numbers-check"))
    checks = open_gateway().check_numbers(["551133330000", "5547999112233", "5511999998888"])
    assert [(check.exists, check.canonical) for check in checks] == [
        (False, ""),
        (True, "554799112233"),
        (True, "5511999998888"),
    ]


@pytest.mark.parametrize(
    "name", ["55-whatsappNumbers-notconnected", "82-whatsappNumbers-reconnecting", "194b-numbers-after-unlink"]
)
def test_a_number_check_that_fails_in_any_shape_is_told_as_such(
    open_gateway: OpenGateway, fake: FakeEvolution, name: str
) -> None:
    fake.answer_next("chat/whatsappNumbers", recording(name))
    with pytest.raises(GatewayError):
        open_gateway().check_numbers([TO])


@pytest.mark.parametrize("token", ["chave\ncom linha", "chave–traço"])
def test_a_key_that_no_header_can_carry_is_told_without_showing_it(
    tmp_path: Path, events: EventLog, clock: TestClock, token: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        EvolutionGateway("loja3", "http://servidor", token, events=events, clock=clock.now)
    assert token not in f"{caught.value.message} {caught.value.detail}"


@pytest.mark.parametrize("typed", ["127.0.0.1:{}", "http://127.0.0.1:{}/", " http://127.0.0.1:{}/manager "])
def test_the_address_is_understood_as_technicians_paste_it(fake: FakeEvolution, typed: str) -> None:
    server = Server(typed.format(fake.port), KEY)
    assert server.ask("GET", "/instance/connectionState/loja3", 60).fine
    server.close()


def test_the_log_shows_neither_key_nor_text_nor_number(
    open_gateway: OpenGateway, fake: FakeEvolution, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="integrator")
    gateway = open_gateway(webhook_url="http://10.0.0.5:8787/webhook/loja3")
    gateway.condition()
    fake.answer_next("message/sendText", Fault.DROP_AFTER)
    gateway.send(TO, TEXT, "")
    for secret in (KEY, TEXT.text, TO):
        assert secret not in caplog.text
    assert "webhook_set" in caplog.text
