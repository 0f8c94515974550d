"""The lines of a day's log from the newest on, read from the file's end by blocks: a long day costs what a short does.

A record is its first line with what follows it up to the next one (a traceback). A reading ends with a full page, at
the beginning of the file, or after so many bytes; where it ended is where the next one begins.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Final

_BLOCK: Final = 128 * 1024
#: Looked at for one page: a filter that finds nothing in so much asks whether to go on.
_MOST: Final = 4 * 1024 * 1024
_LONGEST: Final = 20_000
_HEAD = re.compile(rb"^\d{4}-\d\d-\d\dT[\d:.]{8,15} (DEBUG|INFO|WARNING|ERROR|CRITICAL) ", re.MULTILINE)
_LINE = re.compile(r"(?P<at>\S+) (?P<level>[A-Z]+) (?P<logger>\S+) ?(?P<body>.*)", re.DOTALL)
_PAIR = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')


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
class Record:
    """One record. ``begin`` is its first byte in the file, ``fields`` what it says as ``key=value``."""

    begin: int
    time: str
    level: str
    body: str
    raw: str
    fields: Mapping[str, str]


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
        wanted = words.casefold()
        found: list[Record] = []
        begin = end
        for begin, raw in _records(source, end):
            if _passes(raw, level, wanted):
                found.append(_record(begin, raw))
            if len(found) == count or end - begin >= _MOST:
                break
        else:
            begin = 0
    return Reading(tuple(found), begin or None, len(found) == count)


def last_error(path: Path) -> int | None:
    """Where the newest error of the file ends, for :func:`read_back`; None when there is none."""
    with path.open("rb") as source:
        end = source.seek(0, os.SEEK_END)
        for begin, raw in _records(source, end):
            if _passes(raw, Level.ERRORS, ""):
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


def _passes(raw: bytes, level: Level, words: str) -> bool:
    head = _HEAD.match(raw)
    if head is None or head[1] not in level.names:
        return False
    return not words or words in raw.decode("utf-8", "replace").casefold()


def _record(begin: int, raw: bytes) -> Record:
    text = raw[:_LONGEST].decode("utf-8", "replace").rstrip("\r\n")
    found = _LINE.match(text)
    assert found is not None  # _HEAD matched it
    body = found["body"]
    first = body.partition("\n")[0]
    fields = {name: _unquoted(value) for name, value in _PAIR.findall(first)}
    return Record(begin, found["at"].partition("T")[2][:8], found["level"], body, text, fields)


def _unquoted(value: str) -> str:
    if len(value) < len('""') or not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), value[1:-1])
