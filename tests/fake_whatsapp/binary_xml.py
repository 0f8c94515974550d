"""WhatsApp's binary XML: stanzas to bytes and back, on the server's side.

The token tables are vendored (``tokens.json``, see ``TOKENS-LICENSE.txt``). What is written uses the simplest form
that clients accept; what is read may have any form that the client under test writes.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path

from tests.fake_whatsapp.nodes import LIDS, PHONES, Jid, Node, Value

_TABLES = json.loads(Path(__file__).with_name("tokens.json").read_text(encoding="utf-8"))
_SINGLE: list[str] = _TABLES["single"]
_DOUBLE: list[list[str]] = _TABLES["double"]
_SINGLE_INDEX = {token: index for index, token in enumerate(_SINGLE) if token}

_LIST_EMPTY, _LIST_8, _LIST_16 = 0, 248, 249
_DOUBLE_0, _DOUBLE_3 = 236, 239
_AD_JID, _JID_PAIR = 247, 250
_HEX_8, _NIBBLE_8 = 251, 255
_BINARY_8, _BINARY_20, _BINARY_32 = 252, 253, 254
_DOMAIN_OF_LIDS = 1
_PACKED = {_HEX_8: "0123456789ABCDEF", _NIBBLE_8: "0123456789-.???\0"}


def decode(frame: bytes) -> Node:
    """The stanza in a decrypted frame. ValueError for what is not one."""
    packed = frame[0] & 2
    return _Reader(zlib.decompress(frame[1:]) if packed else frame[1:]).node()


def encode(node: Node) -> bytes:
    """A frame with that stanza, ready to be encrypted."""
    return b"\0" + _node(node)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def node(self) -> Node:
        size = self._list_size(self._byte())
        tag = self._text()
        attributes = {self._text(): self._value() for _ in range((size - 1) // 2)}
        return Node(tag, attributes, self._content() if size % 2 == 0 else None)

    def _byte(self) -> int:
        return self._raw(1)[0]

    def _number(self, size: int) -> int:
        return int.from_bytes(self._raw(size), "big")

    def _raw(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size]
        if len(piece) != size:
            raise ValueError("the frame ends inside a stanza")
        self._at += size
        return piece

    def _list_size(self, mark: int) -> int:
        match mark:
            case 0:
                return 0
            case 248:
                return self._byte()
            case 249:
                return self._number(2)
        raise ValueError(f"no list begins with {mark}")

    def _text(self) -> str:
        return str(self._value())

    def _content(self) -> bytes | tuple[Node, ...] | None:
        mark = self._byte()
        if mark in (_LIST_8, _LIST_16):
            return tuple(self.node() for _ in range(self._list_size(mark)))
        if mark in (_BINARY_8, _BINARY_20, _BINARY_32):
            return self._binary(mark)
        return None if mark == _LIST_EMPTY else str(self._marked(mark)).encode()

    def _value(self) -> Value:
        return self._marked(self._byte())

    def _marked(self, mark: int) -> Value:
        if mark in (_BINARY_8, _BINARY_20, _BINARY_32):
            return self._binary(mark).decode()
        if _DOUBLE_0 <= mark <= _DOUBLE_3:
            return _DOUBLE[mark - _DOUBLE_0][self._byte()]
        if mark in _PACKED:
            return self._packed(_PACKED[mark])
        if mark in (_AD_JID, _JID_PAIR):
            return self._jid(mark)
        return _SINGLE[mark]

    def _binary(self, mark: int) -> bytes:
        size = {_BINARY_8: 1, _BINARY_20: 3, _BINARY_32: 4}[mark]
        return self._raw(self._number(size))

    def _packed(self, alphabet: str) -> str:
        head = self._byte()
        digits = "".join(alphabet[byte >> 4] + alphabet[byte & 15] for byte in self._raw(head & 127))
        return digits[:-1] if head & 128 else digits

    def _jid(self, mark: int) -> Jid:
        if mark == _JID_PAIR:
            user = self._text()
            return Jid(user, self._text())
        domain, device = self._byte(), self._byte()
        return Jid(self._text(), LIDS if domain == _DOMAIN_OF_LIDS else PHONES, device)


def _node(node: Node) -> bytes:
    attributes = {name: value for name, value in node.attributes.items() if value != ""}
    head = _list_head(2 * len(attributes) + 1 + (node.content is not None)) + _string(node.tag)
    pairs = b"".join(_string(name) + _attribute(value) for name, value in attributes.items())
    return head + pairs + _inside(node.content)


def _inside(content: bytes | tuple[Node, ...] | None) -> bytes:
    if content is None:
        return b""
    if isinstance(content, bytes):
        return _length(content) + content
    return _list_head(len(content)) + b"".join(map(_node, content))


def _attribute(value: Value) -> bytes:
    if isinstance(value, str):
        return _string(value)
    if value.device:
        return bytes([_AD_JID, _DOMAIN_OF_LIDS if value.server == LIDS else 0, value.device]) + _string(value.user)
    return bytes([_JID_PAIR]) + (_string(value.user) if value.user else b"\0") + _string(value.server)


def _string(text: str) -> bytes:
    if text in _SINGLE_INDEX:
        return bytes([_SINGLE_INDEX[text]])
    data = text.encode()
    return _length(data) + data


def _length(data: bytes) -> bytes:
    if len(data) < 1 << 8:
        return bytes([_BINARY_8, len(data)])
    if len(data) < 1 << 20:
        return bytes([_BINARY_20]) + len(data).to_bytes(3, "big")
    return bytes([_BINARY_32]) + len(data).to_bytes(4, "big")


def _list_head(size: int) -> bytes:
    if size == 0:
        return bytes([_LIST_EMPTY])
    return bytes([_LIST_8, size]) if size < 256 else bytes([_LIST_16]) + size.to_bytes(2, "big")
