"""The files of the rows that somebody just looked at, so that a page and its pictures compose a message once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_ROWS: Final = 3
_BYTES: Final = 6 * 1024 * 1024
_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class File:
    """One part of a message that is a file; ``mime`` is what its bytes are, ``sha256`` of them."""

    name: str
    mime: str
    content: bytes
    sha256: str


Files = Mapping[int, File]
Key = tuple[object, ...]


class Shelf:
    """Keeps few, for two minutes, and never much: what is older goes when the next one comes. Used by any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, tuple[float, Files]] = OrderedDict()

    def put(self, key: Key, files: Files) -> None:
        """Remember a row's files, by the number of their part."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (self._clock(), files)
            while len(self._kept) > _ROWS or (len(self._kept) > 1 and self._size() > _BYTES):
                self._kept.popitem(last=False)

    def find(self, key: Key) -> Files | None:
        """A row's files; None when they are not here any more."""
        with self._lock:
            for each, (at, _) in list(self._kept.items()):
                if self._clock() - at > _SECONDS:
                    del self._kept[each]
            found = self._kept.get(key)
            return found[1] if found else None

    def _size(self) -> int:
        return sum(len(file.content) for _, files in self._kept.values() for file in files.values())
