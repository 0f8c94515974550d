"""The ficha de compensação, as banks' readers and clerks expect it: at the bottom of an A4 page, or on a carnê's slip.

Measures of the page: ficha 106.5 mm high under the cut line, barcode 103 x 13 mm, 5 mm from the ficha's left edge and
12 mm from the bottom of the paper, bank code with DV 5 mm high between rules of 1.2 mm, linha digitável 3.5 mm high
(print specifications of Banco do Brasil, Caixa 67.119 and Santander v2.8).
"""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.boleto_data import BoletoData
from integrator.documents.cells import FULL, PADDING, Field, Print, draw_bank_strip, draw_field, draw_row
from integrator.documents.paper import BOLD, PAGE_WIDTH, REGULAR, Align, Box, Style, draw_text, millimetres, rule
from integrator.documents.symbols import draw_itf

LEFT = millimetres(10)
WIDTH = PAGE_WIDTH - 2 * LEFT
CUT = millimetres(106.5)
_FULL_MAIN = 145.0
"""Millimetres of the left part of a whole page's ficha: its columns keep their shares of it on smaller ones."""

_BAR_WIDTH, _BAR_HEIGHT = millimetres(103), millimetres(13)
_BAR_INDENT = millimetres(5)


@dataclass(frozen=True, slots=True)
class Form:
    """Where a ficha stands and its measures in points: ``barcode_top`` is the upper edge of the bars.

    ``heights`` are those of the rows above the instructions, of one of the five cells beside these, of the payer's.
    """

    left: float
    top: float
    width: float
    side: float
    heights: tuple[float, float, float, float, float, float]
    barcode_top: float
    sizes: Print = FULL

    @property
    def main(self) -> float:
        """Width of the part left of due date and amount."""
        return self.width - self.side

    def column(self, share: float) -> float:
        """The width of a column that is ``share`` millimetres wide on a whole page."""
        return self.main * share / _FULL_MAIN


PAGE_FORM = Form(
    left=LEFT,
    top=millimetres(105),
    width=WIDTH,
    side=millimetres(45),
    heights=(millimetres(8), millimetres(10), millimetres(7), millimetres(7), millimetres(5.7), millimetres(11)),
    barcode_top=millimetres(25),
)


def draw_page_ficha(canvas: Canvas, data: BoletoData) -> None:
    """Draw the cut line of a page and everything below it."""
    canvas.saveState()
    canvas.setDash(2, 2)
    rule(canvas, (millimetres(4), CUT), (PAGE_WIDTH - millimetres(4), CUT))
    canvas.restoreState()
    label = Box(LEFT, CUT + millimetres(2.6), WIDTH, millimetres(3))
    draw_text(canvas, "Corte na linha pontilhada", label, Style(5.6, align=Align.RIGHT))
    draw_ficha(canvas, data, PAGE_FORM)


def draw_ficha(canvas: Canvas, data: BoletoData, form: Form) -> None:
    """Draw a ficha from its strip to its barcode."""
    top = bottom = draw_bank_strip(canvas, data, Box(form.left, form.top, form.width, 0), form.sizes)
    for height, fields in zip(form.heights[:4], _rows(data, form), strict=True):
        bottom = draw_row(canvas, fields, form.left, bottom, height, form.sizes)
    bottom = _draw_instructions(canvas, data, form, bottom)
    bottom = _draw_payer(canvas, data, form, bottom)
    right = form.left + form.width
    rule(canvas, (right, top), (right, bottom))
    barcode = Box(form.left + _BAR_INDENT, form.barcode_top, _BAR_WIDTH, _BAR_HEIGHT)
    beside = barcode.left + barcode.width + millimetres(3)
    caption = Box(beside, bottom - 2, right - beside, 20)
    below = draw_text(canvas, "Autenticação mecânica", caption, Style(form.sizes.label, align=Align.RIGHT))
    caption = Box(beside, below - 1, right - beside, 9.5)
    draw_text(canvas, "FICHA DE COMPENSAÇÃO", caption, Style(8, BOLD, Align.RIGHT))
    draw_itf(canvas, data.barcode, barcode)


def _rows(data: BoletoData, form: Form) -> tuple[tuple[Field, ...], ...]:
    """The cells above the instructions."""
    right, column, main, side = Align.RIGHT, form.column, form.main, form.side
    return (
        (
            Field("Local de pagamento", data.payment_place, main),
            Field("Vencimento", data.due, side, right, True),
        ),
        (
            Field("Beneficiário", data.beneficiary, main),
            Field("Agência / Código do beneficiário", data.agency_account, side, right),
        ),
        (
            Field("Data do documento", data.issued, column(29)),
            Field("Nº do documento", data.document, column(46)),
            Field("Espécie doc.", data.species, column(20)),
            Field("Aceite", data.accepted, column(17)),
            Field("Data do processamento", data.issued, column(33)),
            Field("Nosso número", data.our_number, side, right),
        ),
        (
            Field("Uso do banco", "", column(29)),
            Field("Carteira", data.wallet, column(23)),
            Field("Espécie", "R$", column(23)),
            Field("Quantidade", "", column(37)),
            Field("Valor", "", column(33)),
            Field("(=) Valor do documento", data.amount, side, right, True),
        ),
    )


def _draw_instructions(canvas: Canvas, data: BoletoData, form: Form, top: float) -> float:
    labels = ("(-) Desconto / Abatimento", "(-) Outras deduções", "(+) Mora / Multa", "(+) Outros acréscimos")
    height = form.heights[4]
    label = "Instruções (texto de responsabilidade do beneficiário)"
    draw_field(canvas, Field(label, data.instructions, form.main), form.left, top, height * 5, form.sizes)
    bottom = top
    for name in (*labels, "(=) Valor cobrado"):
        cell = (Field(name, "", form.side),)
        bottom = draw_row(canvas, cell, form.left + form.main, bottom, height, form.sizes)
    return bottom


def _draw_payer(canvas: Canvas, data: BoletoData, form: Form, top: float) -> float:
    height, last_line, sizes = form.heights[5], millimetres(4), form.sizes
    bottom = top - height
    rule(canvas, (form.left, top), (form.left, bottom))
    rule(canvas, (form.left, bottom), (form.left + form.width, bottom))
    inner, left = form.width - 2 * PADDING, form.left + PADDING
    draw_text(canvas, "Pagador", Box(left, top - 0.6, inner, sizes.label_room), Style(sizes.label))
    indent = form.column(14)
    room = Box(left + indent, top - 1.2, inner - indent, height - last_line)
    draw_text(canvas, data.payer, room, Style(sizes.value, REGULAR))
    last = Box(left, bottom + last_line, inner - millimetres(32), last_line)
    draw_text(canvas, f"Sacador / Avalista: {data.guarantor}", last, Style(sizes.label, on_floor=True))
    code = Box(left + inner - millimetres(30), last.top, millimetres(20), last_line)
    draw_text(canvas, "Cód. baixa:", code, Style(sizes.label, on_floor=True))
    return bottom
