"""The server's answers to a client's queries (``<iq>``): keys, who has WhatsApp, where media go."""

from __future__ import annotations

from tests.fake_whatsapp.account import CODE_REF, Account, Asked
from tests.fake_whatsapp.contacts import ContactBook
from tests.fake_whatsapp.nodes import Jid, Node
from tests.fake_whatsapp.signal_session import Bundle
from tests.fake_whatsapp.tls import MEDIA_HOST

_KEY_TYPE = b"\x05"
_PREKEY_ID_SIZE = 3


class Queries:
    """Answers of one account's server. ``checked`` are the numbers that were asked about."""

    def __init__(self, account: Account, contacts: ContactBook) -> None:
        self._account = account
        self._contacts = contacts
        self.checked: list[str] = []

    def answer(self, query: Node) -> tuple[Node, ...]:
        """What goes into the result; nothing for a query that only wants to be acknowledged."""
        inside = query.children()
        match query.get("xmlns"), inside[0].tag if inside else "":
            case "encrypt", "count":
                return (Node("count", {"value": str(len(self._account.bundle.once))}),)
            case "encrypt", "key":
                return (Node("list", {}, tuple(map(self._keys_of, inside[0].children("user")))),)
            case "encrypt", "identity" | "registration" | "list" | "skey" | "type":
                self._publish(query)
            case "usync", "usync":
                return (self._people(inside[0]),)
            case "w:m", _:
                media = {"auth": "test", "ttl": "300", "auth_ttl": "21600", "max_buckets": "12"}
                return (Node("media_conn", media, (Node("host", {"hostname": MEDIA_HOST}),)),)
            case "md", "link_code_companion_reg" if inside[0].get("stage") == "companion_hello":
                return (self._code_asked(inside[0]),)
            case "md", "remove-companion-device":
                self._account.linked = False
        return ()

    def _publish(self, query: Node) -> None:
        """The client's keys, with which people write to it. Later uploads add one-time keys."""
        once = {
            int.from_bytes(key.child("id").data(), "big"): key.child("value").data()
            for key in query.child("list").children("key")
        }
        signed = query.child("skey")
        identity = query.child("identity").data()
        before = self._account.bundle
        if before.identity == identity:
            once = {**before.once, **once}
        registration = int.from_bytes(query.child("registration").data(), "big")
        signed_id = int.from_bytes(signed.child("id").data(), "big")
        self._account.bundle = Bundle(registration, identity, signed_id, signed.child("value").data(), once)

    def _keys_of(self, user: Node) -> Node:
        jid = user.jid("jid")
        person = self._contacts.find(jid.user)
        device = person.devices.get(jid.device) if person else None
        if device is None and self._account.is_own(jid.user):
            device = self._account.device
        if device is None:
            return Node("user", {"jid": jid}, (Node("error", {"code": "404", "text": "item-not-found"}),))
        number, once = device.one_time_key()
        signed = (
            Node("id", {}, (1).to_bytes(_PREKEY_ID_SIZE, "big")),
            Node("value", {}, device.signed.public),
            Node("signature", {}, device.signature),
        )
        key = (Node("id", {}, number.to_bytes(_PREKEY_ID_SIZE, "big")), Node("value", {}, once))
        bundle = (
            Node("registration", {}, device.registration.to_bytes(4, "big")),
            Node("type", {}, _KEY_TYPE),
            Node("identity", {}, device.identity.public),
            Node("key", {}, key),
            Node("skey", {}, signed),
        )
        return Node("user", {"jid": jid}, bundle)

    def _people(self, usync: Node) -> Node:
        wanted = {question.tag for question in usync.child("query").children()}
        people = tuple(self._person(user, wanted) for user in usync.child("list").children("user"))
        return Node("usync", {"sid": usync.get("sid")}, (Node("list", {}, people),))

    def _person(self, user: Node, wanted: set[str]) -> Node:
        if user.has("contact"):
            return self._has_whatsapp(user.child("contact").data())
        jid = user.jid("jid")
        person = self._contacts.find(jid.user)
        devices: tuple[int, ...]
        if self._account.is_own(jid.user):
            lid, devices = self._account.lid.person(), (0, self._account.jid.device)
        elif person is not None:
            lid, devices = person.lid, tuple(person.devices)
        else:
            return Node("user", {"jid": jid})
        answers: list[Node] = []
        if "devices" in wanted:
            known = tuple(Node("device", {"id": str(device)}) for device in devices)
            answers.append(Node("devices", {}, (Node("device-list", {}, known),)))
        if "lid" in wanted:
            answers.append(Node("lid", {"val": lid}))
        return Node("user", {"jid": jid}, tuple(answers))

    def _has_whatsapp(self, asked: bytes) -> Node:
        number = asked.decode().split("@")[0].lstrip("+")
        self.checked.append(number)
        person = self._contacts.find(number)
        if person is None:
            return Node("user", {"jid": Jid(number)}, (Node("contact", {"type": "out"}, asked),))
        head = {"jid": person.lid, "pn_jid": Jid(person.number)}
        return Node("user", head, (Node("contact", {"type": "in"}, asked),))

    def _code_asked(self, hello: Node) -> Node:
        self._account.asked = Asked(hello.child("link_code_pairing_wrapped_companion_ephemeral_pub").data())
        reference = Node("link_code_pairing_ref", {}, CODE_REF)
        return Node("link_code_companion_reg", {"stage": "companion_hello"}, (reference,))
