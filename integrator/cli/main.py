"""The Typer application: options, commands, and how each way of ending becomes a sentence and an exit code."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from integrator import __version__
from integrator.cli import checks, history, password, queue, schema
from integrator.cli.console import prepare_streams, screen
from integrator.cli.context import choice_of, choose
from integrator.cli.narration import Narrator
from integrator.cli.portuguese import App, WrongUsage, complaint
from integrator.cli.values import whole
from integrator.domain.errors import IntegratorError
from integrator.logs import setup_logging
from integrator.paths import log_folder

log = logging.getLogger(__name__)

_DONE, _FAILED, _WRONG_USAGE, _INTERRUPTED = 0, 1, 2, 130

app = App(help="Integrador: mensagens do seu ERP por WhatsApp.")
app.add_typer(schema.app, name="schema")
app.add_typer(queue.app, name="queue")
app.command("history")(history.history)
app.command("pause")(queue.pause)
app.command("resume")(queue.resume)
app.command("senha")(password.keep)


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
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Mostra a versão.")
    ] = False,
) -> None:
    """Integrador: mensagens do seu ERP por WhatsApp."""
    del version  # answered by its callback
    context.obj = choose(config, data)


@app.command()
def run(
    context: typer.Context,
    headless: Annotated[bool, typer.Option("--headless", help="Sem ícone nem janelas.")] = False,
) -> None:
    """Envia a fila até ser interrompido (Ctrl+C): termina a mensagem em andamento e para."""
    from integrator.app import open_database, run_headless

    if not headless:
        raise WrongUsage("Nesta versão o integrador roda sem janelas. Use: integrator run --headless")
    choice = choice_of(context)
    settings = choice.settings()
    masker = choice.start_log(settings)
    open_database(settings)  # nothing configured is told now; a database that is away is waited for
    narrator = Narrator(masker)
    logging.getLogger().addHandler(narrator)
    typer.echo("Integrador em execução. Ctrl+C para parar.", err=True)
    try:
        run_headless(settings, choice.folder())
    finally:
        logging.getLogger().removeHandler(narrator)


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
) -> None:
    """Uma noite de cobrança de uma loja inventada, do fechamento ao celular do cliente, em menos de um minuto."""
    from integrator.demo.run import DemoPlace, run_demo

    night = run_demo(DemoPlace(server, port, client, folder, out, seed), screen())
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

    0 done; 1 refused, failed or wrong digits; 2 mistyped; 130 interrupted. Never a traceback: what nobody foresaw is
    one sentence, and its detail is in the log.
    """
    prepare_streams()
    # A log that cannot be written must neither stop a command nor fill its error output.
    logging.raiseExceptions = False
    logging.getLogger().addHandler(_SILENCE)
    command = typer.main.get_command(app)
    try:
        code = command.main(arguments, prog_name="integrator", standalone_mode=False)
    except typer.TyperException as error:
        return _tell(complaint(error), _WRONG_USAGE)
    except IntegratorError as error:
        return _tell(f"{error.title}: {error.message}", _FAILED)
    except (typer.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except Exception as error:  # the top of the program
        return _tell(_unforeseen(error), _FAILED)
    return code if isinstance(code, int) else _DONE


_SILENCE = logging.NullHandler()


def _tell(sentence: str, code: int) -> int:
    typer.echo(sentence, err=True)
    return code


def _unforeseen(error: Exception) -> str:
    """Log a bug and say where."""
    folder = log_folder()
    setup_logging(folder)
    log.critical("unforeseen error", exc_info=error)
    return f"Erro inesperado: o comando parou. O detalhe está no registro, em {folder}; envie-o ao suporte."
