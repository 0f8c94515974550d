"""Interleaved 2 of 5 and QR as filled rectangles: black on white, sharp at any resolution."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import segno
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from integrator.documents.paper import Box

_NARROW, _WIDE = 1, 3
_DIGITS = ("00110", "10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010")
"""Which of a digit's five elements are wide (ISO/IEC 16390)."""

_START = (_NARROW, _NARROW, _NARROW, _NARROW)
_STOP = (_WIDE, _NARROW, _NARROW)
QR_QUIET = 4
"""White modules that a QR needs on every side (ISO/IEC 18004)."""


def itf_elements(digits: str) -> tuple[int, ...]:
    """Widths of bars and spaces in turn, a bar first; ``digits`` has an even length. 44 digits are 405 modules."""
    elements = list(_START)
    for bars, spaces in zip(digits[::2], digits[1::2], strict=True):
        for bar, space in zip(_DIGITS[int(bars)], _DIGITS[int(spaces)], strict=True):
            elements += [_WIDE if bar == "1" else _NARROW, _WIDE if space == "1" else _NARROW]
    return (*elements, *_STOP)


def draw_itf(canvas: Canvas, digits: str, box: Box) -> None:
    """Draw the barcode filling the box exactly; the caller leaves the quiet zones white."""
    elements = itf_elements(digits)
    bars: list[tuple[int, int, int]] = []
    position = 0
    for index, width in enumerate(elements):
        if index % 2 == 0:
            bars.append((position, 0, width))
        position += width
    _fill(canvas, bars, box, position, 1)


def qr_modules(text: str) -> tuple[bytes, ...]:
    """Rows of modules, 1 for dark. Letters with accents go as UTF-8, as the BCB's readers expect."""
    encoding = None if text.isascii() else "utf-8"
    code = segno.make_qr(text, error="m", boost_error=False, encoding=encoding)
    return tuple(bytes(row) for row in code.matrix)


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    position = 0
    for dark, modules in groupby(row):
        length = len(list(modules))
        if dark:
            yield position, length
        position += length


def draw_qr(canvas: Canvas, text: str, box: Box) -> None:
    """Draw the QR with its quiet zone filling the square box."""
    matrix = qr_modules(text)
    modules = len(matrix) + 2 * QR_QUIET
    runs = [
        (start + QR_QUIET, line, length)
        for line, row in enumerate(matrix, start=QR_QUIET)
        for start, length in _runs(row)
    ]
    _fill(canvas, runs, box, modules, modules)


def _fill(canvas: Canvas, runs: list[tuple[int, int, int]], box: Box, columns: int, rows: int) -> None:
    """Fill runs of modules (left, line from the top, length) of a grid that covers the box.

    One path in whole module units: no seams between rows, and no slow formatting of thousands of decimals.
    """
    canvas.saveState()
    canvas.translate(box.left, box.top)
    canvas.scale(box.width / columns, -box.height / rows)
    path = PDFPathObject([f"{left} {line} {length} 1 re" for left, line, length in runs])
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()
