"""Where each record of a day's file begins and how grave it is: some ten bytes a record, and no texts.

With it a window shows any part of a file of hundreds of thousands of records at once, and goes from error to error.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from typing import IO, Final

from integrator.logs.lines import Level
from integrator.logs.record import HEAD

#: A level's gravity; that of what is not ours is the least.
OTHER: Final = 0
GRAVITY: Final = {b"DEBUG": 1, b"INFO": 2, b"WARNING": 3, b"ERROR": 4, b"CRITICAL": 4}
_ERROR: Final = GRAVITY[b"ERROR"]
_CHUNK: Final = 64 * 1024
_LONGEST_HEAD: Final = 64
#: Found by its first character, which the search for it is fast at.
_HEAD = re.compile(b"\n" + HEAD)


def least_gravity(level: Level) -> int:
    """What a record must have to be shown at that level."""
    return OTHER if level is Level.ALL else min(GRAVITY[name] for name in level.names)


class LogIndex:
    """Grows at its end only, by one thread; others may read whatever :attr:`count` covers while it does.

    What stands before the first record of ours is a record, too. A last line that is still being written belongs to
    the record before it until its beginning is complete.
    """

    def __init__(self) -> None:
        self._begins = array("Q")
        self._gravities = bytearray()
        self._resume = 0
        self._inside_line = False
        self.end = 0

    @property
    def count(self) -> int:
        return len(self._gravities)

    def gravity(self, number: int) -> int:
        return self._gravities[number]

    def span(self, number: int) -> tuple[int, int]:
        """The record's bytes in the file: the first, and the one after the last."""
        following = number + 1
        return self._begins[number], self._begins[following] if following < len(self._begins) else self.end

    def up_to(self, number: int, size: int) -> int:
        """The number after the last of the records that begin less than ``size`` bytes after that one; at least one."""
        return max(number + 1, bisect_right(self._begins, self._begins[number] + size - 1))

    def error_after(self, number: int) -> int | None:
        """The first error that follows that record; -1 asks from the beginning."""
        found = self._gravities.find(_ERROR, number + 1)
        return found if found >= 0 else None

    def error_before(self, number: int) -> int | None:
        """The last error that precedes that record."""
        found = self._gravities.rfind(_ERROR, 0, max(0, number))
        return found if found >= 0 else None

    def read_on(self, source: IO[bytes], until: int) -> bool:
        """Take in the next piece of the file, up to that byte; False when there is no more."""
        source.seek(self._resume)
        piece = source.read(min(_CHUNK, until - self._resume))
        text = piece if self._inside_line else b"\n" + piece
        base = self._resume - (len(text) - len(piece))
        before = self.end
        heads = [(base + found.start() + 1, GRAVITY[found[1]]) for found in _HEAD.finditer(text)]
        self._go_on_from(base, text)
        if not self._begins and self._resume > 0 and not (heads and heads[0][0] == 0):
            self._add(0, OTHER)
        for begin, gravity in heads:
            self._add(begin, gravity)
        return before < self.end < until

    def _go_on_from(self, base: int, text: bytes) -> None:
        """A line whose beginning may be incomplete is read once more, from its beginning."""
        self.end = base + len(text)
        last = text.rfind(b"\n")
        self._inside_line = last < 0 or len(text) - last > _LONGEST_HEAD
        self._resume = self.end if self._inside_line else base + last + 1

    def _add(self, begin: int, gravity: int) -> None:
        if not self._begins or begin > self._begins[-1]:
            self._begins.append(begin)
            self._gravities.append(gravity)
