"""Where each table and key of a TOML file stands: ``tomllib`` reads values but forgets their lines.

Only for text that ``tomllib`` accepted, which is why the scanner may be simple.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from integrator.settings.problems import Place

_SKIPPED = re.compile(r"(?:[ \t\n]+|#[^\n]*)+")
_HEADER = re.compile(r"\[+([^\n#]*?)\]+[ \t]*(?=\n|#|$)")
_KEY = re.compile(r"""(?:[A-Za-z0-9_.\- \t]|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')+?(?=[ \t]*=)""")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|' + r"'''.*?'{3,5}(?!')|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'", re.DOTALL
)

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``key = value``: where the key is, and for a string where its first character stands and how it is quoted."""

    key: Place
    content: Place
    quote: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Tables and keys by their path, as ``("titulos", "sql")``."""

    tables: Mapping[Path, Place] = field(default_factory=dict)
    entries: Mapping[Path, Entry] = field(default_factory=dict)

    def of(self, path: Path) -> Place:
        """The place of a key or table; of what is not written in the file, that of the table or the beginning."""
        if path in self.entries:
            return self.entries[path].key
        while path:
            if path in self.tables:
                return self.tables[path]
            path = path[:-1]
        return Place(1, 1)


def find_places(text: str) -> Places:
    """Scan ``text`` (line ends already ``\\n``)."""
    tables: dict[Path, Place] = {}
    entries: dict[Path, Entry] = {}
    table: Path = ()
    at = 0
    while (at := _skip(text, at)) < len(text):
        here = Place(1, 1).after(text[:at])
        header = _HEADER.match(text, at)
        if header:
            table = _path(header[1])
            tables.setdefault(table, here)
            at = header.end()
            continue
        key = _KEY.match(text, at)
        if key is None:
            break
        value = text.index("=", key.end()) + 1
        value += len(text[value:]) - len(text[value:].lstrip(" \t"))
        entry, at = _value(text, value, here)
        entries[(*table, *_path(key.group()))] = entry
    return Places(tables, entries)


def _skip(text: str, at: int) -> int:
    match = _SKIPPED.match(text, at)
    return match.end() if match else at


def _path(written: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in written.split("."))


def _value(text: str, at: int, key: Place) -> tuple[Entry, int]:
    string = _STRING.match(text, at)
    if string is None:
        return Entry(key, Place(1, 1).after(text[:at])), _end_of_value(text, at)
    raw = string.group()
    quote = raw[:3] if raw.startswith(("'''", '"""')) else raw[:1]
    first = at + len(quote) + (1 if len(quote) > 1 and raw[len(quote) : len(quote) + 1] == "\n" else 0)
    return Entry(key, Place(1, 1).after(text[:first]), quote, raw), string.end()


def _end_of_value(text: str, at: int) -> int:
    """Behind a number, a date, a list or an inline table, which may go over several lines."""
    depth = 0
    while at < len(text):
        string = _STRING.match(text, at)
        if string:
            at = string.end()
            continue
        if text[at] == "#":
            line_end = text.find("\n", at)
            at = line_end if line_end >= 0 else len(text)
            continue
        if text[at] == "\n" and depth == 0:
            return at
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(text[at], 0)
        at += 1
    return at
