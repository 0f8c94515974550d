"""``integrator schema install | check | print``."""

from __future__ import annotations

import typer

from integrator.cli.context import database_of
from integrator.erp.schema import installer
from integrator.erp.schema.migrations import as_script

app = typer.Typer(help="As tabelas do integrador no banco do ERP.", no_args_is_help=True)


@app.command()
def install(context: typer.Context) -> None:
    """Instala ou completa as tabelas WA_*. Repetir não muda nada. Não rode durante o fechamento."""
    with database_of(context) as database:
        status = installer.install(database, lambda done: typer.echo(f"  {done}"))
    typer.echo(status.explain())
    if not status.ready:
        raise typer.Exit(1)


@app.command()
def check(context: typer.Context) -> None:
    """Diz se as tabelas estão completas, sem mudar nada. Código de saída 1 quando não estão."""
    with database_of(context) as database:
        status = installer.check(database)
    typer.echo(status.explain())
    if not status.ready:
        raise typer.Exit(1)


@app.command("print")
def print_script() -> None:
    """Mostra o script SQL completo, para quem prefere instalar pelo isql."""
    typer.echo(as_script())
