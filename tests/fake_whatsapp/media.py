"""The media server: it takes ciphertext by HTTP, and the fake phones open it as WhatsApp's do."""

from __future__ import annotations

import hashlib
import hmac
import itertools

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.fake_whatsapp import protobuf
from tests.fake_whatsapp.keys import hkdf

_MAC_SIZE = 10


class MediaStore:
    """Uploads by path. A file is forgotten when a phone has taken it."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._numbers = itertools.count(1)
        self.uploads = 0

    def keep(self, sealed: bytes) -> str:
        """The path under which it can be had."""
        path = f"/v/t62.7119-24/{next(self._numbers)}"
        self._files[path] = sealed
        self.uploads += 1
        return path

    def document(self, message: protobuf.Message) -> bytes:
        """The file of a document message, checked against the digests and the length it promises."""
        sealed = self._files.pop(message.text(10))
        keys = hkdf(message.data(7), 112, info=b"WhatsApp Document Keys")
        vector, cipher_key, mac_key = keys[:16], keys[16:48], keys[48:80]
        body, mac = sealed[:-_MAC_SIZE], sealed[-_MAC_SIZE:]
        if not hmac.compare_digest(mac, hmac.digest(mac_key, vector + body, hashlib.sha256)[:_MAC_SIZE]):
            raise ValueError("the file's signature is wrong")
        cipher = Cipher(algorithms.AES(cipher_key), modes.CBC(vector)).decryptor()
        padded = cipher.update(body) + cipher.finalize()
        plain = padded[: -padded[-1]]
        promised = (message.data(9), message.data(4), message.number(5))
        if promised != (hashlib.sha256(sealed).digest(), hashlib.sha256(plain).digest(), len(plain)):
            raise ValueError("the file is not what the message promises")
        return plain
