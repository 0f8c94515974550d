"""Tables over pages: wrapped cells, a head repeated on each page, rows split only when longer than a page.

Laid out before anything is drawn, so that "página 1 de 3" is known; plain canvas calls, so that thousands of rows take
seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import takewhile

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.paper import BOLD, LEADING, REGULAR, Align, printable, put_line, rule, text_width, wrap

PADDING = 3.0
"""White at the left and right of a cell, in points."""
_ASCENT = 0.74
_SHORT = 60
"""Headings, dates and amounts come again and again: the lines of cells no longer than this are kept."""


class RowKind(Enum):
    """Body rows, headings of a section (kept with the row after them) and totals in bold."""

    BODY = "body"
    SECTION = "section"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Column:
    """Head, width in points and where its cells stand."""

    title: str
    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Row:
    """One row; a section has a single cell that runs over all columns."""

    cells: tuple[str, ...]
    kind: RowKind = RowKind.BODY


@dataclass(frozen=True, slots=True)
class Chunk:
    """A row, or the part of a long one, that stands on one page: the lines of each cell."""

    cells: tuple[tuple[str, ...], ...]
    kind: RowKind

    @property
    def lines(self) -> int:
        """How many lines its tallest cell has."""
        return max(map(len, self.cells))


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and type size; ``left`` is the table's left edge."""

    columns: tuple[Column, ...]
    left: float
    size: float

    @property
    def width(self) -> float:
        """The sum of the columns."""
        return sum(column.width for column in self.columns)

    @property
    def head_height(self) -> float:
        """Height of the repeated head."""
        return self.height(max(len(self._wrapped(column.title, column, BOLD)) for column in self.columns))

    def height(self, lines: int) -> float:
        """Height of a row of so many lines."""
        return lines * self.size * LEADING + 2 * PADDING

    def paginate(self, rows: Iterable[Row], first: float, other: float) -> list[list[Chunk]]:
        """Chunks of each page, with ``first`` and ``other`` points for rows on the first page and the others."""
        pages: list[list[Chunk]] = [[]]
        room = first
        for row in rows:
            chunk = Chunk(self._cells(row), row.kind)
            needed = self.height(chunk.lines + (2 if row.kind is RowKind.SECTION else 0))
            if needed > room and (needed <= other or room < self.height(3)) and pages[-1]:
                pages.append([])
                room = other
            for piece in self._split(chunk, room, other):
                if self.height(piece.lines) > room:
                    pages.append([])
                    room = other
                pages[-1].append(piece)
                room -= self.height(piece.lines)
        return pages

    def draw(self, canvas: Canvas, chunks: list[Chunk], top: float) -> float:
        """Draw the head and one page's chunks below ``top``; returns the bottom."""
        head = Chunk(tuple(self._wrapped(column.title, column, BOLD) for column in self.columns), RowKind.TOTAL)
        rule(canvas, (self.left, top), (self.left + self.width, top), 0.8)
        top = self._draw_chunk(canvas, head, top)
        rule(canvas, (self.left, top), (self.left + self.width, top), 0.8)
        for chunk in chunks:
            top = self._draw_chunk(canvas, chunk, top)
            rule(canvas, (self.left, top), (self.left + self.width, top), 0.25)
        return top

    def _cells(self, row: Row) -> tuple[tuple[str, ...], ...]:
        if row.kind is RowKind.SECTION:
            return (tuple(wrap(printable(row.cells[0]), BOLD, self.size, self.width - 2 * PADDING)),)
        font = BOLD if row.kind is RowKind.TOTAL else REGULAR
        widths = self._spans(row) if row.kind is RowKind.TOTAL else [column.width for column in self.columns]
        pairs = zip(row.cells, widths, strict=True)
        return tuple(_lines(cell, font, self.size, width - 2 * PADDING) for cell, width in pairs)

    def _spans(self, row: Row) -> list[float]:
        """The width that each cell of a total has: a label at the left goes on over empty cells."""
        widths = [column.width for column in self.columns]
        for at, cell in enumerate(row.cells):
            if cell and self.columns[at].align is Align.LEFT:
                empty = takewhile(
                    lambda each: not each[0], zip(row.cells[at + 1 :], self.columns[at + 1 :], strict=True)
                )
                widths[at] += sum(column.width for _, column in empty)
        return widths

    def _wrapped(self, cell: str, column: Column, font: str) -> tuple[str, ...]:
        return _lines(cell, font, self.size, column.width - 2 * PADDING)

    def _split(self, chunk: Chunk, room: float, other: float) -> Iterator[Chunk]:
        """The chunk whole where it fits, else in pieces that fill the pages."""
        start = 0
        while start < chunk.lines:
            fitting = max(int((room - 2 * PADDING) / (self.size * LEADING)), 1)
            yield Chunk(tuple(cell[start : start + fitting] for cell in chunk.cells), chunk.kind)
            start, room = start + fitting, other

    def _draw_chunk(self, canvas: Canvas, chunk: Chunk, top: float) -> float:
        font = REGULAR if chunk.kind is RowKind.BODY else BOLD
        canvas.setFont(font, self.size)
        left = self.left
        for cell, column in zip(chunk.cells, self.columns, strict=False):
            baseline = top - PADDING - self.size * _ASCENT
            for line in cell:
                room = column.width - 2 * PADDING - text_width(line, font, self.size) if column.align.value else 0.0
                put_line(canvas, left + PADDING + column.align.value * room, baseline, line)
                baseline -= self.size * LEADING
            left += column.width
        return top - self.height(chunk.lines)


def _lines(cell: str, font: str, size: float, width: float) -> tuple[str, ...]:
    """A cell's lines."""
    return _kept(cell, font, size, width) if len(cell) <= _SHORT else _set(cell, font, size, width)


def _set(cell: str, font: str, size: float, width: float) -> tuple[str, ...]:
    paragraphs = [line for line in map(printable, cell.splitlines()) if line] or [""]
    return tuple(line for paragraph in paragraphs for line in wrap(paragraph, font, size, width))


_kept = lru_cache(maxsize=2048)(_set)
