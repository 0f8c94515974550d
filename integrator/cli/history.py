"""``integrator history``: the report "Histórico de mensagens WhatsApp" on the screen, as PDF or as CSV."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from integrator.cli.context import choice_of, database_of
from integrator.documents.report import HistoryRow, draw_history, history_csv
from integrator.domain.phone import format_phone
from integrator.policies import company_of
from integrator.reports import read_history

_DAY = ["%Y-%m-%d", "%d/%m/%Y"]


def history(
    context: typer.Context,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="Do dia; padrão: 30 dias atrás.")
    ] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="Até o dia; padrão: hoje.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Grava em CSV.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Grava em PDF.")] = None,
) -> None:
    """Histórico de mensagens WhatsApp por período."""
    last = end.date() if end else date.today()
    first = start.date() if start else last - timedelta(days=30)
    if first > last:
        raise typer.BadParameter("A data inicial é depois da final.")
    with database_of(context) as database:
        found = read_history(database, company_of(choice_of(context).settings()), first, last)
    if csv:
        csv.write_bytes(history_csv(found.rows))
        typer.echo(f"CSV gravado em {csv}.")
    if pdf:
        pdf.write_bytes(draw_history(found.company, found.rows, first, last, datetime.now()))
        typer.echo(f"PDF gravado em {pdf}.")
    if not csv and not pdf:
        _show(found.rows, first, last)


def _show(rows: tuple[HistoryRow, ...], first: date, last: date) -> None:
    console = Console()
    console.print(f"Período: {first:%d/%m/%Y} até {last:%d/%m/%Y}")
    if not rows:
        console.print("Nenhuma mensagem enviada neste período.")
        return
    table = Table("Celular", "Mensagem", "Módulo", "Tipo da mensagem", "Data envio", "Situação")
    for row in rows:
        first_line = row.text.strip().splitlines()[0] if row.text.strip() else ""
        sent = f"{row.sent_at:%d/%m/%Y %H:%M}" if row.sent_at else ""
        table.add_row(
            format_phone(row.phone) if row.phone.isdigit() else row.phone,
            first_line,
            row.module,
            row.kind,
            sent,
            row.state,
        )
    console.print(table)
