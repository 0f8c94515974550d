"""A contact's phone in the hands of a test: what it received, its receipts, and what its owner writes."""

from __future__ import annotations

import itertools
import time
import zlib

from tests.fake_whatsapp import protobuf
from tests.fake_whatsapp.contacts import Bubble, Person
from tests.fake_whatsapp.exchange import Exchange
from tests.fake_whatsapp.listener import Listener
from tests.fake_whatsapp.nodes import LIDS, PHONES, Jid, Node, Value

_TEXT, _AUDIO, _PROTOCOL, _SENT_BY_DEVICE = 1, 8, 12, 31
_HISTORY = 5
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
        return self.send(protobuf.write((_TEXT, text)), with_number=with_number)

    def forget_sessions(self) -> None:
        """The next message cannot be read, and the phone asks for it again."""
        self._listener.do(self._person.devices[0].forget)

    def speak(self) -> str:
        """A voice message to the shop. The id."""
        return self.send(protobuf.write((_AUDIO, protobuf.write((2, "audio/ogg")))))

    def send(self, message: bytes, *, with_number: bool = True) -> str:
        """Any message to the shop, as protobuf. The id."""
        message_id = f"3A{next(_numbers):018X}"
        self._listener.do(lambda: self._exchange.push(self._stanza(message_id, message, with_number)))
        return message_id

    def _stanza(self, message_id: str, message: bytes, with_number: bool) -> Node:
        head: dict[str, Value] = {"from": self._person.lid, "notify": self._person.name}
        if with_number:
            head["sender_pn"] = Jid(self._person.number)
        return _message(head, message_id, self._person.devices[0].seal(message, self._exchange.account.bundle))

    def _receipt(self, message_id: str, kind: str) -> None:
        self._listener.do(lambda: self._exchange.receipt(self._exchange.accepted[message_id], kind))


class ShopPhone:
    """The phone to which the client is linked: what its owner does on it comes to the client as well."""

    def __init__(self, exchange: Exchange, listener: Listener) -> None:
        self._exchange = exchange
        self._listener = listener

    def write(self, to: Phone, text: str) -> str:
        """The owner writes to a contact by hand. The id."""
        copy = protobuf.write((1, f"{to.number}@{PHONES}"), (2, protobuf.write((_TEXT, text))))
        return self._send(protobuf.write((_SENT_BY_DEVICE, copy)), recipient=Jid(to.lid, LIDS))

    def hand_over_history(self, with_whom: Phone, *texts: str) -> str:
        """The phone gives the client the old messages of a conversation. The id."""
        key = protobuf.write((1, f"{with_whom.number}@{PHONES}"), (2, 0), (3, "OLD1"))
        old = [protobuf.write((1, protobuf.write((1, key), (2, protobuf.write((_TEXT, text)))))) for text in texts]
        chat = protobuf.write((1, f"{with_whom.number}@{PHONES}"), *((2, message) for message in old))
        history = zlib.compress(protobuf.write((1, 0), (2, chat)))
        notice = protobuf.write((2, _HISTORY), (6, protobuf.write((6, 0), (11, history))))
        return self._send(protobuf.write((_PROTOCOL, notice)))

    def _send(self, message: bytes, recipient: Jid | None = None) -> str:
        message_id = f"3A{next(_numbers):018X}"

        def push() -> None:
            account = self._exchange.account
            head: dict[str, Value] = {"from": account.lid.person(), "notify": "Loja"}
            if recipient is not None:
                head["recipient"] = recipient
            self._exchange.push(_message(head, message_id, account.device.seal(message, account.bundle)))

        self._listener.do(push)
        return message_id


def _message(head: dict[str, Value], message_id: str, sealed: tuple[str, bytes]) -> Node:
    """The stanza of an encrypted message."""
    kind, data = sealed
    head |= {"id": message_id, "type": "text", "t": str(int(time.time()))}
    return Node("message", head, (Node("enc", {"v": "2", "type": kind}, data),))
