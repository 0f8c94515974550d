"""The report "Histórico de mensagens WhatsApp", as a PDF for people and as CSV for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, TextIOWrapper
from typing import IO

from integrator.documents.formats import date_br, instant_br, phone_br
from integrator.domain.message import Company

_HEADINGS = ("Celular", "Mensagem", "Módulo", "Tipo da mensagem", "Data envio", "Situação")
_MORE_HEADINGS = ("Motivo", "Entregue em", "Lida em", "Cliente")
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
    customer: str = ""
    delivered_at: datetime | None = None
    read_at: datetime | None = None


def draw_history(
    company: Company, rows: Sequence[HistoryRow], start: date, end: date, issued_at: datetime, filtered: str = ""
) -> bytes:
    """The report's PDF (A4 landscape) in the order given; equal input gives equal bytes.

    ``filtered`` says which messages of the period these are, when they are not all of them.
    """
    from integrator.documents.report_pages import draw_pages

    cells = [_cells(row) for row in rows]
    about = (f"Período: {date_br(start)} a {date_br(end)}", f"Emissão: {instant_br(issued_at)}")
    return draw_pages(company, _HEADINGS, cells, (*about, filtered) if filtered else about)


def history_csv(rows: Iterable[HistoryRow]) -> bytes:
    """The sheet of :func:`write_history_csv` as bytes."""
    sheet = BytesIO()
    write_history_csv(rows, sheet)
    return sheet.getvalue()


def write_history_csv(rows: Iterable[HistoryRow], sheet: IO[bytes]) -> int:
    """The same rows for a spreadsheet, one after the other; how many they were.

    UTF-8 with BOM, ``;``, one header line, the reason and the times of its receipts in columns of their own. Cells that
    a spreadsheet would run as a formula are made text with a leading apostrophe (OWASP, CSV injection).
    """
    text = TextIOWrapper(sheet, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow((*_HEADINGS, *_MORE_HEADINGS))
    count = 0
    for row in rows:
        cells = (phone_br(row.phone), row.text, row.module, row.kind, instant_br(row.sent_at), row.state, row.reason)
        more = (instant_br(row.delivered_at), instant_br(row.read_at), row.customer)
        writer.writerow([cell_as_text(cell) for cell in (*cells, *more)])
        count += 1
    text.detach()
    return count


def _cells(row: HistoryRow) -> tuple[str, ...]:
    phone = f"{phone_br(row.phone)}\n{row.customer}" if row.customer else phone_br(row.phone)
    return phone, row.text, row.module, row.kind, instant_br(row.sent_at), _state(row)


def _state(row: HistoryRow) -> str:
    """Why it stands there, and when it was delivered and read."""
    lines = [f"{row.state}: {row.reason}" if row.reason else row.state]
    lines += [f"entregue {instant_br(row.delivered_at)}"] if row.delivered_at else []
    lines += [f"lida {instant_br(row.read_at)}"] if row.read_at else []
    return "\n".join(lines)


def cell_as_text(cell: str) -> str:
    """``cell`` with an apostrophe before it where a spreadsheet would run it as a formula (OWASP, CSV injection)."""
    clean = cell.replace("\0", "")
    return f"'{clean}" if clean.lstrip(" ").startswith(_FORMULA_STARTS) else clean
