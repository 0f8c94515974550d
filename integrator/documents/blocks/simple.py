"""Laying out the blocks that are text: headings, paragraphs, framed notes, rules, and QR codes with their captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, assert_never

from reportlab.lib.colors import Color, black
from reportlab.pdfgen.canvas import Canvas

from integrator.documents.blocks.content import Gap, Heading, Notice, PageBreak, Paragraphs, PixCodes, Rule, Side, Space
from integrator.documents.blocks.flow import Flow
from integrator.documents.blocks.rich import Column, Line, draw_lines, height_of, set_lines
from integrator.documents.blocks.texts import Text
from integrator.documents.brcode import check_pix
from integrator.documents.paper import BOLD, LEADING, Align, Box, Style, draw_text, fit, millimetres, rule
from integrator.documents.symbols import draw_qr
from integrator.messages.schema import Item, Values

_HEADING: Final = Style(14, BOLD)
_RIGHT: Final = Style(9, align=Align.RIGHT)
_RIGHT_SHARE: Final = 0.34
_HEADING_ROOM: Final = millimetres(24)
_GAP: Final = millimetres(3)
_NOTICE_SIZE: Final = 9.5
_PADDING: Final = millimetres(2.5)
_QR: Final = millimetres(36)


@dataclass(frozen=True, slots=True)
class Pen:
    """What every block is laid out with: where, the values, the seed of its variations and the colour of headings."""

    flow: Flow
    values: Values
    seed: int
    accent: Color

    @property
    def left(self) -> float:
        """The left edge of blocks."""
        return self.flow.frame.left

    @property
    def width(self) -> float:
        """The width of blocks."""
        return self.flow.frame.width

    def text(self, text: Text | None, item: Item | None = None) -> str:
        """A text with its values, those of an item first."""
        if text is None:
            return ""
        return text.render(self.values if item is None else {**self.values, **item}, self.seed)


def put_simple(pen: Pen, block: Heading | Paragraphs | Notice | PixCodes) -> None:
    """Lay out a block of text or of QR codes."""
    match block:
        case Heading():
            _put_heading(pen, block)
        case Paragraphs():
            _put_paragraphs(pen, block)
        case Notice():
            _put_notice(pen, block)
        case PixCodes():
            _put_pix_codes(pen, block)
        case _:
            assert_never(block)


def put_space(pen: Pen, block: Space) -> None:
    """Lay out what stands between other blocks."""
    match block:
        case Rule():
            right = pen.left + pen.width
            pen.flow.skip(millimetres(1))
            pen.flow.put(millimetres(2), lambda canvas, top: rule(canvas, (pen.left, top), (right, top)))
        case Gap(height=height):
            pen.flow.skip(millimetres(height))
        case PageBreak():
            if not pen.flow.empty:
                pen.flow.new_page()
        case _:
            assert_never(block)


def _put_heading(pen: Pen, block: Heading) -> None:
    """A heading stays with at least two lines of what follows."""
    text = block.text.line(pen.values, pen.seed)
    right = block.right.line(pen.values, pen.seed) if block.right else ""
    if not text:
        return
    width = pen.width * (1 - _RIGHT_SHARE) if right else pen.width
    lines, size = fit((text,), _HEADING, width, _HEADING_ROOM)
    height = len(lines) * size * LEADING + 2

    def draw(canvas: Canvas, top: float) -> None:
        canvas.setFillColor(pen.accent)
        draw_text(canvas, text, Box(pen.left, top, width, _HEADING_ROOM), _HEADING)
        canvas.setFillColor(black)
        box = Box(pen.left + width, top - 3, pen.width - width, millimetres(9))
        draw_text(canvas, right, box, _RIGHT)

    pen.flow.put(height, draw, keep=millimetres(14))
    pen.flow.skip(millimetres(1.5))


def _put_paragraphs(pen: Pen, block: Paragraphs) -> None:
    """Lines go on over pages."""
    text = pen.text(block.text)
    if not text:
        return
    for line in set_lines(text, block.size, pen.width):
        _put_line(pen, line, block.size, block.side)
    pen.flow.skip(_GAP)


def _put_line(pen: Pen, line: Line, size: float, side: Side) -> None:
    if not line.pieces:
        pen.flow.skip(height_of(line, size))
        return
    column = Column(pen.left, pen.width, side)
    pen.flow.put(height_of(line, size), lambda canvas, top: draw_lines(canvas, [line], column, top, size))


def _put_notice(pen: Pen, block: Notice) -> None:
    """The frame stays in one piece where a page can hold it, else each page has its part."""
    text = pen.text(block.text)
    if not text:
        return
    column = Column(pen.left + _PADDING, pen.width - 2 * _PADDING, Side.LEFT)
    rest = set_lines(text, _NOTICE_SIZE, column.width)
    if _framed(rest) > pen.flow.room and _framed(rest) <= pen.flow.whole:
        pen.flow.new_page()
    while rest:
        fitting = max(_fitting(rest, pen.flow.room), 1)
        _put_frame(pen, rest[:fitting], column)
        rest = rest[fitting:]
    pen.flow.skip(_GAP)


def _framed(lines: Sequence[Line]) -> float:
    return sum(height_of(line, _NOTICE_SIZE) for line in lines) + 2 * _PADDING


def _fitting(lines: Sequence[Line], room: float) -> int:
    """How many lines a frame in that room can hold."""
    used = 2 * _PADDING
    for count, line in enumerate(lines):
        used += height_of(line, _NOTICE_SIZE)
        if used > room:
            return count
    return len(lines)


def _put_frame(pen: Pen, lines: Sequence[Line], column: Column) -> None:
    height = _framed(lines)

    def draw(canvas: Canvas, top: float) -> None:
        canvas.setLineWidth(0.8)
        canvas.rect(pen.left, top - height, pen.width, height)
        draw_lines(canvas, lines, column, top - _PADDING, _NOTICE_SIZE)

    pen.flow.put(height, draw)


def _put_pix_codes(pen: Pen, block: PixCodes) -> None:
    """One QR below the other. Raises ``DigitsError`` for a code that disagrees with its title."""
    items = pen.values.get(block.items)
    for item in items if isinstance(items, tuple) else ():
        code, amount = item.get("pix"), item.get("valor")
        if isinstance(code, str) and code.strip():
            _put_pix(pen, check_pix(code, amount if isinstance(amount, Decimal) else None).payload, item, block)


def _put_pix(pen: Pen, payload: str, item: Item, block: PixCodes) -> None:
    column = Column(pen.left + _QR + _GAP, pen.width - _QR - _GAP, Side.LEFT)
    lines = set_lines(pen.text(block.caption, item), _NOTICE_SIZE, column.width)
    height = max(_QR, sum(height_of(line, _NOTICE_SIZE) for line in lines) + millimetres(4))

    def draw(canvas: Canvas, top: float) -> None:
        draw_qr(canvas, payload, Box(pen.left, top, _QR, _QR))
        draw_lines(canvas, lines, column, top - millimetres(4), _NOTICE_SIZE)

    pen.flow.put(height, draw)
    pen.flow.skip(_GAP)
