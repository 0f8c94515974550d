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
from integrator.domain.message import Company
from integrator.domain.phone import format_phone
from integrator.erp.connection import Database
from integrator.erp.desk import Desk, SentMessage

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
        rows, company = read_history(database, first, last, context)
    if csv:
        csv.write_bytes(history_csv(rows))
        typer.echo(f"CSV gravado em {csv}.")
    if pdf:
        pdf.write_bytes(draw_history(company, rows, first, last, datetime.now()))
        typer.echo(f"PDF gravado em {pdf}.")
    if not csv and not pdf:
        _show(rows, first, last)


def read_history(
    database: Database, first: date, last: date, context: typer.Context
) -> tuple[tuple[HistoryRow, ...], Company]:
    """The rows of whole days, both included, and the company of the header."""
    from integrator.erp.queue import FirebirdQueue
    from integrator.policies import company_of

    fallback = company_of(choice_of(context).settings())
    company = FirebirdQueue(database, owner="history", instance="", fallback_company=fallback).companies()[0]
    begin = datetime.combine(first, datetime.min.time())
    found = Desk(database).history(begin, datetime.combine(last, datetime.min.time()) + timedelta(days=1))
    return tuple(map(history_row, found)), company


def history_row(sent: SentMessage) -> HistoryRow:
    """A row of the report."""
    return HistoryRow(
        phone=sent.destination or sent.phones,
        text=sent.text,
        module=sent.module,
        kind=sent.kind,
        sent_at=sent.sent_at,
        state=sent.state.label,
        reason=sent.reason,
    )


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
