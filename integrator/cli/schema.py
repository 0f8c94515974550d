"""``integrator schema install | check | print``."""

from __future__ import annotations

import typer

from integrator.cli.context import choice_of, database_of
from integrator.cli.portuguese import App
from integrator.erp.schema import installer, user
from integrator.erp.schema.migrations import as_script
from integrator.messages.formatting import format_count
from integrator.secrets import store_secret
from integrator.settings import Settings

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
    chosen = choice_of(context).settings().database
    with database_of(context) as database:
        installer.require_ready(database)
        password = user.create_user(database)
    # The user belongs to the server: every database on it has a new password now.
    same_server = [
        other.secret
        for other in Settings.load(choice_of(context).config).databases
        if (other.server, other.port) == (chosen.server, chosen.port)
    ]
    kept = [store_secret(secret, password) for secret in same_server]
    typer.echo(
        f"Usuário {user.USER} pronto; a senha nova ficou em: {kept[0].value}.\n"
        f'Agora escreva no config.toml, em cada banco deste servidor: usuario = "{user.USER}"'
    )


@app.command("print")
def print_script() -> None:
    """Mostra o script SQL completo, para quem prefere instalar pelo isql."""
    typer.echo(as_script())


def _tell(status: installer.SchemaStatus) -> None:
    typer.echo(status.explain())
    if not status.ready:
        raise typer.Exit(1)
