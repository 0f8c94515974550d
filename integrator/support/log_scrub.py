"""A daily log reduced to what outsiders may read: when, which action, which codes; no free text at all.

The log is masked when it is written, but a sentence may still name a customer. So nothing passes here that is not
known to be harmless: numbers, words of our own, codes of errors, and places in the program's code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from integrator.domain.errors import IntegratorError

OMITTED: Final = "[omitido]"
_LINE = re.compile(r"^(\d{4}-\d\d-\d\dT[\d:.]{8,15}) ([A-Z]{3,10}) ([\w.]{1,80}) (.*)$")
_PAIR = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')
#: Fields whose values are ours: a number, a state, an action, an instant, the id of a message.
_FIELDS = re.compile(
    "action|attempt|code|dry_run|held|hour|kind|known|last|level|messages|mine|moved|outcome|part|parts|posted|"
    "provider_id|row|rows|send_day|sent_at|silent_since|state|taken|titles|vouched|wait"
)
_VALUE = re.compile(r"[a-z_]{1,40}|True|False|None|[\d.:T+\-]{1,32}|3EB0[0-9A-F]{8,40}")
_CODES = re.compile(
    r"\b(?:gdscode=\d{9}|sqlcode=-?\d{1,4}|[A-Z][A-Za-z]{2,40}(?:Error|Exception|Timeout)|Errno \d{1,5})\b"
)
#: Of the program's own files the place in it, of others the name alone: folders above may name a person.
_FRAME = re.compile(
    r'^\s+File "(?:(?:.*[\\/])?(?P<own>integrator[\\/][\w\\/]+\.py)|(?:.*[\\/])?(?P<other>[\w.]+))", '
    r"line (?P<line>\d+), in (?P<name>[\w<>]+)$"
)
_LONGEST: Final = 20_000


def scrub(lines: Iterable[str]) -> Iterator[str]:
    """One line for each that tells something; lines that are free text only are left out."""
    for raw in lines:
        line = raw.rstrip("\r\n")[:_LONGEST]
        found = _LINE.match(line)
        if found is not None:
            yield f"{found[1]} {found[2]} {found[3]} {_fields(found[4])}"
        elif frame := _FRAME.match(line):
            yield f"  {frame['own'] or frame['other']}:{frame['line']} {frame['name']}"
        elif codes := _codes(line):
            yield f"  {codes}"


def _fields(text: str) -> str:
    return " ".join(_field(name, value) for name, value in _PAIR.findall(text)) or OMITTED


def _field(name: str, value: str) -> str:
    plain = value[1:-1] if value.startswith('"') else value
    if name == "title" and plain in _titles():
        return f"{name}={value}"
    if _FIELDS.fullmatch(name) and _VALUE.fullmatch(plain):
        return f"{name}={plain}"
    return f"{name}={_codes(plain) or OMITTED}"


def _codes(text: str) -> str:
    return " ".join(dict.fromkeys(_CODES.findall(text)))


def _titles() -> frozenset[str]:
    """The headings of our own errors: constants of the program."""
    found: set[str] = set()
    waiting: list[type[IntegratorError]] = [IntegratorError]
    while waiting:
        kind = waiting.pop()
        found.add(kind.title)
        waiting += kind.__subclasses__()
    return frozenset(found)
