"""Just enough of protobuf: messages as field numbers, so that the tests need none of the library's own classes."""

from __future__ import annotations

from dataclasses import dataclass

_VARINT, _BYTES = 0, 2


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was read: the last value of each field."""

    fields: dict[int, int | bytes]

    def data(self, number: int) -> bytes:
        """A field of bytes; empty when it is not there."""
        value = self.fields.get(number, b"")
        return value if isinstance(value, bytes) else b""

    def text(self, number: int) -> str:
        """A field of text."""
        return self.data(number).decode()

    def number(self, number: int) -> int:
        """A field that is a number; 0 when it is not there."""
        value = self.fields.get(number, 0)
        return value if isinstance(value, int) else 0

    def inside(self, *numbers: int) -> Message:
        """The message down that path of fields; empty when there is none."""
        found = self
        for number in numbers:
            found = read(found.data(number))
        return found


def read(data: bytes) -> Message:
    """The message in those bytes. ValueError for what is not one."""
    fields: dict[int, int | bytes] = {}
    at = 0
    while at < len(data):
        key, at = _read_varint(data, at)
        match key & 7:
            case 0:
                fields[key >> 3], at = _read_varint(data, at)
            case 2:
                size, at = _read_varint(data, at)
                fields[key >> 3], at = data[at : at + size], at + size
            case 1:
                fields[key >> 3], at = data[at : at + 8], at + 8
            case 5:
                fields[key >> 3], at = data[at : at + 4], at + 4
            case kind:
                raise ValueError(f"protobuf has no wire type {kind}")
    return Message(fields)


def write(*fields: tuple[int, int | bytes | str]) -> bytes:
    """A message of those fields, in that order."""
    return b"".join(_field(number, value.encode() if isinstance(value, str) else value) for number, value in fields)


def _field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3 | _VARINT) + _varint(value)
    return _varint(number << 3 | _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
