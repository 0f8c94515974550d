"""The people whom the shop writes to: their numbers, their devices and what arrives on their phones."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.fake_whatsapp import protobuf
from tests.fake_whatsapp.media import MediaStore
from tests.fake_whatsapp.nodes import LIDS, Jid, Node
from tests.fake_whatsapp.signal_session import ContactDevice

_CONVERSATION, _EXTENDED_TEXT, _DOCUMENT, _WITH_CAPTION = 1, 6, 7, 53


@dataclass(frozen=True, slots=True)
class Bubble:
    """What the person sees. ``kind``: ``text``, ``extended`` (text with extras), ``document`` or ``other``."""

    id: str
    kind: str
    at: float
    text: str = ""
    file: bytes = b""
    file_name: str = ""
    mime: str = ""
    caption: str = ""


class Person:
    """A contact as the server knows it; ``number`` is the canonical form, ``devices`` the ids of phone and others."""

    def __init__(self, number: str, lid: str, devices: tuple[int, ...], name: str) -> None:
        self.number = number
        self.name = name
        self.lid = Jid(lid, LIDS)
        self.devices = {device: ContactDevice() for device in devices}
        self.received: list[Bubble] = []

    def take(self, message_id: str, stanza: Node, media: MediaStore) -> None:
        """Open what came for each device; the phone (device 0) shows it. Raises when a device cannot read it."""
        for address, sealed in _envelopes(stanza):
            if address.user not in (self.number, self.lid.user):
                continue
            plain = self.devices[address.device].open(sealed.get("type"), sealed.data())
            if address.device == 0 and not self.has(message_id):
                self.received.append(_bubble(message_id, protobuf.read(plain), media))

    def has(self, message_id: str) -> bool:
        """Whether the phone shows that message."""
        return any(bubble.id == message_id for bubble in self.received)


class ContactBook:
    """Everybody who has WhatsApp, by every form of number that leads to them and by LID."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}

    def add(self, person: Person, forms: tuple[str, ...]) -> None:
        for form in (*forms, person.number, person.lid.user):
            if form:
                self._people[form] = person

    def find(self, user: str) -> Person | None:
        """Whose number (with or without plus) or LID that is."""
        return self._people.get(user.lstrip("+"))

    def everybody(self) -> tuple[Person, ...]:
        return tuple({id(person): person for person in self._people.values()}.values())


def _envelopes(stanza: Node) -> list[tuple[Jid, Node]]:
    """What is for which device: for each its own, or all of it for the one that asked again."""
    if stanza.has("participants"):
        return [(to.jid("jid"), to.child("enc")) for to in stanza.child("participants").children("to")]
    return [(stanza.jid("to"), stanza.child("enc"))]


def _bubble(message_id: str, message: protobuf.Message, media: MediaStore) -> Bubble:
    message = message.inside(_WITH_CAPTION, 1) if _WITH_CAPTION in message.fields else message
    now = time.time()
    if _DOCUMENT in message.fields:
        document = message.inside(_DOCUMENT)
        file = media.document(document)
        name, caption = document.text(8), document.text(20)
        return Bubble(message_id, "document", now, "", file, name, document.text(2), caption)
    if _EXTENDED_TEXT in message.fields:
        return Bubble(message_id, "extended", now, message.inside(_EXTENDED_TEXT).text(1))
    if _CONVERSATION in message.fields:
        return Bubble(message_id, "text", now, message.text(_CONVERSATION))
    return Bubble(message_id, "other", now)
