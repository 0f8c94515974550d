"""A shop's computer with the embedded engine, its phone (the fake server plays it) and one customer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from integrator.gateways.embedded.child import Child
from integrator.gateways.embedded.gateway import EmbeddedGateway
from integrator.gateways.embedded.protocol import Allow, News, Request
from integrator.gateways.embedded.supervisor import Rhythm
from integrator.gateways.events.log import EventLog
from integrator.sending.gateway import GatewayState
from tests.fake_whatsapp.phone import Phone
from tests.fake_whatsapp.server import FakeWhatsApp

STORED, ASKED, OURS = "554988590187", "5549988590187", "5549988887777"


class HastyGateway(EmbeddedGateway):
    """Waits a fraction of a second where the daemon waits minutes."""

    rhythm = Rhythm(ping=0.2, first_pause=0.05, longest_pause=0.2, stop=30.0)


@dataclass(frozen=True, slots=True)
class Shop:
    """``folder`` is the session's."""

    server: FakeWhatsApp
    customer: Phone
    folder: Path
    events: EventLog

    def open(self, expected: str = "") -> HastyGateway:
        """The engine as the daemon opens it; the caller closes it."""
        return HastyGateway(
            "principal",
            self.folder,
            events=self.events,
            clock=datetime.now,
            expected=expected,
            proxy=self.server.proxy,
            command=self.server.worker_command(),
        )


def is_(gateway: EmbeddedGateway, state: GatewayState) -> bool:
    """Whether the number stands so."""
    return gateway.condition().state is state


def scan(shop: Shop, gateway: EmbeddedGateway) -> None:
    """The shop's phone reads the code."""
    begun = gateway.pairing().begin(datetime.now())
    assert begun.code is not None
    shop.server.scan(begun.code.text)


def give_up_after(meanwhile: Callable[[], object], gateway: EmbeddedGateway) -> None:
    """From now on WhatsApp's answer is waited for a moment, which begins when ``meanwhile`` returns.

    It is called when a message was let go.
    """
    child = gateway._supervisor.child
    assert child is not None
    post = child.post

    def post_and_wait(request: Request, patience_s: float = -1.0) -> None:
        post(request, patience_s)
        if isinstance(request, Allow):
            meanwhile()

    child.post = post_and_wait  # type: ignore[method-assign]
    gateway.rhythm = replace(gateway.rhythm, answer=0.1)


@contextmanager
def nobody_takes_over(gateway: EmbeddedGateway) -> Iterator[None]:
    """Meanwhile no other worker is started for one that ends."""
    may = threading.Event()
    spawn = gateway._supervisor._spawn

    def wait_and_spawn(hear: Callable[[News], None]) -> Child:
        may.wait()
        return spawn(hear)

    gateway._supervisor._spawn = wait_and_spawn
    try:
        yield
    finally:
        may.set()
