"""The history as files: a spreadsheet of up to 100,000 messages, a PDF of up to 5,000.

One file is made at a time, over an attachment of its own, so that neither the pages nor the engine wait for it. A
spreadsheet is written to a temporary file first: what fails half-way is an error page, not half a list.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import IO, Final

from integrator.app import open_database
from integrator.documents.report import HistoryRow, draw_history, write_history_csv
from integrator.erp.history_filter import Filter
from integrator.erp.history_rows import stream
from integrator.panel.history.asked import Asked
from integrator.panel.premises import Shop
from integrator.panel.visit import Wrong
from integrator.reports import report_row

SHEET_LIMIT: Final = 100_000
PDF_LIMIT: Final = 5_000
_CHUNK: Final = 64 * 1024
_making = threading.Lock()


def write_sheet(shop: Shop, asked: Asked) -> tuple[IO[bytes], int]:
    """The spreadsheet, ready to be read from its beginning, and how many messages it has.

    Raises :class:`Wrong` beyond the limit, or while another file is being made.
    """
    with _one_at_a_time():
        sheet: IO[bytes] = tempfile.TemporaryFile(prefix="historico-")  # noqa: SIM115 - closed by whoever reads it
        try:
            count = write_history_csv(_rows(shop, asked.wanted, SHEET_LIMIT, "planilha"), sheet)
        except BaseException:
            sheet.close()
            raise
        sheet.seek(0)
        return sheet, count


def draw_pdf(shop: Shop, asked: Asked, issued_at: datetime) -> tuple[bytes, int]:
    """The PDF and how many messages it has; in the order of time. Raises as :func:`write_sheet`."""
    with _one_at_a_time():
        wanted = asked.wanted
        rows = list(_rows(shop, wanted, PDF_LIMIT, "PDF"))
        rows.reverse()
        return draw_history(shop.company(), rows, wanted.first, wanted.last, issued_at, asked.told), len(rows)


def file_name(wanted: Filter, ending: str) -> str:
    """``historico-2026-11-01-a-2026-11-20.csv``."""
    return f"historico-{wanted.first:%Y-%m-%d}-a-{wanted.last:%Y-%m-%d}.{ending}"


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces; it is closed at the end."""
    with file:
        while piece := file.read(_CHUNK):
            yield piece


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _making.acquire(blocking=False):
        raise Wrong("Outro relatório está sendo preparado. Espere ele terminar e peça de novo.")
    try:
        yield
    finally:
        _making.release()


def _rows(shop: Shop, wanted: Filter, limit: int, what: str) -> Iterator[HistoryRow]:
    database = open_database(shop.settings)
    try:
        with database.transaction(read_only=True) as session:
            found = stream(session, wanted, limit + 1)
            yield from map(report_row, islice(found, limit))
            if next(found, None) is not None:
                raise Wrong(
                    f"São mais de {limit:,} mensagens, o máximo de um arquivo ({what}).".replace(",", ".", 1)
                    + " Escolha um período menor ou um filtro."
                )
    finally:
        database.close()
