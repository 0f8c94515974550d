"""A contact's phone in the hands of a test: what it received, its receipts, and what its owner writes."""

from __future__ import annotations

import itertools
import time

from tests.fake_whatsapp import protobuf
from tests.fake_whatsapp.contacts import Bubble, Person
from tests.fake_whatsapp.exchange import Exchange
from tests.fake_whatsapp.listener import Listener
from tests.fake_whatsapp.nodes import Jid, Node, Value

_AUDIO = 8
_numbers = itertools.count(1)


class Phone:
    """One contact. Safe to use from any thread."""

    def __init__(self, person: Person, exchange: Exchange, listener: Listener) -> None:
        self._person = person
        self._exchange = exchange
        self._listener = listener

    @property
    def number(self) -> str:
        """The number as WhatsApp keeps it."""
        return self._person.number

    @property
    def lid(self) -> str:
        """The number's alias, without server."""
        return self._person.lid.user

    @property
    def received(self) -> list[Bubble]:
        """What is on the screen, oldest first."""
        return list(self._person.received)

    def deliver(self, message_id: str) -> None:
        """The phone has the message."""
        self._receipt(message_id, "")

    def read(self, message_id: str) -> None:
        """Its owner has seen it."""
        self._receipt(message_id, "read")

    def write(self, text: str, *, with_number: bool = True) -> str:
        """A text to the shop, from the contact's LID; without its number when the server tells none. The id."""
        return self.send(protobuf.write((1, text)), with_number=with_number)

    def speak(self) -> str:
        """A voice message to the shop. The id."""
        return self.send(protobuf.write((_AUDIO, protobuf.write((2, "audio/ogg")))))

    def send(self, message: bytes, *, with_number: bool = True) -> str:
        """Any message to the shop, as protobuf. The id."""
        message_id = f"3A{next(_numbers):018X}"
        self._listener.do(lambda: self._exchange.push(self._stanza(message_id, message, with_number)))
        return message_id

    def _stanza(self, message_id: str, message: bytes, with_number: bool) -> Node:
        kind, sealed = self._person.devices[0].seal(message, self._exchange.account.bundle)
        head: dict[str, Value] = {"from": self._person.lid, "id": message_id, "type": "text"}
        head |= {"t": str(int(time.time())), "notify": self._person.name}
        if with_number:
            head["sender_pn"] = Jid(self._person.number)
        return Node("message", head, (Node("enc", {"v": "2", "type": kind}, sealed),))

    def _receipt(self, message_id: str, kind: str) -> None:
        self._listener.do(lambda: self._exchange.receipt(self._exchange.accepted[message_id], kind))
