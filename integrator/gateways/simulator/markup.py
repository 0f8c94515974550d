"""WhatsApp's text marks as HTML: ``*bold*``, ``_italic_``, ``~strike~`` and three back-ticks for fixed width.

A mark counts when it stands at the edge of a word, closes on the same line and has no space inside next to it; marks
may be nested. What a customer or an ERP wrote is escaped, and addresses are shown as such but cannot be clicked.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final, NewType

Html = NewType("Html", str)
"""Text that is safe to put into a page as it is."""

_TAGS: Final = {"*": "strong", "_": "em", "~": "s"}
_MONO = re.compile(r"```(?P<body>.+?)```", re.DOTALL)
_MARK = re.compile(r"(?<!\w)(?P<mark>[*_~])(?=\S)(?P<body>(?:(?!(?P=mark))[^\n])+(?<=\S))(?P=mark)(?!\w)")
_ADDRESS = re.compile(r"https?://[^\s<>]+")


def plain(text: str) -> Html:
    """``text`` escaped, nothing else; also safe inside a quoted attribute."""
    return Html(escape(text))


def render_marks(text: str) -> Html:
    """``text`` as WhatsApp shows it. Line breaks are left to the style sheet."""
    pieces = []
    end = 0
    for match in _MONO.finditer(text):
        pieces += [_marked(text[end : match.start()]), f"<code>{escape(match['body'])}</code>"]
        end = match.end()
    return Html("".join([*pieces, _marked(text[end:])]))


def _marked(text: str) -> str:
    pieces = []
    end = 0
    for match in _MARK.finditer(text):
        tag = _TAGS[match["mark"]]
        pieces += [_addresses(text[end : match.start()]), f"<{tag}>{_marked(match['body'])}</{tag}>"]
        end = match.end()
    return "".join([*pieces, _addresses(text[end:])])


def _addresses(text: str) -> str:
    pieces = []
    end = 0
    for match in _ADDRESS.finditer(text):
        pieces += [escape(text[end : match.start()]), f'<span class="address">{escape(match[0])}</span>']
        end = match.end()
    return "".join([*pieces, escape(text[end:])])
