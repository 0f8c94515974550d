"""The server's side of Noise_XX_25519_AESGCM_SHA256, with WhatsApp's header and chain of certificates."""

from __future__ import annotations

import hashlib
import time

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.fake_whatsapp import protobuf
from tests.fake_whatsapp.keys import KeyPair, hkdf

_PATTERN = b"Noise_XX_25519_AESGCM_SHA256\0\0\0\0"
_YEAR_S = 365 * 24 * 3600


class ServerIdentity:
    """The server's key, and the certificates by which the client trusts it: root, intermediate, leaf."""

    def __init__(self) -> None:
        self.root, intermediate, self.static = KeyPair(), KeyPair(), KeyPair()
        middle = _details(serial=1, issuer=0, key=intermediate.public)
        leaf = _details(serial=2, issuer=1, key=self.static.public)
        self.certificates = protobuf.write(
            (1, protobuf.write((1, leaf), (2, intermediate.sign(leaf)))),
            (2, protobuf.write((1, middle), (2, self.root.sign(middle)))),
        )


def _details(serial: int, issuer: int, key: bytes) -> bytes:
    now = int(time.time())
    return protobuf.write((1, serial), (2, issuer), (3, key), (4, now - _YEAR_S), (5, now + _YEAR_S))


class Cipher:
    """One direction of an established connection: a key and a counter."""

    def __init__(self, key: bytes) -> None:
        self._key = AESGCM(key)
        self._count = 0

    def _nonce(self) -> bytes:
        self._count += 1
        return (self._count - 1).to_bytes(12, "big")

    def seal(self, plain: bytes, bound: bytes | None = None) -> bytes:
        return self._key.encrypt(self._nonce(), plain, bound)

    def open(self, sealed: bytes, bound: bytes | None = None) -> bytes:
        return self._key.decrypt(self._nonce(), sealed, bound)


class Handshake:
    """The three messages of the handshake; afterwards :meth:`split` gives both directions."""

    def __init__(self, identity: ServerIdentity, header: bytes) -> None:
        self._identity = identity
        self._ephemeral = KeyPair()
        self._hash = self._salt = _PATTERN
        self._cipher = Cipher(_PATTERN)
        self._bind(header)

    def answer(self, client_hello: bytes) -> bytes:
        """The server's hello for the client's."""
        theirs = protobuf.read(client_hello).inside(2).data(1)
        self._bind(theirs)
        self._bind(self._ephemeral.public)
        self._mix(self._ephemeral.agree(theirs))
        static = self._seal(self._identity.static.public)
        self._mix(self._identity.static.agree(theirs))
        hello = protobuf.write((1, self._ephemeral.public), (2, static), (3, self._seal(self._identity.certificates)))
        return protobuf.write((3, hello))

    def payload(self, client_finish: bytes) -> protobuf.Message:
        """What the client says of itself: with a user when it logs in, without one when it wants to be paired."""
        finish = protobuf.read(client_finish).inside(4)
        self._mix(self._ephemeral.agree(self._open(finish.data(1))))
        return protobuf.read(self._open(finish.data(2)))

    def split(self) -> tuple[Cipher, Cipher]:
        """What comes from the client, and what goes to it."""
        keys = hkdf(b"", 64, self._salt)
        return Cipher(keys[:32]), Cipher(keys[32:])

    def _bind(self, data: bytes) -> None:
        self._hash = hashlib.sha256(self._hash + data).digest()

    def _mix(self, secret: bytes) -> None:
        keys = hkdf(secret, 64, self._salt)
        self._salt, self._cipher = keys[:32], Cipher(keys[32:])

    def _seal(self, plain: bytes) -> bytes:
        sealed = self._cipher.seal(plain, self._hash)
        self._bind(sealed)
        return sealed

    def _open(self, sealed: bytes) -> bytes:
        plain = self._cipher.open(sealed, self._hash)
        self._bind(sealed)
        return plain
