"""Where each block stands in a model's file: :mod:`integrator.settings.toml_places` knows tables, not lists of tables.

``[[bloco]]`` headers are numbered before the file is searched, so that the path of the second block's text is
``("bloco", "2", "texto")``. Only for text that ``tomllib`` accepted.
"""

from __future__ import annotations

import re

from integrator.settings.toml_places import Places, find_places

#: Strings and comments are passed over; a header stands alone on its line.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|'
    r"'''.*?'{3,5}(?!')|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'|#[^\n]*|"
    r"^[ \t]*(?P<open>\[\[?)(?P<path>[^\]\n\"']+)\]\]?",
    re.DOTALL | re.MULTILINE,
)


def numbered_places(text: str) -> Places:
    """The places in ``text`` (line ends already ``\\n``), each table of a list under its number, from 1."""
    counts: dict[tuple[str, ...], int] = {}

    def number(found: re.Match[str]) -> str:
        if found["path"] is None:
            return found[0]
        path = tuple(part.strip() for part in found["path"].split("."))
        if found["open"] == "[[":
            counts[path] = counts.get(path, 0) + 1
            for inner in [each for each in counts if len(each) > len(path) and each[: len(path)] == path]:
                del counts[inner]
        return f"[{'.'.join(_numbered(path, counts))}]"

    return find_places(_TOKEN.sub(number, text))


def _numbered(path: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> list[str]:
    parts: list[str] = []
    for length, name in enumerate(path, start=1):
        parts.append(name)
        if path[:length] in counts:
            parts.append(str(counts[path[:length]]))
    return parts
