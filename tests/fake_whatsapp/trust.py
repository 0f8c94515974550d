"""Makes the library in this process trust the fake server: 32 bytes in memory, the file on disk untouched.

whatsmeow accepts only servers whose certificate chain begins at WhatsApp's own key, a constant that the linker places
in writable data. Linux alone; the tests that need it are skipped elsewhere.
"""

from __future__ import annotations

import ctypes
from pathlib import Path

_WHATSAPP_ROOT = bytes.fromhex("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b")


def trust(library: ctypes.CDLL, root: bytes) -> None:
    """Replace WhatsApp's root key by ``root`` in that loaded library, which must hold it exactly once."""
    if len(root) != len(_WHATSAPP_ROOT):
        raise ValueError("a root key has 32 bytes")
    hits = [address for start, end in _writable(Path(library._name).name) for address in _occurrences(start, end)]
    if len(hits) != 1:
        raise RuntimeError(f"the library holds WhatsApp's root key {len(hits)} times, not once")
    ctypes.memmove(hits[0], root, len(root))


def _writable(name: str) -> list[tuple[int, int]]:
    """The library's writable memory."""
    areas = [line.split() for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()]
    spans = [area[0].split("-") for area in areas if area[-1].endswith(name) and area[1].startswith("rw")]
    return [(int(start, 16), int(end, 16)) for start, end in spans]


def _occurrences(start: int, end: int) -> list[int]:
    memory = ctypes.string_at(start, end - start)
    found, at = [], memory.find(_WHATSAPP_ROOT)
    while at >= 0:
        found.append(start + at)
        at = memory.find(_WHATSAPP_ROOT, at + 1)
    return found
