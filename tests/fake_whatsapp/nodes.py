"""Addresses and stanzas, as WhatsApp's binary XML carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PHONES = "s.whatsapp.net"
LIDS = "lid"


@dataclass(frozen=True, slots=True)
class Jid:
    """An address: a phone or LID with the number of a device, or a bare server."""

    user: str
    server: str = PHONES
    device: int = 0

    def __str__(self) -> str:
        device = f":{self.device}" if self.device else ""
        return f"{self.user}{device}@{self.server}" if self.user else self.server

    def person(self) -> Jid:
        """The same address without a device."""
        return Jid(self.user, self.server)


SERVER = Jid("")

Value = str | Jid


@dataclass(frozen=True, slots=True)
class Node:
    """One stanza. ``content`` is bytes, further nodes, or nothing."""

    tag: str
    attributes: Mapping[str, Value] = field(default_factory=dict)
    content: bytes | tuple[Node, ...] | None = None

    def get(self, name: str) -> str:
        """An attribute as text, empty when it is not there."""
        return str(self.attributes.get(name, ""))

    def jid(self, name: str) -> Jid:
        """An attribute that is an address."""
        value = self.attributes[name]
        return value if isinstance(value, Jid) else Jid("", value)

    def children(self, tag: str = "") -> tuple[Node, ...]:
        """The nodes inside, all or those with that tag."""
        inside = self.content if isinstance(self.content, tuple) else ()
        return tuple(child for child in inside if not tag or child.tag == tag)

    def child(self, *path: str) -> Node:
        """The first node down that path; KeyError when there is none."""
        found = self
        for tag in path:
            matching = found.children(tag)
            if not matching:
                raise KeyError(f"<{tag}> in <{found.tag}>")
            found = matching[0]
        return found

    def has(self, tag: str) -> bool:
        """Whether a node with that tag is inside."""
        return bool(self.children(tag))

    def data(self) -> bytes:
        """The bytes inside; text that came as a token too."""
        return self.content if isinstance(self.content, bytes) else b""
