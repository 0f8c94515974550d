"""Curve25519 keys that agree (X25519) and sign (XEdDSA), as Signal and WhatsApp use them.

XEdDSA signs with the agreement key itself, which no library at hand offers, so the Edwards arithmetic is here; slow
and not constant in time, as a test server may be. Source: Signal's "The XEdDSA and VXEdDSA Signature Schemes".
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_Point = tuple[int, int, int, int]


def _add(one: _Point, two: _Point) -> _Point:
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, two
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _base_point() -> _Point:
    y = 4 * pow(5, _P - 2, _P) % _P
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    x = _P - x if x & 1 else x
    return x, y, 1, x * y % _P


_BASE = _base_point()


def _times_base(factor: int) -> bytes:
    """The compressed multiple of the base point."""
    total, power = (0, 1, 1, 0), _BASE
    while factor:
        if factor & 1:
            total = _add(total, power)
        power = _add(power, power)
        factor >>= 1
    inverse = pow(total[2], _P - 2, _P)
    x, y = total[0] * inverse % _P, total[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class KeyPair:
    """A fresh pair; ``public`` is 32 raw bytes, ``typed`` the same with Signal's leading 5."""

    def __init__(self) -> None:
        raw = bytearray(os.urandom(32))
        raw[0] &= 248
        raw[31] = raw[31] & 127 | 64
        self._raw = bytes(raw)
        self._private = X25519PrivateKey.from_private_bytes(self._raw)
        self.public = self._private.public_key().public_bytes_raw()
        self.typed = b"\x05" + self.public

    def agree(self, public: bytes) -> bytes:
        """The secret shared with the owner of that key, raw or typed."""
        return self._private.exchange(X25519PublicKey.from_public_bytes(public[-32:]))

    def sign(self, message: bytes) -> bytes:
        """XEdDSA signature, with the sign of the Edwards key in its last bit."""
        secret = int.from_bytes(self._raw, "little")
        edwards = _times_base(secret)
        nonce = _scalar(b"\xfe" + b"\xff" * 31, self._raw, message, os.urandom(64))
        commitment = _times_base(nonce)
        answer = (nonce + _scalar(commitment, edwards, message) * secret) % _ORDER
        proof = bytearray(answer.to_bytes(32, "little"))
        proof[31] = proof[31] & 127 | edwards[31] & 128
        return commitment + bytes(proof)


def _scalar(*pieces: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(pieces)).digest(), "little") % _ORDER


def hkdf(secret: bytes, size: int, salt: bytes = b"", info: bytes = b"") -> bytes:
    """HKDF with SHA-256 (RFC 5869)."""
    key = hmac.digest(salt or bytes(32), secret, hashlib.sha256)
    block, out = b"", b""
    for counter in range(1, -(-size // 32) + 1):
        block = hmac.digest(key, block + info + bytes([counter]), hashlib.sha256)
        out += block
    return out[:size]
