"""Pages of the statement of debts: letterhead, customer, a table with subtotals over as many as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.boleto_data import document_name
from integrator.documents.formats import date_br, number_br, tax_id_br
from integrator.documents.letterhead import draw_letterhead
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
from integrator.documents.table import Column, Row, RowKind, Table
from integrator.domain.message import Company, Customer, Title

_LEFT = millimetres(14)
_WIDTH = PAGE_WIDTH - 2 * _LEFT
_TOP = PAGE_HEIGHT - millimetres(12)
_HEAD = millimetres(26)
_FIRST_TABLE_TOP = PAGE_HEIGHT - millimetres(66)
_OTHER_TABLE_TOP = PAGE_HEIGHT - millimetres(22)
_BOTTOM = millimetres(26)
_SIZE = 8.5
_NOTE = "Se já pagou, desconsidere este demonstrativo."
"""Never a threat and never a surprise: the customer may have paid an hour ago (CDC art. 42)."""
_ESTIMATE = "* Valor atualizado: estimativa na data de emissão; o valor exato é calculado no pagamento."


def draw_pages(company: Company, customer: Customer, titles: Sequence[Title], on: date) -> bytes:
    """Draw the titles, given in the order of their due dates: head, table and "página 1 de 3" on every page."""
    with_estimate = any(title.updated_amount is not None for title in titles)
    table = Table(_columns(with_estimate), _LEFT, _SIZE)
    first = _FIRST_TABLE_TOP - table.head_height - _BOTTOM
    other = _OTHER_TABLE_TOP - table.head_height - _BOTTOM
    pages = table.paginate(_rows(titles, on, with_estimate), first, other)
    buffer = BytesIO()
    canvas = new_canvas(buffer, f"Demonstrativo de débitos de {customer.name}", company.name)
    for number, chunks in enumerate(pages, start=1):
        if number == 1:
            _draw_first_head(canvas, company, customer, on)
        else:
            _draw_other_head(canvas, company, customer)
        table.draw(canvas, chunks, _FIRST_TABLE_TOP if number == 1 else _OTHER_TABLE_TOP)
        _draw_foot(canvas, number, len(pages), with_estimate)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _columns(with_estimate: bool) -> tuple[Column, ...]:
    right = Align.RIGHT
    amounts = [Column("Valor (R$)", millimetres(26), right), Column("Em aberto (R$)", millimetres(26), right)]
    if with_estimate:
        amounts.append(Column("Atualizado* (R$)", millimetres(28), right))
    dates = [
        Column("Emissão", millimetres(20), Align.CENTER),
        Column("Vencimento", millimetres(21), Align.CENTER),
        Column("Dias em atraso", millimetres(20), right),
    ]
    rest = _WIDTH - sum(column.width for column in (*dates, *amounts))
    return (Column("Documento / parcela", rest), *dates, *amounts)


def _rows(titles: Sequence[Title], on: date, with_estimate: bool) -> list[Row]:
    if any(title.payer for title in titles):
        return _rows_by_debtor(titles, on, with_estimate)
    overdue = [title for title in titles if title.overdue(on)]
    upcoming = [title for title in titles if not title.overdue(on)]
    rows: list[Row] = []
    for heading, group in (("Vencidos", overdue), ("A vencer", upcoming)):
        if group:
            rows.append(Row((heading,), RowKind.SECTION))
            rows += [Row(_cells(title, on, with_estimate)) for title in group]
            rows.append(_total(f"Subtotal: {heading.lower()}", group, with_estimate))
    rows.append(_total("Total", titles, with_estimate))
    return rows


def _rows_by_debtor(titles: Sequence[Title], on: date, with_estimate: bool) -> list[Row]:
    """Where several customers share a message each one's debts stand under the name and the CPF or CNPJ."""
    groups: dict[Customer | None, list[Title]] = {}
    for title in titles:
        groups.setdefault(title.payer, []).append(title)
    rows: list[Row] = []
    for debtor, group in groups.items():
        name = _named(debtor) if debtor else "Outros títulos"
        rows.append(Row((f"Débitos de {name}" if debtor else name,), RowKind.SECTION))
        rows += [Row(_cells(title, on, with_estimate)) for title in group]
        rows.append(_total("Subtotal", group, with_estimate))
    rows.append(_total("Total", titles, with_estimate))
    return rows


def _named(customer: Customer) -> str:
    return " - ".join(filter(None, (customer.name, tax_id_br(customer.tax_id))))


def _cells(title: Title, on: date, with_estimate: bool) -> tuple[str, ...]:
    late = str(title.days_late(on)) if title.overdue(on) else "vence hoje" if title.last_day == on else "-"
    fixed = (document_name(title), date_br(title.issued), date_br(title.due), late)
    amounts = [number_br(title.amount), number_br(title.open_amount)]
    if with_estimate:
        amounts.append(number_br(_estimate(title)))
    return (*fixed, *amounts)


def _estimate(title: Title) -> Decimal:
    return title.open_amount if title.updated_amount is None else title.updated_amount


def _total(label: str, titles: Sequence[Title], with_estimate: bool) -> Row:
    zero = Decimal(0)
    sums = [sum((title.amount for title in titles), zero), sum((title.open_amount for title in titles), zero)]
    if with_estimate:
        sums.append(sum((_estimate(title) for title in titles), zero))
    count = f"{len(titles)} título{'s' if len(titles) > 1 else ''}"
    return Row((label, count, "", "", *map(number_br, sums)), RowKind.TOTAL)


def _draw_first_head(canvas: Canvas, company: Company, customer: Customer, on: date) -> None:
    draw_letterhead(canvas, company, Box(_LEFT, _TOP, _WIDTH, _HEAD))
    top = _TOP - _HEAD
    rule(canvas, (_LEFT, top), (_LEFT + _WIDTH, top), 0.8)
    below = top - millimetres(3)
    draw_text(canvas, "Demonstrativo de débitos", Box(_LEFT, below, _WIDTH * 0.6, millimetres(8)), Style(14, BOLD))
    date_box = Box(_LEFT + _WIDTH * 0.6, below - 4, _WIDTH * 0.4, millimetres(6))
    draw_text(canvas, f"Emitido em {date_br(on)}", date_box, Style(9, align=Align.RIGHT))
    below -= millimetres(8)
    below = (
        draw_text(canvas, f"Cliente: {_named(customer)}", Box(_LEFT, below, _WIDTH, millimetres(9)), Style(9.5, BOLD))
        - 1
    )
    draw_text(canvas, customer.address.one_line, Box(_LEFT, below, _WIDTH, millimetres(6)), Style(8.5))


def _draw_other_head(canvas: Canvas, company: Company, customer: Customer) -> None:
    half = _WIDTH * 0.5 - millimetres(2)
    draw_text(canvas, company.name, Box(_LEFT, _TOP, half, millimetres(6)), Style(10, BOLD))
    text = f"Demonstrativo de débitos de {customer.name}"
    draw_text(canvas, text, Box(_LEFT + _WIDTH - half, _TOP, half, millimetres(6)), Style(9, align=Align.RIGHT))


def _draw_foot(canvas: Canvas, number: int, total: int, with_estimate: bool) -> None:
    top = _BOTTOM - millimetres(4)
    notes = (_NOTE, _ESTIMATE if with_estimate else "")
    draw_text(canvas, notes, Box(_LEFT, top, _WIDTH - millimetres(32), millimetres(12)), Style(9))
    page = Box(_LEFT + _WIDTH - millimetres(30), top, millimetres(30), millimetres(6))
    draw_text(canvas, f"página {number} de {total}", page, Style(8, align=Align.RIGHT))
