"""What the header of a library file says: is it one, and for programs of how many bits (Windows and Linux)."""

from __future__ import annotations

import struct
from pathlib import Path

#: Source: PE format, ``IMAGE_FILE_HEADER.Machine``.
_PE_MACHINES = {0x014C: 32, 0x8664: 64, 0xAA64: 64}
_HEADER = 4096


def bits_of(path: Path) -> int | None:
    """32 or 64; None when the file is no library. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if header[:4] == b"\x7fELF":
        return {1: 32, 2: 64}.get(header[4]) if len(header) > 4 else None
    if header[:2] != b"MZ" or len(header) < 0x40:
        return None
    (start,) = struct.unpack_from("<I", header, 0x3C)
    if start + 6 > len(header) or header[start : start + 4] != b"PE\0\0":
        return None
    (machine,) = struct.unpack_from("<H", header, start + 4)
    return _PE_MACHINES.get(machine)
