"""The shop's own account: its phone, which links the client under test as a companion, by QR or by code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.fake_whatsapp import protobuf
from tests.fake_whatsapp.keys import KeyPair, hkdf
from tests.fake_whatsapp.nodes import LIDS, SERVER, Jid, Node, Value
from tests.fake_whatsapp.signal_session import Bundle, ContactDevice

_DEVICE = 7
_SIGNED_BY_ACCOUNT = b"\x06\x00"
_CODE_ROUNDS = 2 << 16
CODE_REF = b"3@code"


@dataclass(frozen=True, slots=True)
class Asked:
    """A client's wish to be linked by code."""

    wrapped: bytes


class Account:
    """The number that is paired, ``linked`` while its phone knows the client. ``shop``: a business account's name."""

    def __init__(self, number: str, shop: str = "") -> None:
        self.number = number
        self.shop = shop
        self.jid = Jid(number, device=_DEVICE)
        self.lid = Jid(f"77{number}", LIDS, _DEVICE)
        self.linked = False
        self.bundle = Bundle(0, b"", 0, b"", {})
        self.asked: Asked | None = None
        self.device = ContactDevice()  # the phone, as the client writes to it and hears from it
        self._phone = KeyPair()
        self._ephemeral = KeyPair()
        self._code_key = b""

    def is_own(self, user: str) -> bool:
        """Whether that is this account's number or LID."""
        return user in (self.number, self.lid.user)

    def scanned(self, qr_text: str) -> Node:
        """What the phone makes the server tell the client after reading its QR code."""
        _, _, identity, secret, *_ = qr_text.rsplit("#", 1)[-1].split(",")
        return self._success(base64.b64decode(identity), base64.b64decode(secret))

    def typed(self, code: str) -> Node:
        """The phone's first answer after a person typed the code on it."""
        if self.asked is None:
            raise RuntimeError("no client asked for a code")
        salt, vector = os.urandom(32), os.urandom(16)
        key = _from_code(code, self.asked.wrapped[:32])
        companion = _counter_mode(key, self.asked.wrapped[32:48], self.asked.wrapped[48:80])
        self._code_key = self._ephemeral.agree(companion)
        wrapped = salt + vector + _counter_mode(_from_code(code, salt), vector, self._ephemeral.public)
        answer = (
            Node("link_code_pairing_wrapped_primary_ephemeral_pub", {}, wrapped),
            Node("primary_identity_pub", {}, self._phone.public),
            Node("link_code_pairing_ref", {}, CODE_REF),
        )
        body = Node("link_code_companion_reg", {"stage": "primary_hello"}, answer)
        head: dict[str, Value] = {"from": SERVER, "type": "link_code_companion_reg", "id": "code-1", "t": _now()}
        return Node("notification", head, (body,))

    def finished(self, companion_finish: Node) -> Node:
        """What ends a pairing by code. InvalidTag when the code that was typed is not the client's."""
        wrapped = companion_finish.child("link_code_pairing_wrapped_key_bundle").data()
        key = hkdf(self._code_key, 32, wrapped[:32], b"link_code_pairing_key_bundle_encryption_key")
        bundle = AESGCM(key).decrypt(wrapped[32:44], wrapped[44:], None)
        identity, chance = bundle[:32], bundle[64:96]
        shared = self._code_key + self._phone.agree(identity) + chance
        return self._success(identity, hkdf(shared, 32, info=b"adv_secret"))

    def _success(self, identity: bytes, secret: bytes) -> Node:
        details = protobuf.write((1, 1), (2, int(time.time())), (3, 1))
        signature = self._phone.sign(_SIGNED_BY_ACCOUNT + details + identity)
        signed = protobuf.write((1, details), (2, self._phone.public), (3, signature))
        proof = hmac.digest(secret, signed, hashlib.sha256)
        inside = (
            Node("device-identity", {}, protobuf.write((1, signed), (2, proof))),
            *((Node("biz", {"name": self.shop}),) if self.shop else ()),
            Node("device", {"jid": self.jid, "lid": self.lid}),
            Node("platform", {"name": "smba"}),
        )
        head: dict[str, Value] = {"from": SERVER, "type": "set", "id": "pair-2", "xmlns": "md", "t": _now()}
        return Node("iq", head, (Node("pair-success", {}, inside),))


def _now() -> str:
    return str(int(time.time()))


def _from_code(code: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", code.replace("-", "").encode(), salt, _CODE_ROUNDS, 32)


def _counter_mode(key: bytes, vector: bytes, data: bytes) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.CTR(vector)).encryptor()
    return cipher.update(data) + cipher.finalize()
