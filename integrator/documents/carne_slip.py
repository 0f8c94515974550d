"""One slip of a carnê: the customer's recibo at the left of the dotted line, the ficha at its right."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.boleto_data import BoletoData
from integrator.documents.cells import Field, Print, draw_row
from integrator.documents.ficha import Form, draw_ficha
from integrator.documents.paper import BOLD, PAGE_HEIGHT, PAGE_WIDTH, Align, Box, Style, draw_text, millimetres, rule
from integrator.documents.symbols import draw_qr
from integrator.domain.message import Company

_SLIP = millimetres(99)
_MARGIN = millimetres(5)
_STUB_LEFT, _STUB_WIDTH = millimetres(8), millimetres(44)
_FICHA_LEFT, _FICHA_WIDTH, _FICHA_SIDE = millimetres(56), millimetres(146), millimetres(38)
_BARCODE_DROP = millimetres(75.3)
"""From the slip's upper margin to the bars, 1.5 mm below the payer's row."""

_HEIGHT = millimetres(88.3)
_QR = millimetres(36)
_NOTES = millimetres(9)
_PRINT = Print(
    label=4.8,
    value=7.4,
    bank_code=13,
    linha=10.1,
    bank_name=9,
    strip=millimetres(6.8),
    code_width=millimetres(17),
    linha_width=millimetres(103),
    bar=millimetres(0.9),
)
_HEIGHTS = (
    millimetres(6.5),
    millimetres(9.5),
    millimetres(6.5),
    millimetres(6.5),
    millimetres(5.4),
    millimetres(11),
)


def draw_slip(canvas: Canvas, company: Company, data: BoletoData, place: int) -> None:
    """Draw the slip at its ``place`` on the page, 0 at the top, with the lines to cut along."""
    paper_top = PAGE_HEIGHT - place * _SLIP
    top = paper_top - _MARGIN
    _draw_cuts(canvas, paper_top)
    draw_ficha(
        canvas,
        data,
        Form(_FICHA_LEFT, top, _FICHA_WIDTH, _FICHA_SIDE, _HEIGHTS, top - _BARCODE_DROP, _PRINT),
    )
    _draw_stub(canvas, company, data, top)


def _draw_cuts(canvas: Canvas, paper_top: float) -> None:
    """Between recibo and ficha, and below the slip unless the paper ends there."""
    between = (_STUB_LEFT + _STUB_WIDTH + _FICHA_LEFT) / 2
    bottom = paper_top - _SLIP
    canvas.saveState()
    canvas.setDash(2, 2)
    rule(canvas, (between, paper_top - millimetres(3)), (between, bottom + millimetres(3)))
    if bottom > 1:
        rule(canvas, (millimetres(4), bottom), (PAGE_WIDTH - millimetres(4), bottom))
    canvas.restoreState()


def _draw_stub(canvas: Canvas, company: Company, data: BoletoData, top: float) -> None:
    name = Box(_STUB_LEFT, top, _STUB_WIDTH, millimetres(6.2))
    draw_text(canvas, company.name, name, Style(9.5, BOLD, on_floor=True))
    first = bottom = top - _PRINT.strip
    rule(canvas, (_STUB_LEFT, bottom), (_STUB_LEFT + _STUB_WIDTH, bottom), 1)
    for height, fields in _rows(data):
        bottom = draw_row(canvas, fields, _STUB_LEFT, bottom, millimetres(height), _PRINT)
    right = _STUB_LEFT + _STUB_WIDTH
    rule(canvas, (right, first), (right, bottom))
    caption = Box(_STUB_LEFT, bottom - 1.5, _STUB_WIDTH, millimetres(3))
    below = draw_text(canvas, "Recibo do pagador - Autenticação mecânica", caption, Style(_PRINT.label)) - 1.5
    if data.notes:
        below = draw_text(canvas, data.notes, Box(_STUB_LEFT, below, _STUB_WIDTH, _NOTES), Style(6.2, BOLD)) - 1.5
    if data.pix:
        _draw_pix(canvas, data.pix, below, top - _HEIGHT)


def _rows(data: BoletoData) -> tuple[tuple[float, tuple[Field, ...]], ...]:
    """Heights in millimetres and cells: what a recibo must tell, and who the supplier is.

    The payer's address stands in the ficha alone: there is more need of room for long names.
    """
    right, half = Align.RIGHT, _STUB_WIDTH / 2
    supplier = (*data.beneficiary, f"Sacador / Avalista: {data.guarantor}" if data.guarantor else "")
    return (
        (
            7.0,
            (
                Field("Vencimento", data.due, half, bold=True),
                Field("(=) Valor do documento", f"R$ {data.amount}", half, right, True),
            ),
        ),
        (6.0, (Field("Nº do documento", data.document, _STUB_WIDTH),)),
        (
            6.5,
            (
                Field("Agência / Cód. beneficiário", data.agency_account, half),
                Field("Nosso número", data.our_number, half, right),
            ),
        ),
        (12.0, (Field("Beneficiário", supplier, _STUB_WIDTH),)),
        (9.5, (Field("Pagador", data.payer[:1], _STUB_WIDTH),)),
    )


def _draw_pix(canvas: Canvas, pix: str, top: float, bottom: float) -> None:
    """As large as the room above the slip's lower edge allows, in the middle, its caption below."""
    caption = millimetres(3)
    side = min(_QR, top - bottom - caption)
    draw_qr(canvas, pix, Box(_STUB_LEFT + (_STUB_WIDTH - side) / 2, top, side, side))
    text = Box(_STUB_LEFT, top - side, _STUB_WIDTH, caption)
    draw_text(canvas, "Pague com PIX", text, Style(7.4, BOLD, Align.CENTER))
