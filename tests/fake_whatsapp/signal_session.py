"""One device of a fake contact: it publishes keys, opens what the client sends it and writes to the client.

The Signal protocol as WhatsApp uses it: X3DH begins a session, a double ratchet carries it (Signal's "The X3DH Key
Agreement Protocol" and "The Double Ratchet Algorithm", message format version 3).
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.fake_whatsapp import protobuf
from tests.fake_whatsapp.keys import KeyPair, hkdf

_VERSION = b"\x33"
_MAC_SIZE = 8
FIRST, LATER = "pkmsg", "msg"


@dataclass(slots=True)
class Bundle:
    """What the client published for those who write to it. ``once`` holds its one-time keys by id."""

    registration: int
    identity: bytes
    signed_id: int
    signed: bytes
    once: dict[int, bytes]


class _Chain:
    """The message keys of one direction, until the next turn of the ratchet."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._next = 0
        self._kept: dict[int, bytes] = {}

    def step(self) -> tuple[int, bytes]:
        seed = hmac.digest(self._key, b"\1", hashlib.sha256)
        self._key = hmac.digest(self._key, b"\2", hashlib.sha256)
        self._next += 1
        return self._next - 1, hkdf(seed, 80, info=b"WhisperMessageKeys")

    def key(self, number: int) -> bytes:
        """The key of that message; each is given once. KeyError for one that was used."""
        while self._next <= number:
            at, key = self.step()
            self._kept[at] = key
        return self._kept.pop(number)


@dataclass(slots=True)
class _Session:
    """A double ratchet between a contact's device and the client. ``head`` goes before each message until answered."""

    mine: bytes
    theirs: bytes
    root: bytes
    ratchet: KeyPair
    base: bytes = b""
    head: tuple[tuple[int, int | bytes], ...] = ()
    their_ratchet: bytes = b""
    sending: _Chain | None = None
    receiving: dict[bytes, _Chain] = field(default_factory=dict)

    def turn(self, theirs: bytes) -> _Chain:
        """The chain that our ratchet key and theirs begin."""
        keys = hkdf(self.ratchet.agree(theirs), 64, self.root, b"WhisperRatchet")
        self.root = keys[:32]
        return _Chain(keys[32:])

    def seal(self, plain: bytes) -> bytes:
        if self.sending is None:
            self.ratchet = KeyPair()
            self.sending = self.turn(self.their_ratchet)
        number, key = self.sending.step()
        sealed = _cbc_seal(key, _padded(plain))
        body = _VERSION + protobuf.write((1, self.ratchet.typed), (2, number), (3, 0), (4, sealed))
        return body + self._mac(key, self.mine, self.theirs, body)

    def open(self, data: bytes) -> bytes:
        body, mac = data[:-_MAC_SIZE], data[-_MAC_SIZE:]
        message = protobuf.read(body[1:])
        ratchet = message.data(1)[-32:]
        if ratchet not in self.receiving:
            self.receiving[ratchet] = self.turn(ratchet)
            self.their_ratchet, self.sending = ratchet, None
        key = self.receiving[ratchet].key(message.number(2))
        if not hmac.compare_digest(mac, self._mac(key, self.theirs, self.mine, body)):
            raise ValueError("the message's signature is wrong")
        self.head = ()
        plain = _cbc_open(key, message.data(4))
        return plain[: -plain[-1]]

    def _mac(self, key: bytes, sender: bytes, receiver: bytes, body: bytes) -> bytes:
        signed = b"\x05" + sender + b"\x05" + receiver + body
        return hmac.digest(key[32:64], signed, hashlib.sha256)[:_MAC_SIZE]


class ContactDevice:
    """A phone or a companion of a contact."""

    def __init__(self) -> None:
        self.identity, self.signed = KeyPair(), KeyPair()
        self.signature = self.identity.sign(self.signed.typed)
        self.registration = int.from_bytes(os.urandom(2), "big") | 1
        self._once: dict[int, KeyPair] = {}
        self._ids = itertools.count(1)
        self._sessions: list[_Session] = []

    def one_time_key(self) -> tuple[int, bytes]:
        """A fresh key for whoever begins a session, and its id."""
        number = next(self._ids)
        self._once[number] = KeyPair()
        return number, self._once[number].public

    def forget(self) -> None:
        """Lose all sessions, as a phone restored from a backup does."""
        self._sessions.clear()

    def open(self, kind: str, data: bytes) -> bytes:
        """What the client encrypted to this device. ValueError or KeyError when it cannot be read."""
        if kind == FIRST:
            message = protobuf.read(data[1:])
            return self._session_of(message).open(message.data(4))
        ratchet = protobuf.read(data[1:-_MAC_SIZE]).data(1)[-32:]
        return self._session_with(ratchet).open(data)

    def seal(self, plain: bytes, client: Bundle) -> tuple[str, bytes]:
        """A message to the client, and whether it begins a session (``pkmsg``) or not (``msg``)."""
        session = next((known for known in self._sessions if known.theirs == client.identity), None)
        if session is None:
            session = self._begin(client)
        message = session.seal(plain)
        if not session.head:
            return LATER, message
        return FIRST, _VERSION + protobuf.write(*session.head, (4, message))

    def _session_of(self, message: protobuf.Message) -> _Session:
        theirs, base = message.data(3)[-32:], message.data(2)[-32:]
        for session in self._sessions:
            if session.base == base:
                return session
        secret = self.signed.agree(theirs) + self.identity.agree(base) + self.signed.agree(base)
        once = self._once.pop(message.number(1), None)
        if once is not None:
            secret += once.agree(base)
        session = _Session(self.identity.public, theirs, _x3dh(secret), self.signed, base)
        self._sessions.insert(0, session)
        return session

    def _session_with(self, ratchet: bytes) -> _Session:
        """The session whose chain that is; a new chain belongs to the newest one."""
        return next((known for known in self._sessions if ratchet in known.receiving), self._sessions[0])

    def _begin(self, client: Bundle) -> _Session:
        number, once = client.once.popitem() if client.once else (0, b"")
        base, ratchet = KeyPair(), KeyPair()
        secret = self.identity.agree(client.signed) + base.agree(client.identity) + base.agree(client.signed)
        session = _Session(
            self.identity.public, client.identity, _x3dh(secret + (base.agree(once) if once else b"")), ratchet
        )
        session.sending = session.turn(client.signed)
        ours = ((5, self.registration), (6, client.signed_id), (2, base.typed), (3, self.identity.typed))
        session.head = (*ours, (1, number)) if once else ours
        self._sessions.insert(0, session)
        return session


def _x3dh(secret: bytes) -> bytes:
    return hkdf(b"\xff" * 32 + secret, 64, info=b"WhisperText")[:32]


def _padded(plain: bytes) -> bytes:
    """With WhatsApp's own padding of 1 to 16 bytes, under the cipher's."""
    size = 1 + os.urandom(1)[0] % 16
    return plain + bytes([size]) * size


def _cbc_seal(key: bytes, plain: bytes) -> bytes:
    size = 16 - len(plain) % 16
    cipher = Cipher(algorithms.AES(key[:32]), modes.CBC(key[64:80])).encryptor()
    return cipher.update(plain + bytes([size]) * size) + cipher.finalize()


def _cbc_open(key: bytes, sealed: bytes) -> bytes:
    cipher = Cipher(algorithms.AES(key[:32]), modes.CBC(key[64:80])).decryptor()
    plain = cipher.update(sealed) + cipher.finalize()
    return plain[: -plain[-1]]
