"""``integrator queue …``, ``pause`` and ``resume``: what a person sees of the queue and decides about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from integrator.cli.context import database_of
from integrator.domain.lifecycle import State
from integrator.erp.desk import Desk, QueueRow
from integrator.messages.formatting import format_count
from integrator.sending.guard import PAUSE_KEY, pause_value

app = typer.Typer(help="A fila de mensagens.", invoke_without_command=True)
Key = Annotated[str, typer.Argument(help="A chave da mensagem (coluna Chave da lista).")]

_OPEN = (State.AWAITING, State.PENDING, State.RESERVED, State.SENDING, State.HELD, State.UNCERTAIN)


@app.callback()
def list_queue(
    context: typer.Context,
    state: Annotated[list[str] | None, typer.Option("--situacao", help="Só estas situações (pode repetir).")] = None,
    limit: Annotated[int, typer.Option("--limite", min=1, max=10_000, help="Quantas mostrar.")] = 200,
) -> None:
    """Mostra a fila: o que espera, o que está retido e por quê."""
    if context.invoked_subcommand:
        return
    states = tuple(_state(name) for name in state) if state else _OPEN
    with database_of(context) as database:
        desk = Desk(database)
        counts, found = desk.counts(), desk.list_rows(states, limit)
    console = Console()
    console.print(
        " · ".join(f"{counts[item]} {item.label}" for item in State if item in counts) or "A fila está vazia."
    )
    if found:
        console.print(_table(found))
    shown = sum(counts.get(item, 0) for item in states)
    if shown > len(found):
        console.print(
            f"Mostrando {len(found)} de {format_count(shown, 'mensagem', 'mensagens')}; use --limite para ver mais."
        )


@app.command()
def release(context: typer.Context, key: Key) -> None:
    """Libera uma mensagem retida: o envio é tentado de novo, com todas as conferências."""
    _move(context, key, State.PENDING, "", "liberada")


@app.command()
def confirm(context: typer.Context, key: Key) -> None:
    """Confirma uma mensagem que aguarda confirmação."""
    _move(context, key, State.PENDING, "", "confirmada")


@app.command()
def cancel(
    context: typer.Context,
    key: Key,
    reason: Annotated[str, typer.Option("--motivo", help="Por que foi cancelada.")] = "Cancelada por uma pessoa.",
) -> None:
    """Cancela uma mensagem que ainda não saiu, ou uma incerta que não deve ser repetida."""
    _move(context, key, State.CANCELLED, reason, "cancelada")


@app.command()
def decide(
    context: typer.Context,
    key: Key,
    arrived: Annotated[bool, typer.Option("--chegou/--nao-chegou", help="O que você viu no celular.")],
) -> None:
    """Decide uma mensagem incerta depois de conferir no celular se ela chegou."""
    if arrived:
        _move(context, key, State.SENT, "Conferida no celular: chegou.", "enviada")
    else:
        _move(context, key, State.FAILED, "Conferida no celular: não chegou.", "falhou")


def pause(
    context: typer.Context,
    minutes: Annotated[int | None, typer.Option("--minutos", min=1, help="Por quantos minutos.")] = None,
    today: Annotated[bool, typer.Option("--hoje", help="Até o fim do dia.")] = False,
) -> None:
    """Pausa o envio em todos os integradores deste banco: por um tempo, por hoje ou até retomar."""
    now = datetime.now()
    until: datetime | None = None
    if minutes is not None:
        until = now + timedelta(minutes=minutes)
    elif today:
        until = datetime.combine(now.date() + timedelta(days=1), datetime.min.time())
    with database_of(context) as database:
        Desk(database).set_config(PAUSE_KEY, pause_value(until))
    typer.echo("Envio pausado até alguém retomar." if until is None else f"Envio pausado até {until:%d/%m/%Y %H:%M}.")


def resume(context: typer.Context) -> None:
    """Retoma o envio."""
    with database_of(context) as database:
        Desk(database).set_config(PAUSE_KEY, "")
    typer.echo("Envio retomado.")


def _move(context: typer.Context, key: str, target: State, reason: str, done: str) -> None:
    with database_of(context) as database:
        Desk(database).move(key, target, reason)
    typer.echo(f"Mensagem {key}: {done}.")


def _state(name: str) -> State:
    for state in State:
        if name.strip().lower() in (state.value, state.label):
            return state
    raise typer.BadParameter(f"Situação desconhecida: {name}. Use: {', '.join(state.value for state in State)}.")


def _table(found: tuple[QueueRow, ...]) -> Table:
    table = Table("Chave", "Cliente", "Telefone", "Tipo", "Situação", "Motivo")
    for row in found:
        table.add_row(row.key, row.customer, row.phones, row.kind, row.state.label, row.reason)
    return table
