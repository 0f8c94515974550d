"""The ficha de compensação, as banks' readers and clerks expect it, at the bottom of an A4 page.

Measures: ficha 106.5 mm high under the cut line, barcode 103 x 13 mm, 5 mm from the ficha's left edge and 12 mm from
the bottom of the paper, bank code with DV 5 mm high between rules of 1.2 mm, linha digitável 3.5 mm high (print
specifications of Banco do Brasil, Caixa 67.119 and Santander v2.8).
"""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.boleto_data import BoletoData
from integrator.documents.paper import BOLD, PAGE_WIDTH, REGULAR, Align, Box, Style, draw_text, millimetres, rule
from integrator.documents.symbols import draw_itf

LEFT = millimetres(10)
WIDTH = PAGE_WIDTH - 2 * LEFT
CUT = millimetres(106.5)
_TOP = millimetres(105)
_STRIP = millimetres(7)
_SIDE = millimetres(45)
_MAIN = WIDTH - _SIDE
_BARCODE = Box(LEFT + millimetres(5), millimetres(25), millimetres(103), millimetres(13))
_PADDING = millimetres(0.9)
_LABEL = 5.4
_LABEL_ROOM = millimetres(2.4)
_VALUE = 8.6
_BANK_CODE = 19.7
_LINHA = 13.85
_THICK = millimetres(1.2)
_CODE_WIDTH = millimetres(25)
_LINHA_WIDTH = millimetres(139.5)


@dataclass(frozen=True, slots=True)
class Field:
    """One framed cell: caption above, value below."""

    label: str
    value: str | tuple[str, ...]
    width: float
    align: Align = Align.LEFT
    bold: bool = False


def draw_field(canvas: Canvas, field: Field, left: float, top: float, height: float) -> None:
    """Draw a cell's frame on its right and bottom, its caption and its value."""
    right, bottom = left + field.width, top - height
    rule(canvas, (left, bottom), (right, bottom))
    rule(canvas, (left, top), (left, bottom))
    inner = field.width - 2 * _PADDING
    draw_text(canvas, field.label, Box(left + _PADDING, top - 0.2, inner, _LABEL_ROOM), Style(_LABEL))
    room = Box(left + _PADDING, top - _LABEL_ROOM, inner, height - _LABEL_ROOM - 0.5)
    draw_text(canvas, field.value, room, Style(_VALUE, BOLD if field.bold else REGULAR, field.align))


def draw_row(canvas: Canvas, fields: tuple[Field, ...], left: float, top: float, height: float) -> float:
    """Draw cells side by side; returns the bottom of the row."""
    for field in fields:
        draw_field(canvas, field, left, top, height)
        left += field.width
    return top - height


def draw_bank_strip(canvas: Canvas, data: BoletoData, top: float) -> float:
    """Bank, its code with DV and the linha digitável over a thick rule; returns the strip's bottom."""
    bottom = top - _STRIP
    code_left = LEFT + WIDTH - _LINHA_WIDTH - _CODE_WIDTH
    name_room = Box(LEFT, top - 1, code_left - LEFT - millimetres(2), _STRIP - 3)
    draw_text(canvas, data.bank_name, name_room, Style(11, BOLD, on_floor=True))
    for x in (code_left + _THICK / 2, code_left + _CODE_WIDTH - _THICK / 2):
        rule(canvas, (x, top), (x, bottom), _THICK)
    code_room = Box(code_left, top - 1.2, _CODE_WIDTH, _STRIP)
    draw_text(canvas, data.bank_code, code_room, Style(_BANK_CODE, BOLD, Align.CENTER))
    linha_room = Box(code_left + _CODE_WIDTH, top - 4.2, _LINHA_WIDTH, _STRIP)
    draw_text(canvas, data.linha, linha_room, Style(_LINHA, BOLD, Align.RIGHT))
    rule(canvas, (LEFT, bottom), (LEFT + WIDTH, bottom), 1)
    return bottom


def draw_ficha(canvas: Canvas, data: BoletoData) -> None:
    """Draw everything below the cut line."""
    _draw_cut(canvas)
    bottom = draw_bank_strip(canvas, data, _TOP)
    top = bottom
    for height, fields in _rows(data):
        bottom = draw_row(canvas, fields, LEFT, bottom, millimetres(height))
    bottom = _draw_instructions(canvas, data, bottom)
    bottom = _draw_payer(canvas, data, bottom)
    rule(canvas, (LEFT + WIDTH, top), (LEFT + WIDTH, bottom))
    caption = Box(_BARCODE.left + _BARCODE.width, bottom - 2, LEFT + WIDTH - _BARCODE.left - _BARCODE.width, 20)
    below = draw_text(canvas, "Autenticação mecânica", caption, Style(_LABEL, align=Align.RIGHT))
    caption = Box(caption.left, below - 1, caption.width, 20)
    draw_text(canvas, "FICHA DE COMPENSAÇÃO", caption, Style(8, BOLD, Align.RIGHT))
    draw_itf(canvas, data.barcode, _BARCODE)


def _draw_cut(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setDash(2, 2)
    rule(canvas, (millimetres(4), CUT), (PAGE_WIDTH - millimetres(4), CUT))
    canvas.restoreState()
    label = Box(LEFT, CUT + millimetres(2.6), WIDTH, millimetres(3))
    draw_text(canvas, "Corte na linha pontilhada", label, Style(5.6, align=Align.RIGHT))


def _rows(data: BoletoData) -> tuple[tuple[float, tuple[Field, ...]], ...]:
    """Heights in millimetres and cells above the instructions."""
    right = Align.RIGHT
    return (
        (
            8.0,
            (Field("Local de pagamento", data.payment_place, _MAIN), Field("Vencimento", data.due, _SIDE, right, True)),
        ),
        (
            10.0,
            (
                Field("Beneficiário", data.beneficiary, _MAIN),
                Field("Agência / Código do beneficiário", data.agency_account, _SIDE, right),
            ),
        ),
        (
            7.0,
            (
                Field("Data do documento", data.issued, millimetres(29)),
                Field("Nº do documento", data.document, millimetres(46)),
                Field("Espécie doc.", data.species, millimetres(20)),
                Field("Aceite", data.accepted, millimetres(17)),
                Field("Data do processamento", data.issued, _MAIN - millimetres(112)),
                Field("Nosso número", data.our_number, _SIDE, right),
            ),
        ),
        (
            7.0,
            (
                Field("Uso do banco", "", millimetres(29)),
                Field("Carteira", data.wallet, millimetres(23)),
                Field("Espécie", "R$", millimetres(23)),
                Field("Quantidade", "", millimetres(37)),
                Field("Valor", "", _MAIN - millimetres(112)),
                Field("(=) Valor do documento", data.amount, _SIDE, right, True),
            ),
        ),
    )


def _draw_instructions(canvas: Canvas, data: BoletoData, top: float) -> float:
    labels = ("(-) Desconto / Abatimento", "(-) Outras deduções", "(+) Mora / Multa", "(+) Outros acréscimos")
    height = millimetres(5.7)
    label = "Instruções (texto de responsabilidade do beneficiário)"
    draw_field(canvas, Field(label, data.instructions, _MAIN), LEFT, top, height * 5)
    bottom = top
    for name in (*labels, "(=) Valor cobrado"):
        bottom = draw_row(canvas, (Field(name, "", _SIDE),), LEFT + _MAIN, bottom, height)
    return bottom


def _draw_payer(canvas: Canvas, data: BoletoData, top: float) -> float:
    height, last_line = millimetres(11), millimetres(4)
    bottom = top - height
    rule(canvas, (LEFT, top), (LEFT, bottom))
    rule(canvas, (LEFT, bottom), (LEFT + WIDTH, bottom))
    inner = WIDTH - 2 * _PADDING
    left = LEFT + _PADDING
    draw_text(canvas, "Pagador", Box(left, top - 0.2, inner, _LABEL_ROOM), Style(_LABEL))
    room = Box(left + millimetres(14), top - 1.2, inner - millimetres(14), height - last_line)
    draw_text(canvas, data.payer, room, Style(_VALUE))
    last = Box(left, bottom + last_line, inner - millimetres(32), last_line)
    draw_text(canvas, f"Sacador / Avalista: {data.guarantor}", last, Style(_LABEL, on_floor=True))
    code = Box(left + inner - millimetres(30), last.top, millimetres(20), last_line)
    draw_text(canvas, "Cód. baixa:", code, Style(_LABEL, on_floor=True))
    return bottom
