"""The framed cells of bank papers, and the strip with the bank's code and the linha digitável above them."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.boleto_data import BoletoData
from integrator.documents.paper import BOLD, REGULAR, Align, Box, Style, draw_text, millimetres, rule

PADDING = millimetres(0.9)
_LABEL_DROP = 0.6
_LABEL_LEADING = 1.26


@dataclass(frozen=True, slots=True)
class Print:
    """Sizes of type in points: captions, values, bank's code, linha digitável; lengths of the strip in points."""

    label: float
    value: float
    bank_code: float
    linha: float
    bank_name: float
    strip: float
    code_width: float
    linha_width: float
    bar: float

    @property
    def label_room(self) -> float:
        """Height that a cell's caption takes."""
        return self.label * _LABEL_LEADING


FULL = Print(
    label=5.4,
    value=8.6,
    bank_code=19.7,
    linha=13.85,
    bank_name=11,
    strip=millimetres(7),
    code_width=millimetres(25),
    linha_width=millimetres(139.5),
    bar=millimetres(1.2),
)
"""The print that the banks' specifications ask of a whole page: code 5 mm high, linha 3.5 mm, rules of 1.2 mm."""


@dataclass(frozen=True, slots=True)
class Field:
    """One framed cell: caption above, value below."""

    label: str
    value: str | tuple[str, ...]
    width: float
    align: Align = Align.LEFT
    bold: bool = False


def draw_field(canvas: Canvas, field: Field, left: float, top: float, height: float, sizes: Print = FULL) -> None:
    """Draw a cell's frame on its left and bottom, its caption and its value."""
    right, bottom = left + field.width, top - height
    rule(canvas, (left, bottom), (right, bottom))
    rule(canvas, (left, top), (left, bottom))
    inner = field.width - 2 * PADDING
    label = Box(left + PADDING, top - _LABEL_DROP, inner, sizes.label_room)
    draw_text(canvas, field.label, label, Style(sizes.label))
    room = Box(left + PADDING, top - sizes.label_room, inner, height - sizes.label_room - 0.5)
    draw_text(canvas, field.value, room, Style(sizes.value, BOLD if field.bold else REGULAR, field.align))


def draw_row(
    canvas: Canvas, fields: tuple[Field, ...], left: float, top: float, height: float, sizes: Print = FULL
) -> float:
    """Draw cells side by side; returns the bottom of the row."""
    for field in fields:
        draw_field(canvas, field, left, top, height, sizes)
        left += field.width
    return top - height


def draw_bank_strip(canvas: Canvas, data: BoletoData, place: Box, sizes: Print = FULL) -> float:
    """Bank, its code with DV and the linha digitável over a thick rule; returns the strip's bottom.

    Of ``place`` counts the left and top edge and the width.
    """
    left, top, right = place.left, place.top, place.left + place.width
    bottom = top - sizes.strip
    code_left = right - sizes.linha_width - sizes.code_width
    name_room = Box(left, top - 1, code_left - left - millimetres(2), sizes.strip - 3)
    draw_text(canvas, data.bank_name, name_room, Style(sizes.bank_name, BOLD, on_floor=True))
    for x in (code_left + sizes.bar / 2, code_left + sizes.code_width - sizes.bar / 2):
        rule(canvas, (x, top), (x, bottom), sizes.bar)
    _centred(canvas, data.bank_code, Box(code_left, top, sizes.code_width, sizes.strip), sizes.bank_code, Align.CENTER)
    linha_room = Box(code_left + sizes.code_width, top, sizes.linha_width, sizes.strip)
    _centred(canvas, data.linha, linha_room, sizes.linha, Align.RIGHT)
    rule(canvas, (left, bottom), (right, bottom), 1)
    return bottom


def _centred(canvas: Canvas, text: str, room: Box, size: float, align: Align) -> None:
    """One line of digits at mid-height; digits are 0.718 of their size high and start 0.74 below the line's top."""
    above = (room.height - 0.718 * size) / 2
    top = room.top - above + (0.74 - 0.718) * size
    draw_text(canvas, text, Box(room.left, top, room.width, room.height + size), Style(size, BOLD, align))
