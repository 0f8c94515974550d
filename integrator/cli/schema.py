"""``integrator schema install | check | print``."""

from __future__ import annotations

import typer

from integrator.cli.context import database_of
from integrator.cli.portuguese import App
from integrator.erp.schema import installer, user
from integrator.erp.schema.migrations import as_script
from integrator.messages.formatting import format_count
from integrator.secrets import DATABASE_PASSWORD, store_secret

app = App(help="As tabelas do integrador no banco do ERP.")


@app.command()
def install(context: typer.Context) -> None:
    """Instala ou completa as tabelas WA_*. Repetir não muda nada. Não rode durante o fechamento do ERP."""
    created: list[str] = []
    with database_of(context) as database:
        status = installer.install(database, created.append)
    if created:
        typer.echo(f"Criado ou atualizado no banco: {format_count(len(created), 'item', 'itens')}.")
    _tell(status)


@app.command()
def check(context: typer.Context) -> None:
    """Diz se as tabelas estão completas, sem mudar nada. Sai com 1 quando não estão."""
    with database_of(context) as database:
        status = installer.check(database)
    _tell(status)


@app.command("user")
def create_user(context: typer.Context) -> None:
    """Cria o usuário WAGATE, que só enxerga as tabelas WA_*, e passa a guardar a senha dele."""
    with database_of(context) as database:
        installer.require_ready(database)
        where = store_secret(DATABASE_PASSWORD, user.create_user(database))
    typer.echo(
        f"Usuário {user.USER} pronto; a senha nova ficou em: {where.value}.\n"
        f'Agora escreva no config.toml, em [banco]: usuario = "{user.USER}"'
    )


@app.command("print")
def print_script() -> None:
    """Mostra o script SQL completo, para quem prefere instalar pelo isql."""
    typer.echo(as_script())


def _tell(status: installer.SchemaStatus) -> None:
    typer.echo(status.explain())
    if not status.ready:
        raise typer.Exit(1)
