"""The fake WhatsApp server as tests use it: started on a port of its own, controlled from the test's thread.

``with FakeWhatsApp(folder) as server`` runs it in a thread of its own. A client reaches it through ``server.proxy``
with ``server.environment()``; ``server.scan`` and the phones that ``server.contact`` gives play the people.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.contacts import Bubble, Person
from tests.fake_whatsapp.controls import Controls
from tests.fake_whatsapp.exchange import Accepted, Exchange
from tests.fake_whatsapp.listener import Listener
from tests.fake_whatsapp.nodes import SERVER, Node, Value
from tests.fake_whatsapp.noise import ServerIdentity
from tests.fake_whatsapp.phone import Phone, ShopPhone
from tests.fake_whatsapp.tls import authority_file, server_context

_ROOT = Path(__file__).resolve().parents[2]
_FIRST_LID = 100_000_000_000_000
_PASSKEY_OPTIONS = b'{"challenge":"dGVzdA","rpId":"whatsapp.com","timeout":60000,"allowCredentials":[]}'


class FakeWhatsApp(Controls):
    """WhatsApp, with one account of a shop and the contacts that a test gives it. Safe to use from any thread."""

    def __init__(
        self, folder: Path, number: str = "5549988887777", *, codes: int = 6, shop: str = "Loja de teste"
    ) -> None:
        """``folder`` takes the certificates. ``codes``: QR codes that a client gets before it has to ask again.

        ``shop`` is the name of the account, which is a person's when it is empty.
        """
        self._folder = folder
        self._pid_file = folder / "worker.pid"
        self._identity = ServerIdentity()
        exchange = Exchange(Account(number, shop), codes)
        super().__init__(exchange, Listener(exchange, self._identity, server_context(folder)))
        self.phone = ShopPhone(exchange, self._listener)
        self._lids = itertools.count(_FIRST_LID)

    def __enter__(self) -> Self:
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.stop()

    @property
    def port(self) -> int:
        return self._listener.port

    @property
    def proxy(self) -> str:
        """The proxy through which a client must speak."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def anchor(self) -> str:
        """The root key that a client must trust (``trust.trust``), as hex."""
        return self._identity.root.public.hex()

    def environment(self) -> dict[str, str]:
        """The environment of a client's process, which must have it from its start."""
        authority = {"SSL_CERT_FILE": str(authority_file(self._folder)), "NEONIZE_BOT_TAG": "off"}
        return {**os.environ, **authority}

    def worker_command(self) -> list[str]:
        """What starts the embedded engine's worker, whatever the environment of whoever starts it."""
        authority = f"SSL_CERT_FILE={authority_file(self._folder)}"
        program = [sys.executable, "-m", "tests.fake_whatsapp.worker_entry", self.anchor, str(self._pid_file)]
        return ["/usr/bin/env", authority, f"PYTHONPATH={_ROOT}", *program]

    @property
    def worker_pid(self) -> int:
        """The process of the worker that :meth:`worker_command` started last."""
        return int(self._pid_file.read_text(encoding="ascii"))

    def kill_worker(self) -> bool:
        """``kill -9``, as a crash or the system's lack of memory does. False when none runs at this moment."""
        pid = self.worker_pid
        try:
            if str(self._pid_file) not in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8"):
                return False  # the worker is gone, and its number belongs to somebody else
            os.kill(pid, signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            return False
        return True

    # What people do

    @property
    def account(self) -> str:
        """The shop's number."""
        return self._exchange.account.number

    @property
    def linked(self) -> bool:
        """Whether the shop's phone has the client as a linked device."""
        return self._exchange.account.linked

    def contact(
        self,
        number: str,
        *,
        also: str = "",
        canonical: str = "",
        devices: tuple[int, ...] = (0,),
        name: str = "Fulano de Tal",
    ) -> Phone:
        """A person whom ``number`` and ``also`` find, under ``canonical`` (else ``number``). Device 0 is the phone."""
        person = Person(canonical or number, str(next(self._lids)), devices, name)
        self._listener.do(lambda: self._exchange.contacts.add(person, (number, also)))
        return Phone(person, self._exchange, self._listener)

    def scan(self, qr_text: str) -> None:
        """The shop's phone reads the QR code that the client shows now."""
        self._to_pairing(lambda: self._exchange.account.scanned(qr_text))

    def type_code(self, digits: str) -> None:
        """A person types the client's code on the shop's phone; dashes do not matter."""
        self._to_pairing(lambda: self._exchange.account.typed(digits))

    def ask_passkey(self) -> None:
        """The shop's phone wants a passkey before it links the client."""
        request = Node("passkey_request_options", {}, _PASSKEY_OPTIONS)
        head: dict[str, Value] = {"from": SERVER, "type": "passkey_prologue_request", "id": "passkey-1"}
        self._to_pairing(lambda: Node("notification", head, (request,)))

    # What happened

    @property
    def receipts_automatic(self) -> bool:
        """Whether phones say at once that they have a message."""
        return self._exchange.receipts_automatic

    @receipts_automatic.setter
    def receipts_automatic(self, wanted: bool) -> None:
        self._exchange.receipts_automatic = wanted

    @property
    def messages(self) -> list[Accepted]:
        """What was accepted, one for each id, in order."""
        return self._listener.do(lambda: list(self._exchange.accepted.values()))

    @property
    def refused(self) -> list[str]:
        """Ids of messages that were answered by an error."""
        return list(self._exchange.refused)

    @property
    def checked(self) -> list[str]:
        """Numbers about which the client asked whether they have WhatsApp."""
        return list(self._exchange.queries.checked)

    @property
    def marked_read(self) -> list[str]:
        """Ids of messages that the client marked as read."""
        return list(self._exchange.marked_read)

    @property
    def problems(self) -> list[str]:
        """What the server or a phone could not understand; a test's end is a good time to see that it is empty."""
        return [*self._exchange.undeliverable, *self._listener.problems]

    @property
    def connections(self) -> int:
        """How many times a client opened a connection."""
        return self._listener.connections

    @property
    def connected(self) -> bool:
        """Whether a client is logged in now."""
        return self._exchange.current is not None

    @property
    def uploads(self) -> int:
        """How many files were taken."""
        return self._exchange.media.uploads

    def forget(self) -> list[Bubble]:
        """Drop all messages, so that a long run needs no memory for them; what was on the phones until now."""
        return self._listener.do(self._exchange.forget)

    def _to_pairing(self, node: Callable[[], Node]) -> None:
        """Tell the client that waits to be paired."""

        def tell() -> None:
            if self._exchange.pairing is None:
                raise RuntimeError("no client waits to be paired")
            self._exchange.pairing.send(node())

        self._listener.do(tell)
