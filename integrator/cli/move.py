"""``integrator authorize`` and ``integrator move export | import``: which computer sends, said by a person."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from integrator.cli.context import Choice, choice_of, database_of
from integrator.cli.portuguese import App
from integrator.erp.connection import Database
from integrator.erp.schema.installer import require_ready
from integrator.installation.archive import MoveError
from integrator.installation.authorisation import authorise, standing
from integrator.installation.identity import Installation, this_installation
from integrator.installation.moving import read_moving
from integrator.installation.records import Beat, Noticed, look
from integrator.installation.standing import Asks, Authorised, judge
from integrator.settings import Settings
from integrator.settings.environment import PREFIX

app = App(help="Leva a instalação para outro computador, sem que os dois enviem.")
_YES = frozenset({"s", "sim"})
File = Annotated[Path, typer.Argument(metavar="ARQUIVO", help="O arquivo .zip da instalação.")]


def authorize(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--sim", help="Autoriza sem perguntar.")] = False,
) -> None:
    """Autoriza este computador a enviar as mensagens deste banco, depois de mostrar o que foi notado."""
    from integrator.app import JOURNAL_FILE

    choice, now = choice_of(context), datetime.now()
    with database_of(context) as database:
        require_ready(database)
        us = this_installation(choice.folder() / JOURNAL_FILE, now)
        seen = look(database, us)
        verdict = judge(us, seen, read_moving(us.folder))
        _show(us, seen, database)
        if not isinstance(verdict, Asks):
            known = isinstance(verdict, Authorised) or isinstance(standing(database, us, now), Authorised)
            typer.echo("Este computador já está autorizado a enviar." if known else _REPEAT)
            return
        typer.echo(f"\nO que foi notado: {verdict.reason}")
        _warn(seen.others(us.owner))
        if not (yes or _agreed()):
            typer.echo("Nada mudou: este computador continua só simulando.")
            raise typer.Exit(1)
        authorise(database, us, seen, now)
    typer.echo(_AUTHORISED)


@app.command("export")
def export(context: typer.Context, file: File) -> None:
    """Grava a instalação em um arquivo. Depois disso, este computador não envia mais."""
    from integrator.support import move

    choice = choice_of(context)
    settings = Settings.load(choice.config)
    choice.start_log(settings)
    try:
        done = move.export(settings, choice.folder(), _config_of(choice), file.absolute(), _whole_second())
    except OSError as error:
        raise MoveError(_CANNOT_WRITE.format(error.filename or file), detail=repr(error)) from error
    typer.echo(_EXPORTED.format(file.absolute()))
    if done.away:
        typer.echo(_AWAY_AT_EXPORT.format(", ".join(done.away)))


@app.command("import")
def import_(
    context: typer.Context,
    file: File,
    replacing: Annotated[
        bool, typer.Option("--substituir", help="Põe a instalação no lugar da que já existe, que fica guardada.")
    ] = False,
) -> None:
    """Traz a instalação de outro computador, que assim este substitui."""
    from integrator.support import move

    choice = choice_of(context)
    try:
        move.bring(file.absolute(), choice.folder(), _whole_second(), replacing=replacing)
    except OSError as error:
        raise MoveError(_CANNOT_WRITE.format(error.filename or file), detail=repr(error)) from error
    typer.echo(f"Instalação importada em {choice.folder()}")
    own = choice.folder() / move.CONFIG
    settings = Settings.load(choice.config or (own if own.exists() else None))
    choice.start_log(settings)
    for missing in move.not_here(settings, choice.folder()):
        typer.echo(f"Falta neste computador, ou está em outro lugar: {missing}")
    _introduce(settings, choice.folder())


def _introduce(settings: Settings, folder: Path) -> None:
    """Tell each database that this computer takes the place of the other."""
    from integrator.app import JOURNAL_FILE
    from integrator.support.move import each_database

    us = this_installation(folder / JOURNAL_FILE, datetime.now())

    def work(database: Database) -> None:
        require_ready(database)
        verdict = standing(database, us, datetime.now())
        if isinstance(verdict, Asks):
            typer.echo(f"{database.target.path}: {verdict.reason}\n{_STILL_ASKS}")
        else:
            typer.echo(f"{database.target.path}: este computador passa a enviar; o outro não envia mais.")

    away = each_database(settings, work)
    if away:
        typer.echo(_AWAY_AT_IMPORT.format(", ".join(away)))


def _show(us: Installation, seen: Noticed, database: Database) -> None:
    server = database.target.host or "este computador"
    typer.echo(f"Computador: {us.machine.name}\nBanco: {database.target.path} em {server}")
    for granted in seen.granted:
        here = " (este diário de envios)" if granted.journal == us.journal else ""
        told = f"{granted.computer}, desde {granted.at:%d/%m/%Y %H:%M}" if granted.machine else "ilegível"
        typer.echo(f"Autorizado: {told}{here}")
    for beat in seen.others(us.owner):
        typer.echo(f"Outro integrador: {beat.computer or beat.owner}, último sinal em {beat.at:%d/%m/%Y %H:%M}")


def _warn(others: Sequence[Beat]) -> None:
    alive = ", ".join(dict.fromkeys(beat.computer or beat.owner for beat in others if beat.alive))
    if alive:
        typer.echo(
            f"Atenção: outro integrador está em atividade agora ({alive}). Se ele atende esta mesma fila, os dois "
            "vão dividir o envio; se este é o substituto dele, pare o outro antes."
        )


def _agreed() -> bool:
    answer = typer.prompt("Este computador passa a enviar? (sim ou não)", default="não", show_default=False)
    return str(answer).strip().casefold() in _YES


def _config_of(choice: Choice) -> Path:
    """The file that the settings came from, as ``Settings.load`` chooses it."""
    named = os.environ.get(f"{PREFIX}CONFIG", "")
    return choice.config or (Path(named) if named else choice.folder() / "config.toml")


def _whole_second() -> datetime:
    return datetime.now().replace(microsecond=0)


_REPEAT = "A situação mudou agora mesmo. Veja de novo: integrator authorize"
_AUTHORISED = (
    "Este computador passa a enviar. Se o integrador está em execução, ele começa em alguns segundos; mensagens "
    "antigas podem ficar retidas até alguém conferir (integrator queue)."
)
_EXPORTED = (
    "Instalação gravada em {0}\n"
    "Este computador não envia mais. No computador novo: integrator move import ARQUIVO\n"
    "A senha do banco não vai no arquivo: no computador novo, guarde-a com `integrator senha`.\n"
    "A sessão do WhatsApp também não vai: desconecte este computador (integrator gateway disconnect --all) e conecte o "
    "celular no novo (integrator pair).\n"
    "O arquivo tem telefones de clientes: leve-o em mãos e apague-o depois."
)
_AWAY_AT_EXPORT = (
    "Não consegui falar com o banco ({0}). A instalação foi gravada, mas o computador novo vai pedir autorização: "
    "integrator authorize"
)
_AWAY_AT_IMPORT = (
    "Não consegui usar o banco ({0}) agora. Confira a senha (integrator senha) e o servidor; este computador "
    "assume o lugar do outro assim que o integrador conseguir conectar."
)
_STILL_ASKS = "Enquanto isso ele só simula. Para autorizar: integrator authorize"
_CANNOT_WRITE = "Não consegui ler ou gravar {0}. Confira o espaço em disco, a permissão e se o arquivo está em uso."
