"""Laying out what stands side by side: labels with values, totals at the right edge, lines to sign on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.blocks.content import Fields, Labelled, Side, Signatures, Totals
from integrator.documents.blocks.rich import Column, Line, draw_lines, height_of, set_lines
from integrator.documents.blocks.simple import Pen
from integrator.documents.blocks.texts import BOLD_MARK
from integrator.documents.paper import BOLD, millimetres, printable, rule, text_width
from integrator.domain.errors import MissingValue
from integrator.messages.render import clean

_LABEL: Final = 7.0
_VALUE: Final = 9.5
_TOTAL: Final = 10.0
_GAP: Final = millimetres(4)
_BELOW_ROW: Final = millimetres(1.6)
_ABOVE_SIGNATURE: Final = millimetres(15)
_SIGNATURE: Final = 9.0
_ROLE: Final = 8.0
_PER_ROW: Final = 2


@dataclass(frozen=True, slots=True)
class _Shown:
    """A label with its value's text, ready to be set."""

    label: str
    value: str
    wide: bool


def put_grid(pen: Pen, block: Fields | Totals | Signatures) -> None:
    """Lay out a block of columns."""
    match block:
        case Fields():
            _put_fields(pen, block)
        case Totals():
            _put_totals(pen, block)
        case Signatures():
            _put_signatures(pen, block)
        case _:
            assert_never(block)


def _put_fields(pen: Pen, block: Fields) -> None:
    """Rows of columns; one that is ``wide`` has a row of its own."""
    for row in _rows(_shown(pen, block.fields), block.columns):
        columns = 1 if row[0].wide else block.columns
        _put_row(pen, row, columns)
    pen.flow.skip(millimetres(2))


def _shown(pen: Pen, fields: Sequence[Labelled]) -> list[_Shown]:
    """The fields with their values; optional ones without vanish."""
    shown: list[_Shown] = []
    for each in fields:
        try:
            value = pen.text(each.value)
        except MissingValue:
            if not each.optional or all(_is_there(pen, name) for name in each.value.names):
                raise
            continue
        if value or not each.optional:
            shown.append(_Shown(each.label, value, each.wide))
    return shown


def _is_there(pen: Pen, name: str) -> bool:
    """Whether a variable has a value, be it one that cannot be read: that must not vanish silently."""
    value = pen.values.get(name)
    return bool(clean(value)) if isinstance(value, str) else value is not None


def _rows(fields: Sequence[_Shown], columns: int) -> Iterator[list[_Shown]]:
    row: list[_Shown] = []
    for each in fields:
        if row and (each.wide or len(row) == columns):
            yield row
            row = []
        row.append(each)
        if each.wide:
            yield row
            row = []
    if row:
        yield row


def _put_row(pen: Pen, row: Sequence[_Shown], columns: int) -> None:
    width = (pen.width - _GAP * (columns - 1)) / columns
    cells = [
        (
            Column(pen.left + at * (width + _GAP), width, Side.LEFT),
            set_lines(each.label, _LABEL, width),
            set_lines(each.value, _VALUE, width),
        )
        for at, each in enumerate(row)
    ]
    label_room = max(_height(labels, _LABEL) for _, labels, _ in cells)
    height = label_room + max(_height(values, _VALUE) for *_, values in cells) + _BELOW_ROW

    def draw(canvas: Canvas, top: float) -> None:
        for column, labels, values in cells:
            draw_lines(canvas, labels, column, top, _LABEL)
            draw_lines(canvas, values, column, top - label_room, _VALUE)

    pen.flow.put(height, draw)


def _height(lines: Sequence[Line], size: float) -> float:
    return sum(height_of(line, size) for line in lines)


def _put_totals(pen: Pen, block: Totals) -> None:
    """Values stand at the right edge, in a column as wide as the widest."""
    shown = _shown(pen, block.lines)
    if not shown:
        return
    needed = max(text_width(printable(each.value), BOLD, _TOTAL) for each in shown)
    width = min(max(needed, millimetres(28)), pen.width * 0.5)
    values = Column(pen.left + pen.width - width, width, Side.RIGHT)
    labels = Column(pen.left + pen.width * 0.35, pen.width * 0.65 - width - _GAP, Side.RIGHT)
    for each in shown:
        mark = BOLD_MARK if each.wide else ""
        pair = (
            (labels, set_lines(f"{mark}{each.label}{mark}", _TOTAL, labels.width)),
            (values, set_lines(f"{mark}{each.value}{mark}", _TOTAL, values.width)),
        )
        _put_total(pen, pair)
    pen.flow.skip(millimetres(2))


def _put_total(pen: Pen, pair: Sequence[tuple[Column, list[Line]]]) -> None:
    def draw(canvas: Canvas, top: float) -> None:
        for column, lines in pair:
            draw_lines(canvas, lines, column, top, _TOTAL)

    pen.flow.put(max(_height(lines, _TOTAL) for _, lines in pair) + 2, draw)


def _put_signatures(pen: Pen, block: Signatures) -> None:
    """Place, date and lines to sign on, all on one page."""
    place = set_lines(pen.text(block.place), _VALUE, pen.width) if block.place else []
    width = (pen.width - 3 * _GAP) / _PER_ROW
    people = [
        (set_lines(pen.text(each.name), _SIGNATURE, width), set_lines(pen.text(each.role), _ROLE, width))
        for each in block.signatures
    ]
    rows = [people[at : at + _PER_ROW] for at in range(0, len(people), _PER_ROW)]
    heights = [max(_height(name, _SIGNATURE) + _height(role, _ROLE) for name, role in row) for row in rows]
    height = _height(place, _VALUE) + sum(heights) + len(rows) * _ABOVE_SIGNATURE

    def draw(canvas: Canvas, top: float) -> None:
        draw_lines(canvas, place, Column(pen.left, pen.width, Side.LEFT), top, _VALUE)
        top -= _height(place, _VALUE)
        for row, row_height in zip(rows, heights, strict=True):
            top -= _ABOVE_SIGNATURE
            for at, (name, role) in enumerate(row):
                column = Column(pen.left + at * (width + 3 * _GAP), width, Side.CENTER)
                rule(canvas, (column.left, top + 2), (column.left + width, top + 2), 0.6)
                draw_lines(canvas, name, column, top, _SIGNATURE)
                draw_lines(canvas, role, column, top - _height(name, _SIGNATURE), _ROLE)
            top -= row_height

    pen.flow.skip(millimetres(3))
    pen.flow.put(height, draw)
