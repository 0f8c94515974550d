"""The Typer application: options, commands and the exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from integrator import __version__
from integrator.cli import checks, history, queue, schema
from integrator.cli.context import choice_of, choose, tell_error
from integrator.domain.errors import IntegratorError

app = typer.Typer(
    name="integrator",
    help="Integrador: mensagens do seu ERP por WhatsApp.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(schema.app, name="schema")
app.add_typer(queue.app, name="queue")
app.add_typer(checks.boleto, name="boleto")
app.add_typer(checks.pix, name="pix")
app.command("history")(history.history)
app.command("pause")(queue.pause)
app.command("resume")(queue.resume)


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", help="Arquivo config.toml.")] = None,
    data: Annotated[Path | None, typer.Option("--dados", help="Pasta de dados do integrador.")] = None,
) -> None:
    """Opções comuns a todos os comandos."""
    context.obj = choose(config, data)


@app.command()
def run(
    context: typer.Context,
    headless: Annotated[bool, typer.Option("--headless", help="Sem ícone nem janelas.")] = False,
) -> None:
    """Envia a fila até ser interrompido (Ctrl+C): termina a mensagem em andamento e para."""
    from integrator.app import run_headless

    if not headless:
        typer.echo("Nesta versão o integrador roda sem janelas. Use: integrator run --headless", err=True)
        raise typer.Exit(2)
    choice = choice_of(context)
    settings = choice.settings()
    choice.start_log(settings, console=True)
    typer.echo("Integrador em execução. Ctrl+C para parar.")
    run_headless(settings, choice.folder())


@app.command()
def demo(
    server: Annotated[str, typer.Option("--servidor", help="Servidor Firebird; vazio: local.")] = "",
    port: Annotated[int, typer.Option("--porta", help="Porta do servidor.")] = 3050,
    client: Annotated[Path | None, typer.Option("--cliente", help="Biblioteca fbclient.")] = None,
    folder: Annotated[Path, typer.Option("--pasta-bancos", help="Onde criar o banco da demonstração.")] = Path(".demo"),
    out: Annotated[Path, typer.Option("--out", help="Onde gravar o resultado.")] = Path("demo-saida"),
    seed: Annotated[int, typer.Option("--semente", help="Mesma semente, mesma demonstração.")] = 1,
) -> None:
    """Uma noite de cobrança de uma loja inventada, do fechamento ao celular do cliente, em menos de um minuto."""
    from integrator.demo.run import DemoPlace, run_demo

    run_demo(DemoPlace(server, port, client, folder, out, seed))


@app.command("simulador", hidden=True, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def simulator(context: typer.Context) -> None:
    """O simulador de WhatsApp, em processo próprio."""
    from integrator.gateways.simulator.server import main as serve

    raise typer.Exit(serve(context.args))


@app.command()
def version() -> None:
    """Mostra a versão."""
    typer.echo(__version__)


def main() -> int:
    """Run a command; expected errors become one sentence and exit code 1."""
    if hasattr(sys.stdout, "reconfigure"):
        # A Windows console may use an old code page: never die for a character it lacks.
        sys.stdout.reconfigure(errors="replace")
        sys.stderr.reconfigure(errors="replace")
    try:
        app()
    except IntegratorError as error:
        tell_error(error)
        return 1
    return 0
