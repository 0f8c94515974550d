"""A text as WhatsApp shows it: its own marks become bold, italic, struck and typewriter; everything else is text."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

#: A mark counts at the edge of a word only, in one line, around something that is not blank.
_STYLES: Final = tuple(
    (re.compile(rf"(?<![\w{sign}]){sign}(?=\S)([^{sign}\n]+?)(?<=\S){sign}(?![\w{sign}])"), tag)
    for sign, tag in ((r"\*", "strong"), ("_", "em"), ("~", "s"))
)
_TYPEWRITER: Final = re.compile(r"```([^`]+)```")


def as_read(text: str) -> Markup:
    """``text`` as markup that is safe in a page, whatever it holds."""
    pieces = _TYPEWRITER.split(str(escape(text)))
    return Markup("").join(
        Markup(f"<code>{piece}</code>") if place % 2 else Markup(_styled(piece)) for place, piece in enumerate(pieces)
    )


def _styled(escaped: str) -> str:
    for pattern, tag in _STYLES:
        escaped = pattern.sub(rf"<{tag}>\1</{tag}>", escaped)
    return escaped
