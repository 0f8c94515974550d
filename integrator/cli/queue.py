"""``integrator queue …``, ``pause`` and ``resume``: what a person sees of the queue and decides about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from integrator.cli.console import screen
from integrator.cli.context import choice_of, database_of
from integrator.cli.portuguese import App, WrongUsage
from integrator.cli.values import state as read_state
from integrator.cli.values import whole
from integrator.domain.lifecycle import State
from integrator.erp.desk import Decision, Desk, QueueRow
from integrator.erp.schema.installer import require_ready
from integrator.messages.formatting import format_count
from integrator.reports import counts_line, read_forecast
from integrator.sending.guard import PAUSE_KEY, pause_value

app = App(help="A fila de mensagens, e o que uma pessoa decide sobre cada uma.", invoke_without_command=True)
Key = Annotated[str, typer.Argument(metavar="CHAVE", help="A chave da mensagem, como na lista da fila.")]

_OPEN = (State.AWAITING, State.PENDING, State.RESERVED, State.SENDING, State.HELD, State.UNCERTAIN)
_EMPTY = (
    "A fila está vazia. As mensagens aparecem aqui depois do fechamento do ERP, ou quando ele as inclui com a "
    "procedure WA_ENFILEIRAR."
)
_WEEK_MIN = 7 * 24 * 60


@app.callback()
def list_queue(
    context: typer.Context,
    states: Annotated[
        list[State] | None,
        typer.Option(
            "--situacao", metavar="SITUAÇÃO", parser=read_state, help="Só as desta situação; pode ser repetida."
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limite", metavar="NÚMERO", parser=whole(1, 10_000), help="Quantas mostrar; padrão: 200.")
    ] = 200,
) -> None:
    """Mostra a fila: o que espera, o que está retido e por quê, e até quando vai o envio."""
    if context.invoked_subcommand:
        return
    now = datetime.now()
    chosen = tuple(states or _OPEN)
    with database_of(context) as database:
        require_ready(database)
        desk = Desk(database)
        counts, found = desk.counts(), desk.list_rows(chosen, limit)
        forecast = read_forecast(database, choice_of(context).settings(), now, choice_of(context).folder())
    console = screen()
    console.print(counts_line(counts) or _EMPTY)
    if found:
        console.print(_table(found))
    elif counts:
        console.print(
            "Nenhuma mensagem nessas situações." if states else "Nada espera: tudo já foi enviado ou encerrado."
        )
    shown = sum(counts.get(item, 0) for item in chosen)
    if shown > len(found):
        total = format_count(shown, "mensagem", "mensagens")
        console.print(f"Mostrando as {len(found)} mais novas de {total}; use --limite para ver mais.")
    if sentence := forecast.sentence(now):
        console.print(sentence)


@app.command()
def release(
    context: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="CHAVE", help="A chave da mensagem, como `integrator queue` mostra.")
    ] = "",
    restored: Annotated[
        bool,
        typer.Option("--restauradas", help="Todas as que um backup restaurado ou a troca de computador reteve."),
    ] = False,
) -> None:
    """Libera uma mensagem retida: o envio é tentado de novo, com todas as conferências."""
    if restored == bool(key):
        raise WrongUsage("Diga a chave de uma mensagem, ou --restauradas.")
    if not restored:
        _decide(context, key, Decision.RELEASE, "")
        return
    with database_of(context) as database:
        count = Desk(database).release_restored()
    typer.echo(f"Liberadas: {format_count(count, 'mensagem', 'mensagens')}.")


@app.command()
def confirm(context: typer.Context, key: Key) -> None:
    """Confirma uma mensagem que aguarda confirmação."""
    _decide(context, key, Decision.CONFIRM, "")


@app.command()
def cancel(
    context: typer.Context,
    key: Key,
    reason: Annotated[
        str, typer.Option("--motivo", metavar="TEXTO", help="Por que foi cancelada; fica na mensagem.")
    ] = "Cancelada por uma pessoa.",
) -> None:
    """Cancela uma mensagem que ainda não saiu, ou uma incerta que não deve ser repetida."""
    _decide(context, key, Decision.CANCEL, reason)


@app.command()
def decide(
    context: typer.Context,
    key: Key,
    arrived: Annotated[bool, typer.Option("--chegou/--nao-chegou", help="O que você viu no celular.")],
) -> None:
    """Decide uma mensagem incerta depois de conferir no celular se ela chegou. Nenhuma resposta a envia de novo."""
    if arrived:
        _decide(context, key, Decision.ARRIVED, "Conferida no celular: chegou.")
    else:
        _decide(context, key, Decision.NOT_ARRIVED, "Conferida no celular: não chegou.")


def pause(
    context: typer.Context,
    minutes: Annotated[
        int | None,
        typer.Option("--minutos", metavar="NÚMERO", parser=whole(1, _WEEK_MIN), help="Por quantos minutos."),
    ] = None,
    today: Annotated[bool, typer.Option("--hoje", help="Até o fim do dia.")] = False,
) -> None:
    """Pausa o envio em todos os integradores deste banco: por um tempo, por hoje ou, sem opção, até alguém retomar."""
    if minutes is not None and today:
        raise WrongUsage("Escolha --minutos ou --hoje, não os dois.", ctx=context)
    now = datetime.now().replace(microsecond=0)
    until: datetime | None = None
    if minutes is not None:
        until = now + timedelta(minutes=minutes)
    elif today:
        until = datetime.combine(now.date() + timedelta(days=1), datetime.min.time())
    with database_of(context) as database:
        require_ready(database)
        Desk(database).set_config(PAUSE_KEY, pause_value(until))
    typer.echo("Envio pausado até alguém retomar." if until is None else f"Envio pausado até {until:%d/%m/%Y %H:%M}.")


def resume(context: typer.Context) -> None:
    """Retoma o envio."""
    with database_of(context) as database:
        require_ready(database)
        Desk(database).set_config(PAUSE_KEY, "")
    typer.echo("Envio retomado.")


def _decide(context: typer.Context, key: str, decision: Decision, reason: str) -> None:
    with database_of(context) as database:
        require_ready(database)
        state = Desk(database).decide(key, decision, reason)
    typer.echo(f"Mensagem {key}: agora {state.label}.")


def _table(found: Sequence[QueueRow]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Chave", "Cliente e telefone", "Tipo", "Situação"):
        table.add_column(heading, overflow="fold")
    for row in found:
        told = f"{row.state.label}: {row.reason}" if row.reason else row.state.label
        # Text and not str: what people typed in the ERP is no markup of Rich.
        table.add_row(*map(Text, (row.key, f"{row.customer}\n{row.phones}", row.kind, told)))
    return table
