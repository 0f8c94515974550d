"""The report "E se estivesse ligado?" for the owner of a shop: figures, a chart of the month, who cannot be reached.

It is given everything in words and numbers; what they mean is the caller's to know. The first page holds all but the
longer tables, so that an owner may be shown that one alone.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.formats import instant_br
from integrator.documents.letterhead import draw_letterhead
from integrator.documents.paper import (
    BOLD,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    REGULAR,
    Align,
    Box,
    Style,
    draw_text,
    millimetres,
    new_canvas,
    put_line,
    rule,
    text_width,
)
from integrator.documents.report import cell_as_text
from integrator.documents.table import Chunk, Column, Row, RowKind, Table
from integrator.domain.message import Company

_LEFT = millimetres(14)
_WIDTH = PAGE_WIDTH - 2 * _LEFT
_TOP = PAGE_HEIGHT - millimetres(12)
_BOTTOM = millimetres(18)
_HEAD = millimetres(24)
_CARD = millimetres(19)
_CHART = millimetres(30)
_SIZE = 8.5
_CAPTION = millimetres(7)
_GAP = millimetres(6)
_INK, _BLUE, _SHADE = (0, 0, 0), (0.12, 0.31, 0.47), (0.93, 0.95, 0.97)
_LABEL_SIZE = 6.5
_HUNDRED_THOUSAND = 100_000


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day of the charts; ``sending`` is False on days on which nothing may leave."""

    day: int
    reminders: int
    overdue: Decimal
    sending: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A table; ``widths`` are millimetres of every column but the first, which takes the rest.

    The first ``words`` columns stand left, the others, which hold numbers, right. ``total`` is the last row, in bold.
    """

    title: str
    headings: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    words: int = 1


@dataclass(frozen=True, slots=True)
class HindsightReport:
    """What the pages show. ``figures`` are (number, what it counts); ``short`` stands on the first page."""

    company: Company
    title: str
    summary: str
    figures: tuple[tuple[str, str], ...]
    days: tuple[DayBar, ...]
    short: Listing
    tables: tuple[Listing, ...]
    notes: tuple[str, ...]
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class _Placed:
    """A table, or a part of it, and where it stands."""

    page: int
    top: float
    title: str
    table: Table
    chunks: list[Chunk]


def draw_hindsight(report: HindsightReport) -> bytes:
    """The PDF (A4); equal input gives equal bytes.

    Raises ``DocumentError`` when a text does not fit even in the smallest print.
    """
    placed = _place(report.tables)
    pages = max((part.page for part in placed), default=1)
    buffer = BytesIO()
    canvas = new_canvas(buffer, report.title, report.company.name)
    _draw_front(canvas, report)
    _draw_foot(canvas, report, 1, pages)
    for page in range(2, pages + 1):
        canvas.showPage()
        _draw_other_head(canvas, report)
        for part in (part for part in placed if part.page == page):
            _draw_listing(canvas, part)
        _draw_foot(canvas, report, page, pages)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def hindsight_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Rows for a spreadsheet: UTF-8 with BOM, ``;``, one header line.

    Cells that a spreadsheet would run as a formula are made text with a leading apostrophe (OWASP, CSV injection).
    """
    sheet = StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([cell_as_text(cell) for cell in row] for row in rows)
    return sheet.getvalue().encode("utf-8-sig", "replace")


def _place(listings: Sequence[Listing]) -> list[_Placed]:
    """The longer tables one below the other, from the second page on."""
    first = _TOP - millimetres(10)
    page, top = 2, first
    placed: list[_Placed] = []
    for listing in listings:
        table = _table(listing)
        head = _CAPTION + table.head_height
        if top - head - table.height(4) < _BOTTOM:
            page, top = page + 1, first
        parts = table.paginate(_rows(listing), top - head - _BOTTOM, first - head - _BOTTOM)
        for number, chunks in enumerate(parts):
            if number:
                page, top = page + 1, first
            placed.append(_Placed(page, top, f"{listing.title}{' (continuação)' if number else ''}", table, chunks))
        top -= head + sum(table.height(chunk.lines) for chunk in parts[-1]) + _GAP
    return placed


def _table(listing: Listing) -> Table:
    widths = [_WIDTH - sum(map(millimetres, listing.widths)), *map(millimetres, listing.widths)]
    columns = (
        Column(heading, width, Align.LEFT if index < listing.words else Align.RIGHT)
        for index, (heading, width) in enumerate(zip(listing.headings, widths, strict=True))
    )
    return Table(tuple(columns), _LEFT, _SIZE)


def _rows(listing: Listing) -> list[Row]:
    rows = [Row(cells) for cells in listing.rows]
    return [*rows, Row(listing.total, RowKind.TOTAL)] if listing.total else rows


def _draw_front(canvas: Canvas, report: HindsightReport) -> None:
    bottom = draw_letterhead(canvas, report.company, Box(_LEFT, _TOP, _WIDTH, _HEAD)) - millimetres(3)
    rule(canvas, (_LEFT, bottom), (_LEFT + _WIDTH, bottom), 0.8)
    top = bottom - millimetres(4)
    top = draw_text(canvas, report.title, Box(_LEFT, top, _WIDTH, millimetres(9)), Style(16, BOLD)) - millimetres(2)
    top = draw_text(canvas, report.summary, Box(_LEFT, top, _WIDTH, millimetres(24)), Style(10.5)) - millimetres(4)
    top = _draw_cards(canvas, report.figures, top) - _GAP
    counts = [(bar, float(bar.reminders)) for bar in report.days]
    title = "Lembretes em cada dia (fundo claro: dia sem envio)"
    top = _draw_chart(canvas, title, counts, top, lambda value: f"{value:.0f}") - _GAP
    owed = [(bar, float(bar.overdue)) for bar in report.days]
    title = "Vencido e ainda não pago no começo de cada dia (em R$ mil)"
    top = _draw_chart(canvas, title, owed, top, _thousands) - _GAP
    table = _table(report.short)
    (chunks,) = table.paginate(_rows(report.short), top - _BOTTOM, top - _BOTTOM)
    top = _draw_listing(canvas, _Placed(1, top, report.short.title, table, chunks)) - millimetres(4)
    draw_text(canvas, report.notes, Box(_LEFT, top, _WIDTH, top - _BOTTOM), Style(8.5))


def _draw_cards(canvas: Canvas, figures: Sequence[tuple[str, str]], top: float) -> float:
    gap = millimetres(3)
    width = (_WIDTH - gap * (len(figures) - 1)) / len(figures)
    for index, (number, label) in enumerate(figures):
        left = _LEFT + index * (width + gap)
        canvas.setFillColorRGB(*_SHADE)
        canvas.roundRect(left, top - _CARD, width, _CARD, 4, stroke=0, fill=1)
        canvas.setFillColorRGB(*_BLUE)
        inner = Box(left + 4, top - 6, width - 8, millimetres(8))
        draw_text(canvas, number, inner, Style(15, BOLD, Align.CENTER))
        canvas.setFillColorRGB(*_INK)
        draw_text(
            canvas, label, Box(left + 4, top - millimetres(10), width - 8, millimetres(8)), Style(8, align=Align.CENTER)
        )
    return top - _CARD


def _draw_chart(
    canvas: Canvas, title: str, bars: Sequence[tuple[DayBar, float]], top: float, told: Callable[[float], str]
) -> float:
    """Bars over the days of the month, each with its value; days without sending are shaded."""
    below = draw_text(canvas, title, Box(_LEFT, top, _WIDTH, millimetres(6)), Style(10, BOLD)) - millimetres(4)
    floor = below - _CHART
    width = _WIDTH / len(bars)
    highest = max((value for _, value in bars), default=0.0) or 1.0
    for index, (bar, value) in enumerate(bars):
        left = _LEFT + index * width
        if not bar.sending:
            canvas.setFillColorRGB(*_SHADE)
            canvas.rect(left, floor, width, _CHART, stroke=0, fill=1)
        height = value / highest * (_CHART - millimetres(4))
        canvas.setFillColorRGB(*_BLUE)
        canvas.rect(left + width * 0.15, floor, width * 0.7, height, stroke=0, fill=1)
        canvas.setFillColorRGB(*_INK)
        _centred(canvas, left + width / 2, floor + height + 2, told(value) if value else "")
        _centred(canvas, left + width / 2, floor - 8, str(bar.day))
    rule(canvas, (_LEFT, floor), (_LEFT + _WIDTH, floor), 0.5)
    return floor - 10


def _centred(canvas: Canvas, middle: float, baseline: float, text: str) -> None:
    canvas.setFont(REGULAR, _LABEL_SIZE)
    put_line(canvas, middle - text_width(text, REGULAR, _LABEL_SIZE) / 2, baseline, text)


def _thousands(value: float) -> str:
    """``12,3`` or ``1234``: thousands, so short that 31 of them stand side by side."""
    return f"{value / 1000:.1f}".replace(".", ",") if value < _HUNDRED_THOUSAND else f"{value / 1000:.0f}"


def _draw_listing(canvas: Canvas, part: _Placed) -> float:
    draw_text(canvas, part.title, Box(_LEFT, part.top, _WIDTH, _CAPTION), Style(10.5, BOLD))
    return part.table.draw(canvas, part.chunks, part.top - _CAPTION)


def _draw_other_head(canvas: Canvas, report: HindsightReport) -> None:
    half = _WIDTH * 0.5 - millimetres(2)
    draw_text(canvas, report.company.name, Box(_LEFT, _TOP, half, millimetres(6)), Style(10, BOLD))
    right = Box(_LEFT + _WIDTH - half, _TOP, half, millimetres(6))
    draw_text(canvas, report.title, right, Style(9, align=Align.RIGHT))


def _draw_foot(canvas: Canvas, report: HindsightReport, page: int, pages: int) -> None:
    top = _BOTTOM - millimetres(4)
    issued = f"Emitido em {instant_br(report.issued_at)} pelo Integrador"
    draw_text(canvas, issued, Box(_LEFT, top, _WIDTH * 0.7, millimetres(5)), Style(8))
    right = Box(_LEFT + _WIDTH * 0.7, top, _WIDTH * 0.3, millimetres(5))
    draw_text(canvas, f"página {page} de {pages}", right, Style(8, align=Align.RIGHT))
