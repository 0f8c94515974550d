"""Lines of text with bold and italic in them: from a rendered text to what stands where in each line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.blocks.content import Side
from integrator.documents.blocks.texts import BOLD_MARK, ITALIC_MARK
from integrator.documents.paper import BOLD, LEADING, REGULAR, printable, put_line, text_width, wrap

_ITALIC: Final = "Helvetica-Oblique"
_BOLD_ITALIC: Final = "Helvetica-BoldOblique"
_FONTS: Final = {
    (False, False): REGULAR,
    (True, False): BOLD,
    (False, True): _ITALIC,
    (True, True): _BOLD_ITALIC,
}
_ASCENT: Final = 0.74
_MARKS: Final = re.compile(f"([{BOLD_MARK}{ITALIC_MARK}])")
_BULLET: Final = re.compile(r"([-•]|\d{1,2}[.)])\s+(?=\S)")
_SHARES: Final = {Side.LEFT: 0.0, Side.CENTER: 0.5, Side.RIGHT: 1.0}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of ``printable`` text in one font."""

    font: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """Where lines stand: left edge and width in points."""

    left: float
    width: float
    side: Side


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one line, blanks included; ``height`` is a factor of a full line's height.

    ``indent`` in points; a negative one: the first piece hangs at the left edge, the others stand that far inside.
    """

    pieces: tuple[Piece, ...]
    indent: float = 0.0
    height: float = 1.0


def set_lines(text: str, size: float, width: float) -> list[Line]:
    """The lines of a rendered text in a column of ``width`` points; an empty line is half as high."""
    lines: list[Line] = []
    for paragraph in text.split("\n"):
        if not paragraph.strip():
            lines.append(Line((), height=0.5))
            continue
        bullet = _BULLET.match(paragraph)
        if bullet is None:
            lines += [Line(pieces) for pieces in _wrapped(_runs(paragraph), size, width)]
            continue
        indent = text_width(bullet[1], REGULAR, size) + size * 0.5
        first, *rest = _wrapped(_runs(paragraph[bullet.end() :]), size, width - indent)
        lines.append(Line((Piece(REGULAR, bullet[1]), *first), indent=-indent))
        lines += [Line(pieces, indent) for pieces in rest]
    return lines


def height_of(line: Line, size: float) -> float:
    """Points that a line takes."""
    return line.height * size * LEADING


def draw_lines(canvas: Canvas, lines: Sequence[Line], column: Column, top: float, size: float) -> None:
    """Draw lines below ``top``."""
    for line in lines:
        baseline = top - size * _ASCENT
        top -= height_of(line, size)
        x, pieces = column.left + abs(line.indent), line.pieces
        if line.indent < 0:
            _put(canvas, pieces[0], column.left, baseline, size)
            pieces = pieces[1:]
        used = sum(text_width(piece.text, piece.font, size) for piece in pieces)
        x += _SHARES[column.side] * (column.left + column.width - x - used)
        for piece in pieces:
            _put(canvas, piece, x, baseline, size)
            x += text_width(piece.text, piece.font, size)


def _put(canvas: Canvas, piece: Piece, x: float, baseline: float, size: float) -> None:
    canvas.setFont(piece.font, size)
    put_line(canvas, x, baseline, piece.text)


def _runs(paragraph: str) -> list[Piece]:
    """The paragraph by its marks; one without a partner is printed as the sign it was."""
    parts = _MARKS.split(paragraph)
    single = {mark: _last_single(parts, mark) for mark in (BOLD_MARK, ITALIC_MARK)}
    on = {BOLD_MARK: False, ITALIC_MARK: False}
    runs: list[Piece] = []
    for at, part in enumerate(parts):
        if part in on and at != single[part]:
            on[part] = not on[part]
            continue
        text = {BOLD_MARK: "*", ITALIC_MARK: "_"}.get(part, part)
        if text:
            runs.append(Piece(_FONTS[on[BOLD_MARK], on[ITALIC_MARK]], text))
    return runs


def _last_single(parts: Sequence[str], mark: str) -> int:
    places = [at for at, part in enumerate(parts) if part == mark]
    return places[-1] if len(places) % 2 else -1


def _words(runs: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Words, each in one or more fonts."""
    word: list[Piece] = []
    for run in runs:
        shown = printable(run.text)
        if run.text[:1].isspace() and word:
            yield word
            word = []
        first, *others = shown.split(" ")
        if first:
            word.append(Piece(run.font, first))
        for other in others:
            if word:
                yield word
            word = [Piece(run.font, other)]
        if run.text[-1:].isspace() and word:
            yield word
            word = []
    if word:
        yield word


def _wrapped(runs: Sequence[Piece], size: float, width: float) -> list[tuple[Piece, ...]]:
    if len(runs) == 1:
        return [(Piece(runs[0].font, line),) for line in wrap(printable(runs[0].text), runs[0].font, size, width)]
    lines: list[tuple[Piece, ...]] = []
    line: list[Piece] = []
    used = 0.0
    for word in _words(runs):
        blank = text_width(" ", word[0].font, size) if line else 0.0
        length = sum(text_width(piece.text, piece.font, size) for piece in word)
        if line and used + blank + length > width:
            lines.append(_joined(line))
            line, used, blank = [], 0.0, 0.0
        if length > width:
            *broken, rest = _broken(word, size, width)
            lines += [(piece,) for piece in broken]
            line, used = [rest], text_width(rest.text, rest.font, size)
            continue
        line += [Piece(word[0].font, f" {word[0].text}"), *word[1:]] if blank else word
        used += blank + length
    return [*lines, _joined(line)] if line or not lines else lines


def _joined(line: Sequence[Piece]) -> tuple[Piece, ...]:
    """The line with neighbours of one font as one piece, which is drawn in one go."""
    fonts = groupby(line, key=lambda piece: piece.font)
    return tuple(Piece(font, "".join(piece.text for piece in pieces)) for font, pieces in fonts)


def _broken(word: Sequence[Piece], size: float, width: float) -> list[Piece]:
    """A word wider than the column in pieces that fit."""
    return [Piece(piece.font, part) for piece in word for part in wrap(piece.text, piece.font, size, width)]
