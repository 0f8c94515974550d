"""From no instance to a connected phone and back, with what the real server shows at each step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrator.domain.errors import GatewayError
from integrator.sending.gateway import GatewayState, Pairable, Pairing
from tests.gateways.conftest import TestClock
from tests.gateways.evolution.conftest import HOOK_URL, OpenGateway
from tests.gateways.evolution.fake_server import FakeEvolution
from tests.gateways.evolution.recordings import recording
from tests.gateways.evolution.stage import push

OLD = recording("167-connect-after-unlink").body
NEW = recording("222-connect-after-limit").body
PHONE = "5511988886666"


def unpaired(fake: FakeEvolution, *, before: bool = False) -> None:
    fake.world.state, fake.world.reason = "close", 401 if before else None
    fake.world.registered = "close" if before else ""


def pairable(gateway: object) -> Pairable:
    found = gateway.pairing()  # type: ignore[attr-defined]
    assert found is not None
    return found  # type: ignore[no-any-return]


def test_a_missing_instance_is_made_and_shows_its_code_for_45_seconds(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """21-state-unknown-instance, 14-create-no-qr, 222-connect."""
    fake.world.exists = False
    fake.world.code = NEW
    pairing = pairable(open_gateway()).begin(clock.now())
    assert pairing.state is GatewayState.NEEDS_PAIRING
    assert pairing.code is not None
    assert pairing.code.text == NEW["code"]
    assert pairing.code.until == clock.now() + timedelta(seconds=45)
    (request,) = fake.asked("instance/create")
    assert request.json["integration"] == "WHATSAPP-BAILEYS"
    assert request.json["readMessages"] is False


def test_an_instances_own_key_cannot_make_one_and_that_is_said(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """10-create-wrongkey."""
    fake.world.exists = False
    fake.answer_next("instance/create", recording("10-create-wrongkey"))
    with pytest.raises(GatewayError, match="chave global"):
        pairable(open_gateway()).begin(clock.now())


def test_an_instance_that_somebody_made_meanwhile_is_used(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """15-create-duplicate."""
    fake.answer_next("instance/connectionState", recording("21-state-unknown-instance"))
    fake.answer_next("instance/create", recording("15-create-duplicate"))
    unpaired(fake)
    assert pairable(open_gateway()).begin(clock.now()).state is GatewayState.NEEDS_PAIRING


def test_no_code_yet_is_no_error(open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock) -> None:
    """25-connect: ``{"count": 0}``."""
    unpaired(fake)
    fake.world.code = recording("25-connect").body
    pairing = pairable(open_gateway())
    assert pairing.begin(clock.now()).code is None
    fake.world.code = NEW
    code = pairing.look(clock.now()).code
    assert code is not None
    clock.advance(seconds=20)
    assert pairing.look(clock.now()).code == code
    fake.world.code = OLD
    clock.advance(seconds=25)
    renewed = pairing.look(clock.now()).code
    assert renewed is not None
    assert renewed.until == clock.now() + timedelta(seconds=45)


def test_the_dead_code_of_the_last_pairing_is_not_shown(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """167 and 168-connect-after-unlink: twice the code by which the phone was connected before."""
    unpaired(fake)
    fake.world.code = OLD
    pairing = pairable(open_gateway())
    assert pairing.begin(clock.now()).code is not None
    fake.world.state = "open"
    assert pairing.look(clock.now()).state is GatewayState.CONNECTED
    unpaired(fake, before=True)
    clock.advance(hours=3)
    assert pairing.begin(clock.now()).code is None
    clock.advance(seconds=6)
    assert pairing.look(clock.now()).code is None
    fake.world.code = NEW
    code = pairing.look(clock.now()).code
    assert code is not None
    assert code.text == NEW["code"]


def test_a_code_that_comes_at_once_for_a_number_paired_before_must_stay_to_be_shown(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    unpaired(fake, before=True)
    fake.world.code = OLD
    pairing = pairable(open_gateway())
    assert pairing.begin(clock.now()).code is None
    clock.advance(seconds=6)
    assert pairing.look(clock.now()).code is not None


def test_the_phone_that_reads_it_is_connected_and_its_number_known(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    unpaired(fake)
    fake.world.code = NEW
    pairing = pairable(open_gateway())
    pairing.begin(clock.now())
    fake.world.state = fake.world.registered = "open"
    connected = Pairing(GatewayState.CONNECTED, PHONE, name="Loja Dois")
    assert pairing.look(clock.now()) == connected
    assert pairing.begin(clock.now()) == connected


def test_a_pair_code_is_asked_for_by_the_phones_number(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """174-connect-pairing-code."""
    unpaired(fake)
    fake.world.code = recording("174-connect-pairing-code").body
    pairing = pairable(open_gateway()).begin(clock.now(), PHONE)
    assert pairing.digits == "834794QH"
    assert pairing.problem == ""
    assert fake.asked("instance/connect/")[0].query == {"number": PHONE}


def test_a_pair_code_that_does_not_come_is_told(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    unpaired(fake)
    fake.world.code = NEW
    pairing = pairable(open_gateway())
    assert pairing.begin(clock.now(), PHONE).problem == ""
    clock.advance(seconds=11)
    assert "código" in pairing.look(clock.now()).problem


def test_after_thirty_codes_the_wait_is_over_and_can_be_begun_again(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """221-state-after-limit, 222-connect-after-limit."""
    unpaired(fake)
    fake.world.code = OLD
    pairing = pairable(open_gateway())
    pairing.begin(clock.now())
    unpaired(fake)
    clock.advance(minutes=23)
    over = pairing.look(clock.now())
    assert over.code is None
    assert "acabou" in over.problem
    fake.world.code = NEW
    assert pairing.begin(clock.now()).code is not None


def test_the_webhook_tells_the_end_of_the_wait_and_the_living_code(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """qrcode.updated, and connection.update with ``refused``."""
    gateway = open_gateway(webhook_url=HOOK_URL)
    unpaired(fake, before=True)
    pairing = pairable(gateway)
    pairing.begin(clock.now())
    assert push(gateway, "qrcode.updated") == 200
    code = pairing.look(clock.now()).code
    assert code is not None
    assert push(gateway, "connection.update_close", state="refused", statusReason=428) == 200
    assert "acabou" in pairing.look(clock.now()).problem


def test_a_number_that_only_lost_its_line_is_not_paired_anew(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    """212-state-whatsapp-down: the server reconnects by itself, and its code is an old one."""
    fake.world.state = "connecting"
    fake.world.code = OLD
    assert pairable(open_gateway()).begin(clock.now()) == Pairing(GatewayState.CONNECTING, PHONE, name="Loja Dois")
    assert not fake.asked("instance/connect/")


def test_disconnecting_twice_is_no_error(open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock) -> None:
    """171-logout-open, 73-logout-not-connected."""
    fake.world.reason = 401
    pairing = pairable(open_gateway())
    assert pairing.end(clock.now()).state is GatewayState.LOGGED_OUT
    assert pairing.end(clock.now()).state is GatewayState.LOGGED_OUT
    assert len(fake.asked("instance/logout")) == 2


def test_a_phone_that_ended_the_connection_itself_is_noticed(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    gateway = open_gateway(webhook_url=HOOK_URL)
    assert gateway.condition().state is GatewayState.CONNECTED
    unpaired(fake, before=True)
    push(gateway, "logout.instance")
    assert gateway.condition().state is GatewayState.LOGGED_OUT
    assert pairable(gateway).look(clock.now()).state is GatewayState.LOGGED_OUT


def test_a_server_away_and_a_wrong_key_are_told_apart(
    open_gateway: OpenGateway, fake: FakeEvolution, clock: TestClock
) -> None:
    with pytest.raises(GatewayError, match="não aceitou a chave"):
        pairable(open_gateway(token="errada")).look(clock.now())
    fake.stop()
    with pytest.raises(GatewayError, match="não respondeu"):
        pairable(open_gateway()).begin(clock.now())
