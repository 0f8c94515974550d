"""The report "Histórico de mensagens WhatsApp", as a PDF for people and as CSV for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from integrator.documents.formats import date_br, instant_br, phone_br
from integrator.domain.message import Company

_HEADINGS = ("Celular", "Mensagem", "Módulo", "Tipo da mensagem", "Data envio", "Situação")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One message of the report; ``state`` is the label people know and ``reason`` why it stands there, if told."""

    phone: str
    text: str
    module: str
    kind: str
    sent_at: datetime | None
    state: str
    reason: str = ""


def draw_history(company: Company, rows: Sequence[HistoryRow], start: date, end: date, issued_at: datetime) -> bytes:
    """The report's PDF (A4 landscape) in the order given; equal input gives equal bytes."""
    from integrator.documents.report_pages import draw_pages

    cells = [_cells(row) for row in rows]
    period = f"Período: {date_br(start)} a {date_br(end)}"
    return draw_pages(company, _HEADINGS, cells, period, f"Emissão: {instant_br(issued_at)}")


def history_csv(rows: Iterable[HistoryRow]) -> bytes:
    """The same rows for a spreadsheet: UTF-8 with BOM, ``;``, one header line, the reason in a column of its own.

    Cells that a spreadsheet would run as a formula are made text with a leading apostrophe (OWASP, CSV injection).
    """
    sheet = StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow((*_HEADINGS, "Motivo"))
    for row in rows:
        *shown, _ = _cells(row)
        writer.writerow([cell_as_text(cell) for cell in (*shown, row.state, row.reason)])
    return sheet.getvalue().encode("utf-8-sig", "replace")


def _cells(row: HistoryRow) -> tuple[str, ...]:
    state = f"{row.state}: {row.reason}" if row.reason else row.state
    return phone_br(row.phone), row.text, row.module, row.kind, instant_br(row.sent_at), state


def cell_as_text(cell: str) -> str:
    """``cell`` with an apostrophe before it where a spreadsheet would run it as a formula (OWASP, CSV injection)."""
    clean = cell.replace("\0", "")
    return f"'{clean}" if clean.lstrip(" ").startswith(_FORMULA_STARTS) else clean
