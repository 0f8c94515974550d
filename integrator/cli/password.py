"""``integrator senha``: keeps the database's password and the numbers' tokens where the program reads them.

Nobody else reads them there, and no answer shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from integrator.cli.context import Choice, choice_of
from integrator.cli.portuguese import WrongUsage
from integrator.domain.errors import SettingsError
from integrator.secrets import DATABASE_PASSWORD, delete_secret, store_secret
from integrator.settings.sections import Engine


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which secret, as people call it. ``spelling`` is the command that keeps it; ``masculine`` for its participle."""

    name: str
    title: str
    spelling: str
    masculine: bool

    @property
    def kind(self) -> str:
        """``Senha``, ``Chave``, ``Token`` or ``Segredo``."""
        return self.title.partition(" ")[0]

    def done(self, verb: str) -> str:
        return f"{self.kind} {verb}{'o' if self.masculine else 'a'}"


def keep(
    context: typer.Context,
    number: Annotated[
        str, typer.Option("--numero", metavar="NOME", help="O token do número com esse nome, e não a senha do banco.")
    ] = "",
    app: Annotated[
        bool,
        typer.Option(
            "--segredo-do-app", help="Junto de --numero: o segredo do aplicativo da Meta, que assina os avisos."
        ),
    ] = False,
    machine: Annotated[
        bool, typer.Option("--maquina", help="Em arquivo protegido, que também um serviço do sistema consegue ler.")
    ] = False,
    forget: Annotated[bool, typer.Option("--esquecer", help="Apaga o que estava guardado.")] = False,
) -> None:
    """Guarda a senha do banco de dados, ou o token de um número: no cofre de senhas do sistema ou em arquivo
    protegido."""
    if app and not number:
        raise WrongUsage("--segredo-do-app só serve junto de --numero NOME.")
    choice = choice_of(context)
    asked = _of_number(choice, number, app=app) if number else _of_database(choice)
    if forget:
        delete_secret(asked.name)
        typer.echo(f"{asked.done('apagad')}.")
        return
    typed = str(typer.prompt(asked.title, hide_input=True, default="", show_default=False))
    # A token is pasted, often with the line's end; a password may begin with a space.
    typed = typed.strip() if number else typed
    if not typed:
        article = "O" if asked.masculine else "A"
        raise WrongUsage(
            f"{article} {asked.kind.lower()} não pode ficar vazi{article.lower()}. Para apagar o que está guardado: "
            f"{asked.spelling} --esquecer"
        )
    where = store_secret(asked.name, typed, machine=machine)
    typer.echo(f"{asked.done('guardad')} em: {where.value}.")
    if number:
        typer.echo("Se o integrador está em execução, reinicie-o para que passe a usar o novo valor.")


def _of_database(choice: Choice) -> _Asked:
    name = choice.settings().database.secret if choice.database else DATABASE_PASSWORD
    return _Asked(name, "Senha do banco de dados", "integrator senha", masculine=False)


def _of_number(choice: Choice, instance: str, *, app: bool) -> _Asked:
    """Raises :class:`SettingsError` for a name that no number has, and for an engine that uses no such secret."""
    settings = choice.settings().for_number(instance)
    number = settings.whatsapp
    spelling = f"integrator senha --numero {instance}"
    if app:
        if number.engine is not Engine.CLOUD_API:
            raise SettingsError(
                f"O número “{instance}” não usa a API oficial da Meta: só ela tem um segredo do aplicativo."
            )
        return _Asked(
            number.app_secret, "Segredo do aplicativo da Meta", f"{spelling} --segredo-do-app", masculine=True
        )
    match number.engine:
        case Engine.EVOLUTION:
            return _Asked(number.secret, "Chave (apikey) da Evolution API", spelling, masculine=False)
        case Engine.CLOUD_API:
            return _Asked(number.secret, "Token da Meta", spelling, masculine=True)
        case Engine.EMBEDDED | Engine.SIMULATOR:
            raise SettingsError(
                f"O número “{instance}” não usa token: ele é conectado pelo celular, com integrator pair."
            )
