"""``integrator close``: tonight's closing by hand, or what a closing would do, name by name."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from integrator.cli.console import screen
from integrator.cli.context import choice_of
from integrator.cli.hindsight_words import step_label
from integrator.cli.portuguese import WrongUsage
from integrator.cli.values import day
from integrator.closing.ports import Queued
from integrator.closing.reasons import Skipped
from integrator.closing.result import Chosen, ClosingResult
from integrator.domain.errors import IntegratorError
from integrator.logs import log_event
from integrator.messages.formatting import format_count, format_money

log = logging.getLogger(__name__)

_QUEUED = {
    Queued.NEW: ("nova", "novas"),
    Queued.UPDATED: ("atualizada", "atualizadas"),
    Queued.REPEATED: ("já enviada ou já na fila", "já enviadas ou já na fila"),
    Queued.HELD: ("retida", "retidas"),
    Queued.ERROR: ("recusada pelo banco", "recusadas pelo banco"),
}


def close(
    context: typer.Context,
    when: Annotated[
        date | None,
        typer.Option("--date", metavar="DATA", parser=day, help="O fechamento da noite desse dia; com --dry-run."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Só mostra quem receberia e quem não, sem gravar nada.")
    ] = False,
    everybody: Annotated[
        bool, typer.Option("--todos", help="Com --dry-run: lista também cada cliente que não receberia.")
    ] = False,
) -> None:
    """Faz o fechamento agora: põe na fila os avisos do próximo dia de envio."""
    if when is not None and not dry_run:
        raise WrongUsage("Só o fechamento de agora pode ir para a fila. Para ver outro dia, junte --dry-run.")
    if everybody and not dry_run:
        raise WrongUsage("--todos mostra nomes só com --dry-run.")
    result = _run(context, when, dry_run)
    console = screen()
    console.print(f"Fechamento de {result.at:%d/%m/%Y %H:%M}, para envio em {result.send_day:%d/%m/%Y}")
    if result.warning:
        console.print(Text(f"Atenção: {result.warning}"))
    if dry_run:
        _show_chosen(console, result.chosen)
    _show_skipped(console, result)
    if everybody:
        _show_everybody(console, result.details)
    console.print(Text(_total(result)))
    if result.queued.get(Queued.ERROR):
        raise typer.Exit(1)


def _run(context: typer.Context, when: date | None, dry_run: bool) -> ClosingResult:
    from integrator.nightly import open_closing

    choice = choice_of(context)
    settings = choice.settings()
    choice.start_log(settings)
    at = datetime.combine(when, settings.closing.at) if when else datetime.now().replace(microsecond=0)
    try:
        with open_closing(settings, choice.folder()) as closing:
            return closing.run(at, dry_run)
    except IntegratorError as error:
        log_event(log, "command_refused", level=logging.WARNING, message=error.message, detail=error.detail)
        raise


def _show_chosen(console: Console, chosen: Sequence[Chosen]) -> None:
    if not chosen:
        console.print("Ninguém receberia.")
        return
    table = _table("Quem receberia", ("Cliente", "Celular", "Etapa", "Títulos", "Valor"), numbers=2)
    for item in chosen:
        who = f"{item.customer}\n{item.contact}" if item.contact else item.customer
        what = step_label(item.step) or item.kind
        held = f"{what}\nretida: {item.problem}" if item.problem else what
        table.add_row(*map(Text, (who, item.phone, held, str(item.titles or ""), _money(item))))
    console.print(table)


def _show_skipped(console: Console, result: ClosingResult) -> None:
    if not result.skipped:
        return
    title = "Quem não receberia, e por quê" if result.dry_run else "Quem não recebe, e por quê"
    table = _table(title, ("Motivo", "Clientes", "Títulos", "Valor"), numbers=3)
    for why, tally in sorted(result.skipped.items(), key=lambda pair: -pair[1].amount):
        cells = (why.label, str(tally.customers), str(tally.titles), format_money(tally.amount))
        table.add_row(*map(Text, cells))
    console.print(table)


def _show_everybody(console: Console, details: Sequence[Skipped]) -> None:
    table = _table("Cada cliente", ("Cliente", "Motivo", "Títulos", "Valor"), numbers=2)
    for item in details:
        cells = (
            f"{item.customer.code} {item.customer.name}",
            item.reason,
            str(item.titles),
            format_money(item.amount),
        )
        table.add_row(*map(Text, cells))
    console.print(table)


def _table(title: str, headings: Sequence[str], *, numbers: int) -> Table:
    """A table whose last ``numbers`` columns are numbers."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        is_number = place >= len(headings) - numbers
        table.add_column(heading, justify="right" if is_number else "left", overflow="fold", no_wrap=is_number)
    return table


def _money(item: Chosen) -> str:
    return format_money(item.amount) if item.titles else ""


def _total(result: ClosingResult) -> str:
    messages = format_count(result.messages, "mensagem", "mensagens")
    titles = format_count(result.titles, "título", "títulos")
    told = f"{messages}, {titles}, {format_money(result.amount)}."
    if result.dry_run:
        return f"Total: {told} Nada foi gravado."
    became = ", ".join(format_count(count, *_QUEUED[name]) for name, count in result.queued.items())
    return f"Na fila: {told}" + (f" Destas: {became}." if became else "")
