"""Two texts, line by line: what went and what came."""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """``sign`` is ``+`` for what only the new text has, ``-`` for what only the old one has, and a blank for both."""

    sign: str
    text: str


def difference(old: str, new: str) -> tuple[Line, ...]:
    """How ``old`` became ``new``; empty when they are the same."""
    if old == new:
        return ()
    before, after = old.split("\n"), new.split("\n")
    lines: list[Line] = []
    for tag, first, last, start, end in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line(" ", text) for text in before[first:last]]
            continue
        lines += [Line("-", text) for text in before[first:last]]
        lines += [Line("+", text) for text in after[start:end]]
    return tuple(lines)
