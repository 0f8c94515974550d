"""The lines of a day's log from the newest on, read from the file's end by blocks: a long day costs what a short does.

A record is its first line with what follows it up to the next one (a traceback). A reading ends with a full page, at
the beginning of the file, or after so many bytes; where it ended is where the next one begins.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Final

from integrator.logs.record import HEAD, Record, record_of
from integrator.logs.search import Search

_BLOCK: Final = 128 * 1024
#: Looked at for one page: a filter that finds nothing in so much asks whether to go on.
_MOST: Final = 4 * 1024 * 1024
_HEAD = re.compile(b"^" + HEAD, re.MULTILINE)


class Level(Enum):
    """What is shown: everything, or only what somebody should look at."""

    ALL = ("tudo", "tudo", frozenset({b"DEBUG", b"INFO", b"WARNING", b"ERROR", b"CRITICAL"}))
    WARNINGS = ("avisos", "avisos e erros", frozenset({b"WARNING", b"ERROR", b"CRITICAL"}))
    ERRORS = ("erros", "só erros", frozenset({b"ERROR", b"CRITICAL"}))

    def __init__(self, key: str, label: str, names: frozenset[bytes]) -> None:
        self.key = key
        self.label = label
        self.names = names


@dataclass(frozen=True, slots=True)
class Reading:
    """Newest first. ``older`` is where to go on, None at the beginning of the file; ``full``: the page is."""

    records: tuple[Record, ...]
    older: int | None
    full: bool


def read_back(
    path: Path, count: int, *, before: int | None = None, level: Level = Level.ALL, words: str = ""
) -> Reading:
    """Up to ``count`` records that end at ``before`` (None: the file's end). Raises :class:`OSError`."""
    with path.open("rb") as source:
        size = source.seek(0, os.SEEK_END)
        end = size if before is None else max(0, min(before, size))
        search = Search(words)
        found: list[Record] = []
        begin = end
        for begin, raw in _records(source, end):
            if _passes(raw, level, search):
                found.append(record_of(begin, raw))
            if len(found) == count or end - begin >= _MOST:
                break
        else:
            begin = 0
    return Reading(tuple(found), begin or None, len(found) == count)


def last_error(path: Path) -> int | None:
    """Where the newest error of the file ends, for :func:`read_back`; None when there is none."""
    with path.open("rb") as source:
        end = source.seek(0, os.SEEK_END)
        anything = Search("")
        for begin, raw in _records(source, end):
            if _passes(raw, Level.ERRORS, anything):
                return begin + len(raw)
    return None


def _records(source: IO[bytes], end: int) -> Iterator[tuple[int, bytes]]:
    """Every record before ``end``, the last one first, with its place; what stands before the first one is left out."""
    rest = b""
    start = end
    while start > 0:
        block = min(_BLOCK, start)
        start -= block
        source.seek(start)
        rest = source.read(block) + rest
        heads = [match.start() for match in _HEAD.finditer(rest) if start == 0 or match.start() > 0]
        stop = len(rest)
        for head in reversed(heads):
            yield start + head, rest[head:stop]
            stop = head
        rest = rest[:stop]
        if len(rest) > _MOST:  # no log of ours: nothing begins in all that
            return


def _passes(raw: bytes, level: Level, search: Search) -> bool:
    head = _HEAD.match(raw)
    if head is None or head[1] not in level.names:
        return False
    return not search or search.finds(raw)
