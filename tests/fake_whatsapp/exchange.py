"""What the server does with its clients: pairing, login, messages, receipts, and stanzas kept until acknowledged."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass

from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.contacts import Bubble, ContactBook, Person
from tests.fake_whatsapp.faults import Faults
from tests.fake_whatsapp.media import MediaStore
from tests.fake_whatsapp.nodes import PHONES, SERVER, Jid, Node, Value
from tests.fake_whatsapp.queries import Queries

_LAST_WORDS = "last-words"
"""Id of the stanza after one that ends a connection: a client acknowledges it when it has acted upon the other."""


@dataclass(slots=True)
class Accepted:
    """A message that the server took. ``seen`` counts how often its frame came; ``extras`` are tags beside the text."""

    id: str
    to: Person
    at: float
    extras: tuple[str, ...]
    seen: int


class Exchange:
    """The state of one account's server; everything runs in the server's event loop."""

    def __init__(self, account: Account, codes: int) -> None:
        self.account = account
        self.contacts = ContactBook()
        self.media = MediaStore()
        self.faults = Faults()
        self.queries = Queries(account, self.contacts)
        self.accepted: dict[str, Accepted] = {}
        self.refused: list[str] = []
        self.marked_read: list[str] = []
        self.undeliverable: list[str] = []
        self.receipts_automatic = False
        self.pairing: Connection | None = None
        self.current: Connection | None = None
        self._codes = codes
        self._waiting: dict[tuple[str, str, str], Node] = {}
        self._numbers = itertools.count(1)

    async def serve(self, connection: Connection) -> None:
        """One client, from its login or its wish to be paired until it is gone."""
        if connection.user:
            self._log_in(connection)
        else:
            self._offer_codes(connection)
        try:
            while True:
                self._take(connection, await connection.receive())
        finally:
            self.current = None if self.current is connection else self.current
            self.pairing = None if self.pairing is connection else self.pairing

    def push(self, node: Node) -> None:
        """Tell the client, now or when it is back; again after each login until it acknowledges."""
        self._waiting[node.tag, node.get("id"), node.get("type")] = node
        if self.current is not None:
            self.current.send(node)

    def end(self, node: Node) -> None:
        """Tell the client why its connection ends, and end it."""
        connection = self.current or self.pairing
        if connection is not None:
            self._end(connection, node)

    def cut(self) -> None:
        """Nobody is connected any more: the line broke."""
        self.current = self.pairing = None

    def forget(self) -> list[Bubble]:
        """Drop all messages; what was on the phones until now."""
        self.accepted.clear()
        people = self.contacts.everybody()
        seen = [bubble for person in people for bubble in person.received]
        for person in people:
            person.received.clear()
        return seen

    def receipt(self, message: Accepted, kind: str) -> None:
        """News of a message from its receiver's phone; ``kind`` is empty for delivered."""
        head: dict[str, Value] = {"from": message.to.lid, "id": message.id, "t": str(int(time.time()))}
        self.push(Node("receipt", {**head, "type": kind} if kind else head))

    @staticmethod
    def _end(connection: Connection, node: Node) -> None:
        """Close it when the client has acted upon ``node``: one that is held until both came would only see the end."""
        connection.send(node)
        connection.send(Node("notification", {"from": SERVER, "type": _LAST_WORDS, "id": _LAST_WORDS, "t": "1"}))

    def _offer_codes(self, connection: Connection) -> None:
        self.pairing = connection
        refs = tuple(Node("ref", {}, f"2@ref-{next(self._numbers)}".encode()) for _ in range(self._codes))
        head: dict[str, Value] = {"from": SERVER, "type": "set", "id": "pair-1", "xmlns": "md"}
        connection.send(Node("iq", head, (Node("pair-device", {}, refs),)))

    def _log_in(self, connection: Connection) -> None:
        known = self.account.linked and connection.user == self.account.number
        failure = self.faults.login or ({} if known else {"reason": "401"})
        if failure:
            self._end(connection, Node("failure", failure))
            return
        self.current = connection
        lid = self.account.lid.person()
        connection.send(Node("success", {"t": str(int(time.time())), "lid": lid, "props": "27"}))
        for node in self._waiting.values():
            connection.send(node)
        offline = Node("offline", {"count": str(len(self._waiting))})
        connection.send(Node("ib", {"from": SERVER}, (offline,)))

    def _take(self, connection: Connection, node: Node) -> None:
        match node.tag:
            case "iq":
                self._take_query(connection, node)
            case "message":
                self._take_message(connection, node)
            case "receipt":
                self._take_receipt(connection, node)
            case "ack" if node.get("id") == _LAST_WORDS:
                connection.close()
            case "ack":
                self._waiting.pop((node.get("class"), node.get("id"), node.get("type")), None)

    def _take_query(self, connection: Connection, node: Node) -> None:
        if node.get("type") == "result":
            if node.has("pair-device-sign"):
                self.account.linked = True
                self._end(connection, Node("stream:error", {"code": "515"}))
            return
        if node.get("xmlns") in self.faults.silent_queries:
            return
        content = self.queries.answer(node) or None
        connection.send(Node("iq", {"from": SERVER, "id": node.get("id"), "type": "result"}, content))
        inside = node.children()
        if inside and inside[0].get("stage") == "companion_finish":
            connection.send(self.account.finished(inside[0]))

    def _take_message(self, connection: Connection, node: Node) -> None:
        message_id, to = node.get("id"), node.jid("to")
        answer: dict[str, Value] = {"class": "message", "id": message_id, "from": to, "t": str(int(time.time()))}
        error = self.faults.ack.take()
        if error:
            self.refused.append(message_id)
            connection.send(Node("ack", {**answer, "error": str(error)}))
            return
        self._accept(message_id, to, node)
        if self.faults.drop_after.take():
            self.cut()
            connection.close()
        elif not self.faults.silent_acks:
            asyncio.get_running_loop().call_later(self.faults.ack_delay_s, self._acknowledge, connection, answer)
            if self.receipts_automatic and message_id in self.accepted:
                self.receipt(self.accepted[message_id], "")

    def _acknowledge(self, connection: Connection, answer: dict[str, Value]) -> None:
        if self.current is connection:
            connection.send(Node("ack", answer))

    def _accept(self, message_id: str, to: Jid, node: Node) -> None:
        person = self.contacts.find(to.user)
        if person is None:
            return
        message = self.accepted.get(message_id)
        if message is None:
            extras = tuple(child.tag for child in node.children())
            message = self.accepted[message_id] = Accepted(message_id, person, time.time(), extras, 0)
        message.seen += 1
        if person.has(message_id):
            return
        try:
            person.take(message_id, node, self.media)
        except IndexError:  # the phone has no session for it
            self._ask_again(message)
        except (KeyError, ValueError) as problem:
            self.undeliverable.append(f"{message_id}: {problem!r}")

    def _ask_again(self, message: Accepted) -> None:
        """The phone could not read it and wants it encrypted anew."""
        now = str(int(time.time()))
        retry = Node("retry", {"count": "2", "id": message.id, "t": now, "v": "1"})
        registration = Node("registration", {}, message.to.devices[0].registration.to_bytes(4, "big"))
        head: dict[str, Value] = {"from": message.to.lid, "id": message.id, "type": "retry", "t": now}
        self.push(Node("receipt", head, (retry, registration)))

    def _take_receipt(self, connection: Connection, node: Node) -> None:
        message_id = node.get("id")
        if node.get("type").startswith("read"):
            more = [item.get("id") for listed in node.children("list") for item in listed.children("item")]
            self.marked_read += [message_id, *more]
        self._waiting.pop(("message", message_id, "text"), None)
        to = node.attributes.get("to", Jid("", PHONES))
        connection.send(Node("ack", {"class": "receipt", "id": message_id, "from": to}))
