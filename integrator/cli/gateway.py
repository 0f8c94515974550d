"""``integrator gateway …``: how the sender numbers are, one test message, and the phone let go."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated, Final

import typer

from integrator.cli.context import choice_of
from integrator.cli.ending import FAILED
from integrator.cli.gateway_status import number_report
from integrator.cli.gateway_trial import try_out
from integrator.cli.number_desk import engine_was_used, pairing_desk, running_numbers
from integrator.cli.portuguese import App, WrongUsage
from integrator.domain.errors import GatewayError, IntegratorError
from integrator.domain.phone import format_phone
from integrator.local_address import PanelAway
from integrator.sending.gateway import GatewayState
from integrator.settings import Settings
from integrator.settings.sections import Engine, NumberSettings

app = App(help="Os números de WhatsApp que enviam: situação, teste, desconexão e retomada.")
app.command("test")(try_out)
_YES: Final = frozenset({"s", "sim"})
Name = Annotated[str, typer.Option("--numero", metavar="NOME", help="O número com esse nome na configuração.")]
All = Annotated[bool, typer.Option("--all", help="Todos os números configurados.")]


@app.command()
def status(context: typer.Context, number: Name = "") -> None:
    """Mostra cada número: motor, situação, celular, limites do dia e paradas. Sai com 1 se algum não pode enviar."""
    choice = choice_of(context)
    settings = choice.settings()
    choice.start_log(settings)
    try:
        running = {each.instance: each for each in running_numbers(choice.folder())}
    except PanelAway:
        running = None
        typer.echo(_NOT_RUNNING)
    well = True
    for chosen in _chosen(settings, number) if number else settings.numbers:
        report = number_report(settings, choice.folder(), chosen, running)
        typer.echo("\n".join([f"{chosen.instance} ({report.engine})", *(f"  {line}" for line in report.lines)]))
        well = well and report.well
    if not well:
        raise typer.Exit(FAILED)


@app.command()
def disconnect(
    context: typer.Context,
    number: Name = "",
    every: All = False,
    yes: Annotated[bool, typer.Option("--sim", help="Desconecta sem perguntar.")] = False,
) -> None:
    """Desconecta o celular: a sessão é encerrada no WhatsApp e apagada daqui. Use com --all antes de desinstalar."""
    if every and number:
        raise WrongUsage("Escolha --numero ou --all, não os dois.")
    choice = choice_of(context)
    settings = choice.settings()
    choice.start_log(settings)
    chosen = settings.numbers if every else _chosen(settings, number)
    if not (yes or every or _agreed(chosen[0].instance)):
        typer.echo("Nada mudou.")
        raise typer.Exit(FAILED)
    failed = False
    for each in chosen:
        try:
            typer.echo(_disconnected(settings, choice.folder(), each))
        except IntegratorError as error:
            failed = True
            typer.echo(f"{each.instance}: {error.message} {_BY_HAND}", err=True)
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def resume(context: typer.Context, number: Name = "") -> None:
    """Retoma um número que parou sozinho: por sinal de restrição do WhatsApp ou por falhas seguidas."""
    from integrator.app import JOURNAL_FILE
    from integrator.journal.senders import SenderBook

    choice = choice_of(context)
    settings = choice.settings()
    choice.start_log(settings)
    (chosen,) = _chosen(settings, number)
    journal = choice.folder() / JOURNAL_FILE
    if not journal.exists():
        raise GatewayError("Este computador ainda não enviou nada: não há o que retomar.")
    with closing(SenderBook(journal)) as book:
        phone = book.number_of(chosen.instance)
        resumed = bool(phone) and book.resume(phone)
    if not resumed:
        typer.echo(f"O número “{chosen.instance}” não está parado.")
        return
    typer.echo(f"O número “{chosen.instance}” ({format_phone(phone)}) volta a enviar. {_CAREFUL}")


def _chosen(settings: Settings, name: str) -> tuple[NumberSettings, ...]:
    """The number of that name, by default that of ``[whatsapp]``. Raises :class:`SettingsError`."""
    return (settings.for_number(name).whatsapp if name else settings.whatsapp,)


def _disconnected(settings: Settings, folder: Path, number: NumberSettings) -> str:
    """What was done, as a sentence. Raises the errors of the desk."""
    if number.engine is Engine.CLOUD_API:
        return f"{number.instance}: usa a API oficial da Meta, não há celular a desconectar."
    if not engine_was_used(folder, number):
        return f"{number.instance}: nenhum celular foi conectado neste computador."
    with pairing_desk(settings, folder, number, leaving=True) as desk:
        found = desk.do("end")
    if found.state is GatewayState.CONNECTED or found.problem:
        raise GatewayError(found.problem or "O celular continua conectado.")
    return f"{number.instance}: desconectado. Nada sai por ele até um celular ser conectado de novo."


def _agreed(instance: str) -> bool:
    question = f"Desconectar o celular do número “{instance}”? Nada sai por ele até conectar de novo (sim ou não)"
    return str(typer.prompt(question, default="não", show_default=False)).strip().casefold() in _YES


_NOT_RUNNING: Final = (
    "O integrador não está em execução, ou o painel dele está desligado. A situação abaixo é a última que ele gravou."
)
_BY_HAND: Final = "Desconecte pelo celular: WhatsApp, Dispositivos conectados, toque em Integrador e em Desconectar."
_CAREFUL: Final = "Se ele parou por restrição, um novo sinal em 7 dias o para de novo."
