"""Pages of the history report: the shop's header, the period, a table over as many landscape pages as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from integrator.documents.formats import phone_br, postal_code_br, tax_id_br
from integrator.documents.paper import BOLD, Align, Box, Style, draw_text, millimetres, new_canvas
from integrator.documents.table import Column, Row, RowKind, Table
from integrator.domain.message import Company

_TITLE = "Histórico de mensagens WhatsApp"
_PAGE = landscape(A4)
_LEFT = millimetres(10)
_WIDTH = _PAGE[0] - 2 * _LEFT
_TOP = _PAGE[1] - millimetres(10)
_BOTTOM = millimetres(14)
_TABLE_TOP = _TOP - millimetres(24)
_SIZE = 7.5
_WIDTHS = (27, 119, 28, 36, 26)
"""Millimetres of every column but the last, which takes the rest."""


def draw_pages(
    company: Company, headings: Sequence[str], rows: Sequence[tuple[str, ...]], about: Sequence[str]
) -> bytes:
    """Draw the report: header and table head on every page, "página 1 de 3" below; ``about`` under the title."""
    table = Table(_columns(headings), _LEFT, _SIZE)
    room = _TABLE_TOP - table.head_height - _BOTTOM
    body = [Row(cells) for cells in rows] or [Row(("Nenhuma mensagem no período.",), RowKind.SECTION)]
    pages = table.paginate(body, room, room)
    buffer = BytesIO()
    canvas = new_canvas(buffer, _TITLE, company.name, _PAGE)
    for number, chunks in enumerate(pages, start=1):
        _draw_head(canvas, company, tuple(about))
        table.draw(canvas, chunks, _TABLE_TOP)
        foot = Box(_LEFT, _BOTTOM - 4, _WIDTH, millimetres(5))
        draw_text(canvas, f"página {number} de {len(pages)}", foot, Style(8, align=Align.RIGHT))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _columns(headings: Sequence[str]) -> tuple[Column, ...]:
    widths = [millimetres(width) for width in _WIDTHS]
    widths.append(_WIDTH - sum(widths))
    return tuple(Column(heading, width) for heading, width in zip(headings, widths, strict=True))


def _draw_head(canvas: Canvas, company: Company, about: tuple[str, ...]) -> None:
    side = millimetres(80)
    main = _WIDTH - side
    below = draw_text(canvas, company.name, Box(_LEFT, _TOP, main, millimetres(7)), Style(13, BOLD)) - 1
    draw_text(canvas, _company_lines(company), Box(_LEFT, below, main, millimetres(14)), Style(8.5))
    right = Box(_LEFT + main, _TOP, side, millimetres(7))
    below = draw_text(canvas, _TITLE, right, Style(12, BOLD, Align.RIGHT)) - 1
    draw_text(canvas, about, Box(right.left, below, side, millimetres(15)), Style(9, align=Align.RIGHT))


def _company_lines(company: Company) -> tuple[str, ...]:
    """Every item of the header with its name, as the reports of ERPs show it; what is empty is skipped."""
    address = company.address
    city = "-".join(filter(None, (address.city, address.state)))
    legal = company.legal_name if company.legal_name != company.name else ""
    return (
        _joined((("", legal), ("", tax_id_br(company.tax_id)))),
        _joined((("Endereço: ", address.street), ("Bairro: ", address.district), ("Cidade: ", city))),
        _joined(
            (
                ("CEP: ", postal_code_br(address.postal_code)),
                ("Fone: ", phone_br(company.phone)),
                ("Celular: ", phone_br(company.mobile)),
                ("E-mail: ", company.email),
            )
        ),
    )


def _joined(items: tuple[tuple[str, str], ...]) -> str:
    return "  ·  ".join(f"{label}{value}" for label, value in items if value.strip())
