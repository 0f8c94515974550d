"""``integrator history``: the report "Histórico de mensagens WhatsApp" on the screen, as PDF or as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from integrator.cli.console import screen, write_file
from integrator.cli.context import choice_of, database_of
from integrator.cli.portuguese import WrongUsage
from integrator.cli.values import day
from integrator.documents.formats import date_br, instant_br, phone_br
from integrator.documents.report import HistoryRow, draw_history, history_csv
from integrator.erp.schema.installer import require_ready
from integrator.messages.formatting import format_count
from integrator.policies import company_of
from integrator.reports import History, read_history

_DEFAULT_DAYS = 30
_TEXT_SHOWN = 60


def history(
    context: typer.Context,
    start: Annotated[
        date | None, typer.Option("--from", metavar="DATA", parser=day, help="Do dia; padrão: 30 dias antes do último.")
    ] = None,
    end: Annotated[
        date | None, typer.Option("--to", metavar="DATA", parser=day, help="Até o dia; padrão: hoje.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="ARQUIVO", help="Grava em CSV, para planilhas.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="ARQUIVO", help="Grava em PDF.")] = None,
) -> None:
    """Histórico de mensagens WhatsApp de um período, na tela ou em arquivo."""
    last = end or date.today()
    first = start or last - timedelta(days=_DEFAULT_DAYS)
    if first > last:
        raise WrongUsage(f"O período termina ({date_br(last)}) antes de começar ({date_br(first)}).", ctx=context)
    with database_of(context) as database:
        require_ready(database)
        found = read_history(database, company_of(choice_of(context).settings()), first, last)
    if csv:
        write_file(csv, history_csv(found.rows), "CSV")
    if pdf:
        write_file(pdf, draw_history(found.company, found.rows, first, last, datetime.now()), "PDF")
    if not csv and not pdf:
        _show(found)


def _show(found: History) -> None:
    console = screen()
    console.print(f"Período: {date_br(found.first)} a {date_br(found.last)}")
    if found.rows:
        console.print(_table(found.rows))
        console.print(format_count(len(found.rows), "mensagem", "mensagens"))
    else:
        console.print("Nenhuma mensagem enviada neste período. Escolha outro com --from e --to.")


def _table(rows: Sequence[HistoryRow]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Celular", "Mensagem", "Módulo e tipo", "Data envio", "Situação"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        cells = (
            phone_br(row.phone),
            _beginning(row.text),
            f"{row.module}\n{row.kind}",
            instant_br(row.sent_at),
            row.state,
        )
        table.add_row(*map(Text, cells))
    return table


def _beginning(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _TEXT_SHOWN else f"{plain[: _TEXT_SHOWN - 1]}…"
