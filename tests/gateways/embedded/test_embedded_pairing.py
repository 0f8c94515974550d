"""A phone and the embedded engine: paired by code or digits, wrong, removed, disconnected; who may use a session."""

from __future__ import annotations

import sys
from datetime import datetime

import pytest

from integrator.domain.errors import GatewayError
from integrator.domain.outcome import Sent
from integrator.gateways.embedded import session
from integrator.sending.gateway import GatewayState
from tests.gateways.contract import text_part
from tests.gateways.embedded.shop import OURS, STORED, HastyGateway, Shop, is_, scan
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")


@pytest.fixture
def unpaired(shop: Shop) -> None:
    """The shop is as before its number was paired."""
    session.delete(shop.folder)


@pytest.mark.feature("S23")
@pytest.mark.usefixtures("unpaired")
def test_a_phone_that_reads_the_code_connects_the_number(shop: Shop) -> None:
    gateway = shop.open(expected=OURS)
    assert is_(gateway, GatewayState.NEEDS_PAIRING)
    begun = gateway.pairing().begin(datetime.now())
    assert begun.state is GatewayState.NEEDS_PAIRING
    assert begun.code is not None
    assert 20 < (begun.code.until - datetime.now()).total_seconds() <= 60, "the first one lives longer than the others"
    assert gateway.pairing().begin(datetime.now()) == begun
    shop.server.scan(begun.code.text)
    eventually(lambda: is_(gateway, GatewayState.CONNECTED))
    assert (gateway.sender(), gateway.pairing().look(datetime.now()).code) == (OURS, None)
    gateway.close()


def test_the_session_is_open_to_nobody_else(shop: Shop, gateway: HastyGateway) -> None:
    assert shop.folder.stat().st_mode & 0o077 == 0
    assert (shop.folder / session.DATABASE).stat().st_mode & 0o077 == 0


def test_a_paired_number_connects_by_itself_at_the_first_attempt_and_ends_when_it_is_told(
    shop: Shop, gateway: HastyGateway
) -> None:
    gateway.close()
    before = shop.server.connections
    again = shop.open()
    first = eventually(lambda: again._supervisor.child)
    eventually(lambda: is_(again, GatewayState.CONNECTED))
    assert (again._supervisor.child, shop.server.connections) == (first, before + 1)
    assert again.pairing().begin(datetime.now()).code is None
    again.close()
    assert first is not None
    assert first.exit_code == 0, "it would have been killed"


def test_two_gateways_never_work_with_one_session(shop: Shop, gateway: HastyGateway) -> None:
    other = shop.open()
    told = eventually(lambda: (found := other.condition()).state is GatewayState.STOPPED and found.told)
    assert "Outro processo" in str(told)
    assert is_(gateway, GatewayState.CONNECTED)
    with pytest.raises(GatewayError, match="em uso"):
        other.pairing().end(datetime.now())
    other.close()
    assert isinstance(gateway.send(STORED, text_part("Olá"), ""), Sent)


def test_the_shop_disconnects_the_number(shop: Shop, gateway: HastyGateway) -> None:
    ended = gateway.pairing().end(datetime.now())
    assert (ended.state, ended.number) == (GatewayState.NEEDS_PAIRING, "")
    assert not shop.server.linked
    assert not list(shop.folder.glob(f"{session.DATABASE}*"))


@pytest.mark.feature("E04")
@pytest.mark.usefixtures("unpaired")
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


@pytest.mark.usefixtures("unpaired")
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
    eventually(lambda: session.paired_number(shop.folder) == "")
    eventually(lambda: gateway._supervisor.child is None)
    assert gateway.pairing().begin(datetime.now()).code is not None


@pytest.mark.usefixtures("unpaired")
def test_a_phone_that_asks_for_a_passkey_is_told(shop: Shop) -> None:
    gateway = shop.open()
    gateway.pairing().begin(datetime.now())
    shop.server.ask_passkey()
    eventually(lambda: is_(gateway, GatewayState.PASSKEY))
    assert "passkey" in gateway.pairing().look(datetime.now()).problem
    gateway.close()
