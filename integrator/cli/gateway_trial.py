"""``integrator gateway test``: one message through the queue, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Annotated, Final

import typer

from integrator.cli.context import choice_of
from integrator.cli.ending import FAILED
from integrator.cli.number_desk import holding, wake
from integrator.cli.portuguese import WrongUsage
from integrator.cli.values import mobile, whole
from integrator.domain.lifecycle import State
from integrator.domain.phone import format_phone, spellings
from integrator.erp.connection import Database
from integrator.erp.desk import Desk
from integrator.erp.own_messages import put_own
from integrator.erp.schema.installer import require_ready
from integrator.panel.summary.daily import message_for_test
from integrator.settings import Settings

_LOOK_S: Final = 0.5
_HURRY_S: Final = 5.0
_YES: Final = frozenset({"s", "sim"})
_ARRIVED: Final = frozenset({State.DELIVERED, State.READ})
_OVER: Final = frozenset({State.HELD, State.CANCELLED, State.EXPIRED, State.FAILED, State.UNCERTAIN}) | _ARRIVED


def try_out(
    context: typer.Context,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="CELULAR", parser=mobile, help="Para quem; padrão: o número de teste."),
    ] = None,
    number: Annotated[
        str, typer.Option("--numero", metavar="NOME", help="Por qual número; padrão: o de [whatsapp].")
    ] = "",
    wait_s: Annotated[
        int, typer.Option("--espera", metavar="SEGUNDOS", parser=whole(0, 3600), help="Quanto acompanhar a entrega.")
    ] = 120,
    yes: Annotated[bool, typer.Option("--sim", help="Envia sem perguntar.")] = False,
) -> None:
    """Põe na fila uma mensagem de teste e acompanha a entrega. Sai com 1 se ela não foi entregue nesse tempo."""
    choice = choice_of(context)
    settings = _by(choice.settings(), number)
    choice.start_log(settings)
    phone = _destination(settings, to, yes=yes)
    with holding(choice.folder()) as alone:
        stopped = alone
    from integrator.app import open_database

    with closing(open_database(settings)) as database:
        require_ready(database)
        key = _put(database, settings, phone)
        typer.echo(f"Na fila: mensagem de teste para {format_phone(phone)}.")
        if stopped:
            typer.echo("O integrador não está em execução: ela sai quando ele for iniciado.")
            return
        state = _followed(Desk(database), key, wait_s, lambda: wake(choice.folder()))
    if state not in _ARRIVED:
        raise typer.Exit(FAILED)


def _by(settings: Settings, number: str) -> Settings:
    """The settings of a database that sends by that number, with it as the first; without a number as they are.

    Raises :class:`~integrator.domain.errors.SettingsError` for a name that no number has.
    """
    if not number:
        return settings
    whole = settings.for_number(number)
    each = (settings.for_database(database.name) for database in settings.databases)
    shop = next((shop for shop in each if any(found.instance == number for found in shop.numbers)), whole)
    return shop.for_number(number)


def _destination(settings: Settings, to: str | None, *, yes: bool) -> str:
    """Where it goes: the test number without a question, anybody else after one.

    Raises :class:`WrongUsage` without a number, and leaves with code 1 at a no.
    """
    own = settings.whatsapp.test_number
    if to is None and not own:
        raise WrongUsage("Diga para quem: --to 49988887777, ou preencha numero_teste em [whatsapp].")
    if settings.whatsapp.redirect_all:
        typer.echo(f"Todas as mensagens estão redirecionadas para {format_phone(own)}: o teste também chega lá.")
    if to is None or to in spellings(own):
        return own
    if not yes:
        answer = typer.prompt(
            f"Enviar o teste para {format_phone(to)}? (sim ou não)", default="não", show_default=False
        )
        if str(answer).strip().casefold() not in _YES:
            typer.echo("Nada foi enviado.")
            raise typer.Exit(FAILED)
    return to


def _put(database: Database, settings: Settings, phone: str) -> str:
    message = message_for_test(settings, datetime.now(), phone)
    if not put_own(database, message):
        raise WrongUsage("Outra mensagem de teste foi pedida neste mesmo segundo. Repita.")
    return message.key


def _followed(desk: Desk, key: str, wait_s: int, hurry: Callable[[], None]) -> State | None:
    """Each step as it happens, until it is over or the time is; ``hurry`` lets the engine look now."""
    deadline = time.monotonic() + wait_s
    told, hurried = "", float("-inf")
    while True:
        if time.monotonic() - hurried > _HURRY_S:
            hurried = time.monotonic()
            hurry()
        row = next((each for each in desk.list_rows((), 50) if each.key == key), None)
        if row is None:
            return None
        line = f"{row.state.label}: {row.reason}" if row.reason else row.state.label
        if line != told:
            told = line
            typer.echo(f"{datetime.now():%H:%M:%S}  {line}")
        if row.state in _OVER or time.monotonic() >= deadline:
            break
        time.sleep(_LOOK_S)
    if row.state not in _OVER:
        typer.echo(_LATER)
    return row.state


_LATER: Final = (
    "O tempo de acompanhar acabou; a mensagem segue na sua vez. Para ver onde está: integrator queue, e o que segura o "
    "envio (pausa, horário, limite do dia): integrator gateway status"
)
