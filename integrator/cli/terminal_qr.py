"""A QR code in a terminal: dark on white with explicit colours, so that any background will do.

Two modules share a character where the code page has half blocks; elsewhere a module is two coloured spaces. Without
colours (a pipe, ``NO_COLOR``) the white modules are drawn, as for the usual dark terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

#: White around the code. The standard asks for four modules; phones read two, and a console has 80 columns.
_QUIET: Final = 2
_DARK: Final = "#000000"
_WHITE: Final = "#ffffff"
_HALVES: Final = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}

Rows = Sequence[Sequence[bool]]


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a terminal can show."""

    blocks: bool
    colours: bool


def canvas_of(console: Console) -> Canvas:
    """What this one can."""
    try:
        "▀▄█".encode(console.encoding)
        blocks = True
    except (UnicodeEncodeError, LookupError):
        blocks = False
    return Canvas(blocks, console.color_system is not None and not console.no_color)


def draw(code: str, canvas: Canvas) -> Text:
    """The drawing, ready to print. Raises ``ValueError`` for a text that no QR code can hold."""
    import segno  # pairing alone needs it

    rows = _rows(segno.make_qr(code, error="l").matrix)
    lines = _halves(rows, canvas) if canvas.blocks else _spaces(rows, canvas)
    return Text("\n", no_wrap=True, overflow="ignore", end="").join(lines)


def size_of(drawing: Text) -> tuple[int, int]:
    """Columns and lines."""
    lines = drawing.plain.split("\n")
    return max(map(len, lines)), len(lines)


def _rows(matrix: Sequence[Sequence[int]]) -> Rows:
    """Dark modules as True, in their white frame; an even number of rows."""
    width = len(matrix) + 2 * _QUIET
    empty = [False] * width
    side = [False] * _QUIET
    rows = [empty] * _QUIET + [[*side, *map(bool, line), *side] for line in matrix] + [empty] * _QUIET
    return rows if len(rows) % 2 == 0 else [*rows, empty]


def _halves(rows: Rows, canvas: Canvas) -> list[Text]:
    lines = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        line = Text()
        for pair in zip(upper, lower, strict=True):
            if canvas.colours:
                line.append("▀", f"{_colour(dark=pair[0])} on {_colour(dark=pair[1])}")
            else:
                line.append(_HALVES[pair])
        lines.append(line)
    return lines


def _spaces(rows: Rows, canvas: Canvas) -> list[Text]:
    lines = []
    for row in rows:
        line = Text()
        for dark in row:
            if canvas.colours:
                line.append("  ", f"on {_colour(dark=dark)}")
            else:
                line.append("  " if dark else "##")
        lines.append(line)
    return lines


def _colour(*, dark: bool) -> str:
    return _DARK if dark else _WHITE
