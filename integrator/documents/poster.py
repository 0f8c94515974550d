"""The counter's poster: a large QR that opens a conversation with the shop, so that the customer writes first.

Who writes first has asked to be written to, and WhatsApp takes the shop for a contact that the customer knows. The page
is the shop's alone, black on white, for any printer.
"""

from __future__ import annotations

from io import BytesIO
from typing import Final
from urllib.parse import quote

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.letterhead import company_lines, logo_picture
from integrator.documents.paper import (
    BOLD,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Align,
    Box,
    Style,
    draw_text,
    millimetres,
    new_canvas,
    rule,
)
from integrator.documents.symbols import draw_qr
from integrator.domain.message import Company
from integrator.domain.phone import format_phone, with_ninth_digit

#: What the customer's WhatsApp offers to send.
GREETING: Final = "Quero receber meus boletos"
_LEFT: Final = millimetres(18)
_WIDTH: Final = PAGE_WIDTH - 2 * _LEFT
_TOP: Final = PAGE_HEIGHT - millimetres(16)
_LOGO: Final = (millimetres(90), millimetres(32))
_QR: Final = millimetres(150)
_FOOT: Final = millimetres(22)
_BELOW_QR: Final = millimetres(62)


def poster_link(number: str) -> str:
    """The address in the QR. ``number``: E.164 digits."""
    return f"https://wa.me/{number}?text={quote(GREETING)}"


def draw_poster(company: Company, number: str) -> bytes:
    """One A4 page as a PDF; equal input gives equal bytes. ``number``: E.164 digits of the shop's WhatsApp."""
    buffer = BytesIO()
    canvas = new_canvas(buffer, "Receba seus boletos pelo WhatsApp", company.name)
    top = _draw_shop(canvas, company) - millimetres(6)
    rule(canvas, (_LEFT, top), (_LEFT + _WIDTH, top), 1.2)
    top = _line(canvas, "Receba seus boletos pelo WhatsApp", top - millimetres(7), 22, 26)
    steps = "Aponte a câmera do celular para o código e envie a mensagem que aparece."
    top = _line(canvas, steps, top - millimetres(2), 16, 14, bold=False) - millimetres(1)
    # Whatever the logo leaves of the page makes the code larger, and with it the distance of the camera.
    side = min(_QR, top - _BELOW_QR)
    draw_qr(canvas, poster_link(number), Box((PAGE_WIDTH - side) / 2, top, side, side))
    top = _line(canvas, f"WhatsApp {_printed(number)}", top - side - millimetres(1), 14, 26)
    _line(canvas, f"Ou escreva “{GREETING}” para este número.", top - millimetres(2), 8, 13, bold=False)
    _line(canvas, "Para parar de receber, é só pedir à loja.", _FOOT + millimetres(8), 6, 10, bold=False)
    _line(canvas, company_lines(company), _FOOT, 11, 8, bold=False)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_shop(canvas: Canvas, company: Company) -> float:
    """Logo, if there is one that can be read, and name; returns the bottom edge."""
    top = _TOP
    logo = logo_picture(company.logo) if company.logo else None
    if logo:
        wide, high = logo.getSize()
        scale = min(_LOGO[0] / wide, _LOGO[1] / high)
        top -= high * scale
        canvas.drawImage(logo, (PAGE_WIDTH - wide * scale) / 2, top, wide * scale, high * scale)
        top -= millimetres(3)
    return _line(canvas, company.name, top, 22, 30)


def _line(
    canvas: Canvas, text: str | tuple[str, ...], top: float, height: float, size: float, *, bold: bool = True
) -> float:
    """Centred text, as large as fits in ``height`` millimetres; returns its bottom edge."""
    style = Style(size, BOLD, Align.CENTER) if bold else Style(size, align=Align.CENTER)
    return draw_text(canvas, text, Box(_LEFT, top, _WIDTH, millimetres(height)), style)


def _printed(number: str) -> str:
    return format_phone(with_ninth_digit(number))
