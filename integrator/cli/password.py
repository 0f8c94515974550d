"""``integrator senha``: keeps the database's password where the program reads it, and nobody else."""

from __future__ import annotations

from typing import Annotated

import typer

from integrator.cli.context import choice_of
from integrator.cli.portuguese import WrongUsage
from integrator.secrets import DATABASE_PASSWORD, delete_secret, store_secret


def keep(
    context: typer.Context,
    machine: Annotated[
        bool, typer.Option("--maquina", help="Em arquivo protegido, que também um serviço do sistema consegue ler.")
    ] = False,
    forget: Annotated[bool, typer.Option("--esquecer", help="Apaga a senha guardada.")] = False,
) -> None:
    """Guarda a senha do banco de dados: no cofre de senhas do sistema ou em arquivo protegido."""
    choice = choice_of(context)
    name = choice.settings().database.secret if choice.database else DATABASE_PASSWORD
    if forget:
        delete_secret(name)
        typer.echo("Senha apagada.")
        return
    password = typer.prompt("Senha do banco de dados", hide_input=True, default="", show_default=False)
    if not password:
        raise WrongUsage("A senha não pode ficar vazia. Para apagar a que está guardada: integrator senha --esquecer")
    where = store_secret(name, password, machine=machine)
    typer.echo(f"Senha guardada em: {where.value}.")
