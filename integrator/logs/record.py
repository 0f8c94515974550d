"""A record of the log: ``2026-11-20T14:05:01.123 INFO logger body``, with the lines that follow it (a traceback).

What does not begin so is not ours: a program that was killed, a disk that filled up, somebody's editor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: How a record begins, at the beginning of a line; its group is the level's name.
HEAD: Final = rb"\d{4}-\d\d-\d\dT[\d:.]{8,15} (DEBUG|INFO|WARNING|ERROR|CRITICAL) "
_LONGEST: Final = 20_000
_LINE = re.compile(r"(?P<at>\S+) (?P<level>[A-Z]+) (?P<logger>\S+) ?(?P<body>.*)", re.DOTALL)
_OURS = re.compile(HEAD)
_PAIR = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')


@dataclass(frozen=True, slots=True)
class Record:
    """One record. ``begin`` is its first byte in the file, ``fields`` what it says as ``key=value``.

    ``time`` and ``level`` are empty for what is not ours.
    """

    begin: int
    time: str
    level: str
    body: str
    raw: str
    fields: Mapping[str, str]


def record_of(begin: int, raw: bytes) -> Record:
    """The record with these bytes; of a very long one, its beginning."""
    text = raw[:_LONGEST].decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\r\n")
    found = _LINE.match(text) if _OURS.match(raw) else None
    if found is None:
        return Record(begin, "", "", text, text, {})
    body = found["body"]
    first = body.partition("\n")[0]
    fields = {name: _unquoted(value) for name, value in _PAIR.findall(first)}
    return Record(begin, found["at"].partition("T")[2][:8], found["level"], body, text, fields)


def _unquoted(value: str) -> str:
    if len(value) < len('""') or not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), value[1:-1])
