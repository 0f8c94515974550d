"""The state of the line as the real server tells it, and the webhook that is set once it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrator.gateways.evolution import line
from integrator.gateways.evolution.hook import TOKEN_HEADER, hook_of
from integrator.gateways.evolution.line import Line
from integrator.gateways.evolution.server import Server
from integrator.sending.gateway import GatewayState
from tests.gateways.conftest import TestClock
from tests.gateways.evolution.conftest import HOOK_URL, OpenGateway
from tests.gateways.evolution.fake_server import KEY, FakeEvolution, Fault
from tests.gateways.evolution.parts import TEXT
from tests.gateways.evolution.recordings import Recording, recording

ASK_S = line._ASK_S
STATE, FETCH = "instance/connectionState", "instance/fetchInstances"
UNPAIRED = replace(
    recording("105-fetch-open"),
    body=[recording("105-fetch-open").body[0] | {"connectionStatus": "close", "ownerJid": None}],
)
WITHOUT_STATE = Recording(200, {"instance": {"instanceName": "loja2"}}, 1)


@pytest.mark.parametrize(
    ("instance", "state", "fetched", "expected"),
    [
        ("loja2", recording("103-state-open"), recording("105-fetch-open"), GatewayState.CONNECTED),
        ("loja2", recording("101-state-connecting"), UNPAIRED, GatewayState.NEEDS_PAIRING),
        ("loja2", recording("20-state-close"), UNPAIRED, GatewayState.NEEDS_PAIRING),
        ("loja6", recording("212-state-whatsapp-down"), recording("213-fetch-whatsapp-down"), GatewayState.CONNECTING),
        ("loja5", recording("193-state-after-unlink"), recording("195-fetch-after-unlink"), GatewayState.LOGGED_OUT),
        ("loja5", recording("203-state-after-ban"), recording("205-fetch-after-ban"), GatewayState.BANNED),
        ("loja2", recording("21-state-unknown-instance"), UNPAIRED, GatewayState.NEEDS_PAIRING),
        ("loja2", recording("22-state-wrongkey"), UNPAIRED, GatewayState.AUTH),
        ("loja2", recording("02-notfound-path"), UNPAIRED, GatewayState.OFFLINE),
        ("loja2", WITHOUT_STATE, recording("105-fetch-open"), GatewayState.CONNECTED),
    ],
    ids=["103+105", "101", "20", "212+213", "193+195", "203+205", "21", "22", "02", "state missing (upstream 2583)"],
)
def test_each_recorded_state_is_told_apart(
    fake: FakeEvolution, clock: TestClock, instance: str, state: Recording, fetched: Recording, expected: GatewayState
) -> None:
    fake.answer_next(STATE, state)
    fake.answer_next(FETCH, fetched)
    server = Server(fake.url, KEY)
    assert Line(instance, server, clock.now).condition().state is expected
    server.close()


@pytest.mark.parametrize(
    ("told", "shown"), [("Loja\nDois \u202e🙂", "Loja Dois 🙂"), (None, ""), ("", ""), ("x" * 60, "x" * 39 + "…")]
)
def test_the_name_of_the_account_is_taken_from_the_server_and_made_fit(
    fake: FakeEvolution, clock: TestClock, told: str | None, shown: str
) -> None:
    fetched = recording("105-fetch-open")
    fake.answer_next(STATE, recording("103-state-open"))
    fake.answer_next(FETCH, replace(fetched, body=[fetched.body[0] | {"profileName": told}]))
    server = Server(fake.url, KEY)
    line = Line("loja2", server, clock.now)
    assert (line.sender(), line.name()) == ("5511988887777", shown)
    server.close()


def test_a_number_that_was_disconnected_has_no_name(fake: FakeEvolution, clock: TestClock) -> None:
    fake.answer_next(STATE, recording("193-state-after-unlink"))
    fake.answer_next(FETCH, recording("195-fetch-after-unlink"))
    server = Server(fake.url, KEY)
    assert Line("loja5", server, clock.now).name() == ""
    server.close()


def test_an_answer_serves_for_seconds(open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock) -> None:
    gateway = open_gateway()
    for _ in range(20):
        gateway.condition()
        gateway.sender()
    assert len(fake.asked(STATE)) == 1
    clock.advance(seconds=5)
    gateway.condition()
    assert len(fake.asked(STATE)) == 2


def test_the_question_takes_less_than_five_seconds_when_the_server_hangs(
    open_gateway: OpenGateway, fake: FakeEvolution, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here it is silent to the end: without a limit nothing would come back."""
    monkeypatch.setattr(line, "_ASK_S", 0.3)
    fake.answer_next(STATE, Fault.SILENT)
    assert open_gateway().condition().state is GatewayState.OFFLINE
    assert len(fake.asked("instance")) == 1
    assert 3 * ASK_S < 5, "connecting, and reading both answers"


def test_the_number_is_the_one_paired_now(open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock) -> None:
    gateway = open_gateway()
    assert gateway.sender() == "5511988886666"
    fake.world.state, fake.world.registered, fake.world.reason = "close", "close", 401
    clock.advance(seconds=5)
    assert gateway.sender() == ""
    other = recording("105-fetch-open")
    other.body[0] |= {"name": "loja3", "ownerJid": "5547999990000:7@s.whatsapp.net"}
    fake.world.state = "open"
    fake.answer_next(FETCH, other)
    clock.advance(seconds=5)
    assert gateway.sender() == "5547999990000"


def test_a_server_that_is_away_does_not_make_the_number_forgotten(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    gateway = open_gateway()
    gateway.condition()
    fake.stop()
    clock.advance(seconds=5)
    assert gateway.condition().state is GatewayState.OFFLINE
    assert gateway.sender() == "5511988886666"


def test_a_refused_send_makes_the_state_be_asked_at_once(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    gateway = open_gateway()
    assert gateway.condition().state is GatewayState.CONNECTED
    fake.world.state, fake.world.registered, fake.world.reason = "close", "close", 403
    gateway.send("5511999998888", TEXT, "")
    assert gateway.condition().state is GatewayState.BANNED


def test_a_connected_number_has_its_webhook_set_once(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """60-webhook-find-none, 65-webhook-set-ok."""
    gateway = open_gateway(webhook_url=HOOK_URL)
    for _ in range(3):
        gateway.condition()
        clock.advance(minutes=11)
    (request,) = fake.asked("webhook/set")
    assert request.json["webhook"] == {
        "enabled": True,
        "url": HOOK_URL,
        "byEvents": False,
        "base64": False,
        "headers": {TOKEN_HEADER: hook_of(HOOK_URL, KEY, "loja3").token},
        "events": ["QRCODE_UPDATED", "CONNECTION_UPDATE", "MESSAGES_UPDATE", "MESSAGES_UPSERT", "LOGOUT_INSTANCE"],
    }
    allowed = recording("63-webhook-set-badevent").body["response"]["message"][0][0]
    assert all(event in allowed for event in request.json["webhook"]["events"])


def test_a_webhook_that_somebody_changed_is_set_again(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """66-webhook-find: another address and another token."""
    gateway = open_gateway(webhook_url=HOOK_URL)
    gateway.condition()
    fake.world.hook = recording("66-webhook-find").body
    clock.advance(minutes=11)
    gateway.condition()
    assert len(fake.asked("webhook/set")) == 2
    assert fake.world.hook["url"] == HOOK_URL


def test_a_webhook_with_the_token_of_an_older_key_is_set_again(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    open_gateway(webhook_url=HOOK_URL).condition()
    fake.world.hook["headers"] = {TOKEN_HEADER: hook_of(HOOK_URL, "chave antiga", "loja3").token}
    open_gateway(webhook_url=HOOK_URL).condition()
    assert len(fake.asked("webhook/set")) == 2


def test_a_webhook_that_cannot_be_set_stops_nothing(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    """64-webhook-set-noevents: the server fails."""
    fake.answer_next("webhook/set", recording("64-webhook-set-noevents"))
    assert open_gateway(webhook_url=HOOK_URL).condition().state is GatewayState.CONNECTED


def test_without_an_address_no_webhook_is_touched(open_gateway: OpenGateway, fake: FakeEvolution) -> None:
    gateway = open_gateway()
    gateway.condition()
    assert not fake.asked("webhook")
    assert gateway.webhook() is None
    assert not gateway.capabilities.inbound
