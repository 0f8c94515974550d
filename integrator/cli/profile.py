"""``integrator profile new | check | preview | list``: writing and trying the profile of an ERP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from integrator.cli.console import screen
from integrator.cli.context import choice_of, database_of
from integrator.cli.portuguese import App, WrongUsage
from integrator.domain.errors import SettingsError
from integrator.erp.profiles import discovery
from integrator.erp.profiles.canonical import SOURCES
from integrator.erp.profiles.check import Report, SourceReport, check_profile
from integrator.erp.profiles.configured import profile_of
from integrator.erp.profiles.loader import Profile, load_profile, shipped_profiles
from integrator.erp.profiles.preview import Preview
from integrator.erp.profiles.preview import preview as read_preview
from integrator.messages.formatting import format_count
from integrator.settings.problems import Problem

app = App(help="O perfil: como ler um ERP que não preenche a fila.")
Named = Annotated[
    str,
    typer.Argument(metavar="PERFIL", help="Arquivo .toml ou nome de um exemplo; padrão: o de [fechamento] perfil."),
]
#: More columns than this and a table of rows is read better one field to a line.
_WIDE = 8


@app.command()
def new(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="ARQUIVO", help="O arquivo a criar.")] = Path("perfil.toml"),
    from_database: Annotated[
        bool, typer.Option("--do-banco", help="Procura no banco configurado as tabelas e colunas prováveis.")
    ] = False,
) -> None:
    """Cria um perfil comentado, para completar. Nunca escreve por cima de um arquivo que existe."""
    if file.exists():
        raise WrongUsage(f"O arquivo {file} já existe. Escolha outro nome ou apague-o antes.")
    tables: dict[str, list[str]] = {}
    if from_database:
        with database_of(context) as database:
            tables = discovery.tables_of(database)
    text = discovery.template(file.name, tables)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as created:
            created.write(text)
    except OSError as error:
        raise SettingsError(
            f"Não consegui gravar {file}. Confira se a pasta existe e aceita gravação.", detail=repr(error)
        ) from error
    typer.echo(f"Perfil criado em {file.absolute()}")
    if from_database:
        _tell_guesses(tables)
    typer.echo(f"Complete os SELECTs e confira com: integrator profile check {file}")


@app.command()
def check(context: typer.Context, profile: Named = "") -> None:
    """Confere o perfil no banco, sem executar nada: colunas, tipos, permissões e índices. Sai com 1 se algo impede."""
    chosen = _load(context, profile)
    with database_of(context) as database:
        report = check_profile(database, chosen)
    _tell_report(screen(), report)
    if not report.ok:
        raise typer.Exit(1)


@app.command()
def preview(
    context: typer.Context,
    profile: Named = "",
    show_phones: Annotated[
        bool, typer.Option("--mostrar-telefones", help="Mostra os telefones inteiros, em vez de só o final.")
    ] = False,
) -> None:
    """Mostra as cinco primeiras linhas de cada fonte, como o Integrador as lê."""
    chosen = _load(context, profile)
    console = screen()
    with database_of(context) as database:
        for each in read_preview(database, chosen, datetime.now(), show_phones=show_phones):
            _show(console, each)


@app.command("list")
def list_shipped() -> None:
    """Lista os perfis de exemplo que vêm com o programa."""
    names = shipped_profiles()
    for name in names:
        known = load_profile(name)
        typer.echo(f"{name}: {known.name}. Fontes: {', '.join(source.value for source in known.queries)}.")
    if not names:
        typer.echo("Esta instalação não tem perfis de exemplo.")


def _load(context: typer.Context, named: str) -> Profile:
    """The profile that was named, else the configured one. Raises ``SettingsError``."""
    if named:
        return load_profile(named)
    choice = choice_of(context)
    settings = choice.settings()
    if not settings.closing.profile:
        raise SettingsError(
            "Nenhum perfil foi escolhido. Diga o arquivo no comando, ou escreva-o no config.toml, em [fechamento] "
            "perfil."
        )
    return profile_of(settings, choice.folder())


def _tell_guesses(tables: dict[str, list[str]]) -> None:
    for source, names in discovery.likely_tables(tables).items():
        found = ", ".join(names) or "nenhuma tabela parecida"
        typer.echo(f"{SOURCES[source].about}: {found}.")


def _tell_report(console: Console, report: Report) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Fonte", "Situação", "Colunas"):
        table.add_column(heading, overflow="fold")
    for source in report.sources:
        columns = ", ".join(column.name for column in source.columns)
        table.add_row(*map(Text, (source.name, _state(source), columns)))
    console.print(Text(f"Perfil {report.profile.name} ({report.profile.file})"))
    console.print(table)
    wrong = [problem for problem in report.problems if not problem.warning]
    doubts = [problem for problem in report.problems if problem.warning]
    _tell(console, "Precisa de correção", wrong, report.profile.file)
    _tell(console, "Atenção", doubts, report.profile.file)
    if report.ok:
        said = f", com {format_count(len(doubts), 'aviso', 'avisos')}" if doubts else ""
        console.print(f"O perfil pode ser usado{said}. Veja as primeiras linhas com: integrator profile preview")


def _tell(console: Console, title: str, problems: Iterable[Problem], file: str) -> None:
    for problem in problems:
        console.print(Text(f"{title}: {problem.told(file)}"), soft_wrap=True)


def _state(source: SourceReport) -> str:
    if not source.ok:
        return "erro"
    return "atenção" if source.problems else "OK"


def _show(console: Console, each: Preview) -> None:
    asked = f" ({each.asked})" if each.asked else ""
    console.print(Text(f"\n[{each.name}] {SOURCES[each.source].about}{asked}"))
    if not each.rows:
        console.print("Nenhuma linha.")
        return
    tall = len(each.headings) > _WIDE
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    headings = ["Coluna", *(f"Linha {at}" for at in range(1, len(each.rows) + 1))] if tall else each.headings
    rows = (
        [(name, *values) for name, *values in zip(each.headings, *each.rows, strict=True) if any(values)]
        if tall
        else list(each.rows)
    )
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)
