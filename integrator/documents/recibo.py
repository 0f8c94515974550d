"""The recibo do pagador: the upper part of a boleto's page, which the customer keeps.

It carries what the rules of banks ask of a recibo (beneficiary, agência/código, nosso número, amount, due date,
payer), the shop's letterhead (CDC art. 42-A), the PIX QR and what is told besides the registered figures.
"""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.boleto_data import BoletoData
from integrator.documents.cells import Field, draw_bank_strip, draw_row
from integrator.documents.ficha import CUT, LEFT, WIDTH
from integrator.documents.letterhead import draw_letterhead
from integrator.documents.paper import BOLD, PAGE_HEIGHT, Align, Box, Style, draw_text, millimetres, rule
from integrator.documents.symbols import draw_qr
from integrator.domain.message import Company

_TOP = PAGE_HEIGHT - millimetres(11)
_HEAD = millimetres(26)
_STRIP_TOP = PAGE_HEIGHT - millimetres(42)
_SIDE = millimetres(45)
_MAIN = WIDTH - _SIDE
_QR = millimetres(46)
_QUIET = millimetres(2.5)
_GAP = millimetres(5)
_NOTES = millimetres(28)


def draw_recibo(canvas: Canvas, company: Company, data: BoletoData) -> None:
    """Draw everything above the cut line."""
    draw_letterhead(canvas, company, Box(LEFT, _TOP, WIDTH - millimetres(42), _HEAD))
    title = Box(LEFT + WIDTH - millimetres(40), _TOP, millimetres(40), millimetres(6))
    draw_text(canvas, "Recibo do pagador", title, Style(10, BOLD, Align.RIGHT))
    top = draw_bank_strip(canvas, data, Box(LEFT, _STRIP_TOP, WIDTH, 0))
    bottom = top
    for height, fields in _rows(data):
        bottom = draw_row(canvas, fields, LEFT, bottom, millimetres(height))
    rule(canvas, (LEFT + WIDTH, top), (LEFT + WIDTH, bottom))
    label = Box(LEFT, bottom - 3, WIDTH, millimetres(3))
    draw_text(canvas, "Autenticação mecânica", label, Style(5.6, align=Align.RIGHT))
    left = _draw_pix(canvas, data.pix, bottom - _GAP) if data.pix else LEFT
    top = bottom - _GAP - millimetres(4)
    width = LEFT + WIDTH - left
    below = draw_text(canvas, data.notes, Box(left, top, width, _NOTES), Style(9.5, BOLD)) if data.notes else top
    room = Box(left, below - 4, width, below - 4 - CUT - millimetres(7))
    draw_text(canvas, data.instructions, room, Style(8.6))


def _rows(data: BoletoData) -> tuple[tuple[float, tuple[Field, ...]], ...]:
    right = Align.RIGHT
    return (
        (
            13.0,
            (Field("Beneficiário", data.beneficiary, _MAIN), Field("Vencimento", data.due, _SIDE, right, True)),
        ),
        (
            13.0,
            (
                Field("Pagador", data.payer, _MAIN),
                Field("(=) Valor do documento", f"R$ {data.amount}", _SIDE, right, True),
            ),
        ),
        (
            8.0,
            (
                Field("Nº do documento", data.document, millimetres(52)),
                Field("Data do documento", data.issued, millimetres(33)),
                Field("Agência / Código do beneficiário", data.agency_account, _MAIN - millimetres(85)),
                Field("Nosso número", data.our_number, _SIDE, right),
            ),
        ),
    )


def _draw_pix(canvas: Canvas, pix: str, top: float) -> float:
    """Draw the QR and its caption; returns where the text beside it starts."""
    draw_qr(canvas, pix, Box(LEFT - _QUIET, top, _QR, _QR))
    left = LEFT + _QR
    caption = Box(left, top - millimetres(4), millimetres(48), millimetres(36))
    below = draw_text(canvas, "Pague com PIX", caption, Style(12, BOLD))
    text = "Abra o aplicativo do seu banco, escolha pagar com QR Code e aponte a câmera para este código."
    draw_text(canvas, text, Box(left, below - 3, caption.width, millimetres(26)), Style(9))
    return left + caption.width + _GAP
