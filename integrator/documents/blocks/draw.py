"""A block document as PDF: letterhead, what the law asks, the model's blocks, and a foot with page numbers.

Imports reportlab: only to be imported where something is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Final, assert_never

from reportlab.lib.colors import Color, HexColor, black
from reportlab.lib.pagesizes import A4, A5
from reportlab.pdfgen.canvas import Canvas

from integrator.documents.blocks.content import (
    Block,
    Fields,
    Gap,
    Heading,
    Listing,
    Notice,
    PageBreak,
    Paragraphs,
    PixCodes,
    Rule,
    Side,
    Signatures,
    Totals,
)
from integrator.documents.blocks.flow import Flow, Frame
from integrator.documents.blocks.grid import put_grid
from integrator.documents.blocks.listing import put_listing
from integrator.documents.blocks.model import DocumentModel, Look
from integrator.documents.blocks.rich import Column, Line, draw_lines, height_of, set_lines
from integrator.documents.blocks.rules import ESTIMATE, check_fine, creditor_line, prints_estimate
from integrator.documents.blocks.simple import Pen, put_simple, put_space
from integrator.documents.formats import is_reserved_name, slug
from integrator.documents.letterhead import draw_letterhead
from integrator.documents.paper import BOLD, Align, Box, Style, draw_text, millimetres, new_canvas, rule
from integrator.documents.supplier import check_supplier
from integrator.domain.errors import DocumentError, MissingValue
from integrator.domain.message import Company
from integrator.messages.render import holds
from integrator.messages.schema import Values

_SIZES: Final = {"a4": A4, "a5": A5}
_TOP: Final = millimetres(12)
_HEAD: Final = millimetres(21)
_OTHER_HEAD: Final = millimetres(8)
_BELOW_HEAD: Final = millimetres(3.5)
_FLOOR: Final = millimetres(9)
_ABOVE_FOOT: Final = millimetres(4)
_PAGE_NUMBER: Final = millimetres(30)
_FOOT_SIZE: Final = 8.0
_CREDITOR_SIZE: Final = 9.0
_MAX_NAME: Final = 80
_LOOK: Final = Look()
#: WCAG AA: a paler colour is kept for lines, and headings are black.
_CONTRAST: Final = 4.5


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The paper with everything that is not a block: what stands above and below them."""

    company: Company
    title: str
    customer: str
    creditor: Sequence[Line]
    foot: Sequence[Line]
    size: tuple[float, float]
    margin: float
    colour: Color

    @property
    def width(self) -> float:
        return self.size[0] - 2 * self.margin

    @property
    def top(self) -> float:
        return self.size[1] - _TOP

    @property
    def foot_height(self) -> float:
        return max(sum(height_of(line, _FOOT_SIZE) for line in self.foot), _FOOT_SIZE * 1.2)

    @property
    def frame(self) -> Frame:
        creditor = sum(height_of(line, _CREDITOR_SIZE) for line in self.creditor)
        first = self.top - _HEAD - _BELOW_HEAD - (creditor + 4 if creditor else 0)
        other = self.top - _OTHER_HEAD - _BELOW_HEAD
        return Frame(self.margin, self.width, first, other, _FLOOR + self.foot_height + _ABOVE_FOOT)


def draw_document(
    model: DocumentModel, company: Company, values: Values, *, seed: int = 0, look: Look = _LOOK
) -> bytes:
    """The document's PDF; equal input gives equal bytes. ``values`` as of ``messages.values.message_values``.

    Raises :class:`MissingValue` for a variable without value, :class:`DocumentError` for an empty list that the model
    needs, for data that cannot be laid out and where the law asks for more than the data has, and ``DigitsError`` for
    a PIX code that disagrees with its title.
    """
    _check(model, company, values)
    try:
        sheet = _sheet(model, company, values, seed, look)
        flow = Flow(sheet.frame)
        pen = Pen(flow, values, seed, _ink(sheet.colour))
        for block in model.layout.blocks:
            if not block.shown_if or holds(values.get(block.shown_if)):
                _put(pen, block)
    except MissingValue as error:
        raise MissingValue(f"Documento “{model.title}”: {error.message}", detail=error.detail) from error
    except DocumentError as error:
        raise DocumentError(f"Documento “{model.title}”: {error.message}", detail=error.detail) from error
    return _drawn(sheet, flow)


def document_file_name(model: DocumentModel, values: Values, on: date) -> str:
    """``orcamento-1234-2026-11-20.pdf``: plain ASCII, safe on every system.

    What the model's file name says, where its values are there, else the document's own name.
    """
    text = model.layout.file_name
    told = text.line(values, 0) if text.nodes and text.has_values(values, 0) else ""
    stem = slug(told)[:_MAX_NAME].rstrip("-._") or slug(model.name)
    if is_reserved_name(stem):
        stem = f"documento-{stem}"
    return f"{stem}-{on:%Y-%m-%d}.pdf"


def _check(model: DocumentModel, company: Company, values: Values) -> None:
    for name in model.needs:
        if not values.get(name):
            raise DocumentError(
                f"Documento “{model.title}”: a lista “{name}” está vazia, e o documento não existe sem ela. Inclua no "
                "ERP e libere a mensagem."
            )
    if model.collects:
        check_supplier(company)
        check_fine(values)


def _sheet(model: DocumentModel, company: Company, values: Values, seed: int, look: Look) -> _Sheet:
    layout = model.layout
    size = _SIZES[layout.page]
    margin = millimetres(layout.margin)
    width = size[0] - 2 * margin
    notes = [layout.foot.render(values, seed)] if layout.foot else []
    notes += [ESTIMATE] if prints_estimate(layout, values) else []
    creditor = creditor_line(company, values) if model.collects else ""
    return _Sheet(
        company=company,
        title=model.title,
        customer=str(values.get("cliente") or ""),
        creditor=set_lines(f"Credor: {creditor}", _CREDITOR_SIZE, width) if creditor else (),
        foot=[line for note in notes for line in set_lines(note, _FOOT_SIZE, width - _PAGE_NUMBER)],
        size=size,
        margin=margin,
        colour=HexColor(look.colour),
    )


def _put(pen: Pen, block: Block) -> None:
    match block:
        case Heading() | Paragraphs() | Notice() | PixCodes():
            put_simple(pen, block)
        case Fields() | Totals() | Signatures():
            put_grid(pen, block)
        case Listing():
            put_listing(pen, block)
        case Rule() | Gap() | PageBreak():
            put_space(pen, block)
        case _:
            assert_never(block)


def _drawn(sheet: _Sheet, flow: Flow) -> bytes:
    buffer = BytesIO()
    about = f"{sheet.title} - {sheet.customer}" if sheet.customer else sheet.title
    canvas = new_canvas(buffer, about, sheet.company.name, sheet.size)
    for number, placed in enumerate(flow.pages, start=1):
        if number == 1:
            _draw_first_head(canvas, sheet)
        else:
            _draw_other_head(canvas, sheet, about)
        for draw, top in placed:
            draw(canvas, top)
        _draw_foot(canvas, sheet, number, len(flow.pages))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_first_head(canvas: Canvas, sheet: _Sheet) -> None:
    draw_letterhead(canvas, sheet.company, Box(sheet.margin, sheet.top, sheet.width, _HEAD - 4))
    top = sheet.top - _HEAD
    _draw_coloured_rule(canvas, sheet, top)
    draw_lines(canvas, sheet.creditor, Column(sheet.margin, sheet.width, Side.LEFT), top - 4, _CREDITOR_SIZE)


def _draw_other_head(canvas: Canvas, sheet: _Sheet, about: str) -> None:
    half = sheet.width * 0.5 - millimetres(2)
    box = Box(sheet.margin, sheet.top, half, _OTHER_HEAD - 4)
    draw_text(canvas, sheet.company.name, box, Style(10, BOLD))
    right = Box(sheet.margin + sheet.width - half, sheet.top, half, _OTHER_HEAD - 4)
    draw_text(canvas, about, right, Style(9, align=Align.RIGHT))
    _draw_coloured_rule(canvas, sheet, sheet.top - _OTHER_HEAD)


def _draw_coloured_rule(canvas: Canvas, sheet: _Sheet, top: float) -> None:
    canvas.setStrokeColor(sheet.colour)
    rule(canvas, (sheet.margin, top), (sheet.margin + sheet.width, top), 1.5)
    canvas.setStrokeColor(black)


def _draw_foot(canvas: Canvas, sheet: _Sheet, number: int, total: int) -> None:
    top = _FLOOR + sheet.foot_height
    draw_lines(canvas, sheet.foot, Column(sheet.margin, sheet.width - _PAGE_NUMBER, Side.LEFT), top, _FOOT_SIZE)
    page = Box(sheet.margin + sheet.width - _PAGE_NUMBER, top, _PAGE_NUMBER, _FOOT_SIZE * 1.2)
    draw_text(canvas, f"página {number} de {total}", page, Style(_FOOT_SIZE, align=Align.RIGHT))


def _ink(colour: Color) -> Color:
    """The colour where it can be read on white, else black."""
    parts = (colour.red, colour.green, colour.blue)
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return colour if 1.05 / (luminance + 0.05) >= _CONTRAST else black
