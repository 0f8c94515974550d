"""The world around the embedded engine: the fake WhatsApp server, a session that is paired once, and customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from integrator.gateways.embedded.gateway import EmbeddedGateway
from integrator.gateways.embedded.supervisor import Rhythm
from integrator.gateways.events.log import EventLog
from integrator.sending.gateway import Gateway, GatewayState
from tests.fake_whatsapp.phone import Phone
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.gateways.embedded.shop import give_up_after
from tests.waiting import eventually

KNOWN, OTHER_FORM, UNKNOWN = "554988590187", "5549988590187", "554933221100"


@dataclass(frozen=True, slots=True)
class Paired:
    """A server, the folder of a session that is paired with it, and the phone of a customer."""

    server: FakeWhatsApp
    folder: Path
    customer: Phone


class _Patient(EmbeddedGateway):
    """Replaces no worker within a test."""

    rhythm = Rhythm(first_pause=3600.0, longest_pause=3600.0)


def gateway_at(place: Paired, events: EventLog, engine: type[EmbeddedGateway] = EmbeddedGateway) -> EmbeddedGateway:
    """The engine as the daemon opens it, on that session and through that server."""
    return engine(
        "principal",
        place.folder,
        events=events,
        clock=datetime.now,
        proxy=place.server.proxy,
        command=place.server.worker_command(),
    )


def customer_of(server: FakeWhatsApp) -> Phone:
    """The person behind ``KNOWN`` and ``OTHER_FORM``. Clients remember people: once for each server."""
    return server.contact(OTHER_FORM, also=KNOWN, canonical=KNOWN)


def connected(gateway: Gateway) -> bool:
    """Whether it can send now."""
    return gateway.condition().state is GatewayState.CONNECTED


def pair(gateway: Gateway, server: FakeWhatsApp) -> None:
    """As a shop does it: ask for a code, read it with the phone, wait."""
    pairing = gateway.pairing()
    assert pairing is not None
    code = pairing.begin(datetime.now()).code
    assert code is not None
    server.scan(code.text)
    eventually(lambda: connected(gateway))


class EmbeddedStage:
    """For the contract suite: nothing is repaired by itself, so that a test sees each state as long as it wants."""

    known, other_form, unknown = KNOWN, OTHER_FORM, UNKNOWN
    account = "Loja de teste"

    def __init__(self, place: Paired, events: EventLog) -> None:
        self._server = place.server
        self._server.heal()
        self._server.forget()
        self.customer = place.customer
        self._engine = gateway_at(place, events, _Patient)
        self.gateway: Gateway = self._engine
        eventually(lambda: connected(self.gateway))

    def accepted(self) -> Sequence[str]:
        return [bubble.id for bubble in self.customer.received]

    def received(self, message_id: str) -> tuple[bytes, str]:
        (bubble,) = (bubble for bubble in self.customer.received if bubble.id == message_id)
        return (bubble.file, bubble.caption) if bubble.kind == "document" else (bubble.text.encode(), "")

    def lose_next_answer(self) -> None:
        self._server.silence_acks()
        before = len(self.accepted())
        give_up_after(lambda: eventually(lambda: len(self.accepted()) > before), self._engine)

    def disconnect(self) -> None:
        self._server.offline()
        eventually(lambda: not connected(self.gateway))

    def take_engine_away(self) -> None:
        self._server.kill_worker()
        eventually(lambda: not connected(self.gateway))

    def let_receipts_arrive(self) -> None:
        for message_id in self.accepted():
            self.customer.deliver(message_id)
        eventually(lambda: len(self.gateway.events(0).events) == len(self.accepted()))

    def write(self, text: str, sender: str) -> None:
        assert sender == KNOWN
        before = len(self.gateway.events(0).events)
        if text:
            self.customer.write(text)
        else:
            self.customer.speak()
        eventually(lambda: len(self.gateway.events(0).events) > before)
