"""The Typer application: options, commands, and how each way of ending becomes a sentence and an exit code."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from integrator import __version__
from integrator.cli import (
    checks,
    close,
    contacts,
    doctor,
    document,
    gateway,
    history,
    meta,
    move,
    pair,
    panel,
    password,
    profile,
    profile_report,
    queue,
    schema,
    service,
    template,
)
from integrator.cli.console import screen
from integrator.cli.context import choice_of, choose
from integrator.cli.daemon import serve, serve_always
from integrator.cli.ending import DONE, INTERRUPTED, WRONG_USAGE, ending, tell
from integrator.cli.portuguese import App, WrongUsage, complaint
from integrator.cli.values import one_of, whole

log = logging.getLogger(__name__)

app = App(help="Integrador: mensagens do seu ERP por WhatsApp.")
app.add_typer(schema.app, name="schema")
app.add_typer(queue.app, name="queue")
app.add_typer(profile.app, name="profile")
profile.app.command("report")(profile_report.report)
app.add_typer(template.app, name="template")
app.add_typer(document.app, name="document")
app.add_typer(move.app, name="move")
app.command("history")(history.history)
app.command("close")(close.close)
app.command("doctor")(doctor.doctor)
app.command("authorize")(move.authorize)
app.command("pause")(queue.pause)
app.command("resume")(queue.resume)
app.command("senha")(password.keep)
app.command("panel")(panel.panel)
app.command("pair")(pair.pair)
app.add_typer(gateway.app, name="gateway")
app.add_typer(meta.app, name="meta")
app.add_typer(contacts.app, name="contacts")
app.add_typer(service.app, name="service")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"Integrador {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="ARQUIVO", help="O config.toml; padrão: o da pasta de dados.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--dados", metavar="PASTA", help="Pasta de dados: diário de envios e registro.")
    ] = None,
    database: Annotated[
        str, typer.Option("--banco", metavar="NOME", help="Qual banco, quando a configuração tem vários.")
    ] = "",
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Mostra a versão.")
    ] = False,
) -> None:
    """Integrador: mensagens do seu ERP por WhatsApp."""
    del version  # answered by its callback
    context.obj = choose(config, data, database)


@app.command()
def run(
    context: typer.Context,
    headless: Annotated[bool, typer.Option("--headless", help="Sem ícone nem janelas.")] = False,
    service: Annotated[
        bool, typer.Option("--service", help="Como serviço: espera a configuração em vez de recusar.")
    ] = False,
    autostart: Annotated[
        bool, typer.Option("--autostart", help="Com o computador: o ícone, sem abrir janela.")
    ] = False,
) -> None:
    """Abre o ícone ao lado do relógio e envia a fila. Ao sair, termina a mensagem em andamento e para."""
    if headless + service + autostart > 1:
        raise WrongUsage("Escolha --headless, --service ou --autostart, um só.", ctx=context)
    choice = choice_of(context)
    if headless or service:
        serve_always(choice) if service else serve(choice)
        return
    from integrator.cli.desktop import open_desktop

    open_desktop(choice, quiet=autostart)


@app.command()
def demo(
    server: Annotated[
        str, typer.Option("--servidor", metavar="NOME", help="Servidor Firebird; vazio: neste computador.")
    ] = "",
    port: Annotated[
        int, typer.Option("--porta", metavar="NÚMERO", parser=whole(1, 65535), help="Porta do servidor.")
    ] = 3050,
    client: Annotated[Path | None, typer.Option("--cliente", metavar="ARQUIVO", help="Biblioteca fbclient.")] = None,
    folder: Annotated[
        Path, typer.Option("--pasta-bancos", metavar="PASTA", help="Onde criar o banco da demonstração.")
    ] = Path(".demo"),
    out: Annotated[Path, typer.Option("--out", metavar="PASTA", help="Onde gravar o resultado.")] = Path("demo-saida"),
    seed: Annotated[
        int,
        typer.Option(
            "--semente", metavar="NÚMERO", parser=whole(0, 999_999), help="Mesma semente, mesma demonstração."
        ),
    ] = 1,
    erp: Annotated[
        str,
        typer.Option(
            "--erp",
            metavar="NOME",
            parser=one_of("fila", "varejo", "oficina"),
            help="Um ERP que preenche a fila (fila), ou um que se lê por um perfil (varejo, oficina).",
        ),
    ] = "fila",
) -> None:
    """Uma noite de cobrança de uma loja inventada, do fechamento ao celular do cliente, em menos de um minuto."""
    from integrator.demo.profile_erps.model import ErpName
    from integrator.demo.profile_run import run_profile_demo
    from integrator.demo.run import DemoPlace, run_demo

    place = DemoPlace(server, port, client, folder, out, seed)
    fills_queue = erp == "fila"
    night = run_demo(place, screen()) if fills_queue else run_profile_demo(place, ErpName(erp), screen())
    if night.summary.duplicates or night.summary.lost:
        raise typer.Exit(1)


app.add_typer(checks.boleto, name="boleto")
app.add_typer(checks.pix, name="pix")


@app.command("simulador", hidden=True, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def simulator(context: typer.Context) -> None:
    """O simulador de WhatsApp, em processo próprio."""
    from integrator.gateways.simulator.server import main as serve

    raise typer.Exit(serve(context.args))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (the process' own arguments by default); the exit code.

    0 done; 1 refused, failed or wrong digits; 2 mistyped; 130 interrupted.
    """
    return ending(lambda: _run(arguments))


@cache
def _command() -> TyperGroup:
    """Made once in a process: it takes most of a short command's time."""
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    return command


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = _command().main(arguments, prog_name="integrator", standalone_mode=False)
    except typer.TyperException as error:
        return tell(complaint(error), WRONG_USAGE)
    except typer.Abort:
        return INTERRUPTED
    return code if isinstance(code, int) else DONE
