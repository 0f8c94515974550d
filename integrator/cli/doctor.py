"""``integrator doctor``: what is wrong, what it means and what to do; and the support bundle."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from integrator.cli.console import screen
from integrator.cli.context import Choice, choice_of
from integrator.cli.portuguese import WrongUsage
from integrator.paths import config_file, data_folder

if TYPE_CHECKING:
    from rich.console import Console

    from integrator.support.context import Context
    from integrator.support.doctor import Report

_COLOURS: Final = {"ok": "green", "atencao": "yellow", "erro": "bold red", "nao_verificado": "dim"}


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Resposta em JSON, para programas.")] = False,
    bundle: Annotated[
        Path | None,
        typer.Option("--bundle", metavar="ARQUIVO.zip", help="Grava também o pacote de suporte, sem dados pessoais."),
    ] = None,
    replace: Annotated[bool, typer.Option("--substituir", help="Permite gravar o pacote por cima de outro.")] = False,
) -> None:
    """Confere programa, configuração, rede, banco, fila e fechamento, e diz o que corrigir. Nada é alterado. Sai com 1
    quando há erro."""
    from integrator.support.bundle import refuse_existing, write_bundle
    from integrator.support.checks import GENERAL, PER_DATABASE
    from integrator.support.doctor import examine
    from integrator.support.report import as_json as json_of

    if replace and bundle is None:
        raise WrongUsage("--substituir só serve junto de --bundle ARQUIVO.zip.")
    if bundle is not None:
        refuse_existing(bundle.absolute(), replace=replace)
    seen = _context(choice_of(context))
    report = examine(seen, GENERAL, PER_DATABASE)
    if as_json:
        typer.echo(json_of(report), nl=False)
    else:
        _show(report, screen())
    if bundle is not None:
        write_bundle(bundle.absolute(), report, seen, replace=replace)
        typer.echo(f"Pacote de suporte gravado em {bundle.absolute()}", err=True)
    if not report.healthy:
        raise typer.Exit(1)


def _context(choice: Choice) -> Context:
    """Where things are. Unlike other commands this one makes no folder and writes no log."""
    from integrator.support.context import Context

    named = os.environ.get("INTEGRATOR_CONFIG", "")
    config = choice.config or (Path(named) if named else config_file(choice.data))
    return Context(config, data_folder(choice.data), choice.settings)


def _show(report: Report, console: Console) -> None:
    """Each level by its word and its colour, never by colour alone."""
    from rich.markup import escape
    from rich.padding import Padding

    from integrator.support.finding import Level
    from integrator.support.report import WORDS, headline, place_of

    for place, findings in groupby(report.findings, key=place_of):
        console.print(f"\n[bold]{escape(place)}[/bold]")
        for finding in findings:
            word = f"[{_COLOURS[finding.level]}]{escape(f'[{WORDS[finding.level]}]')}[/]"
            console.print(
                Padding(f"{word} {escape(finding.title)}: {escape(finding.text)}", (0, 0, 0, 2), expand=False)
            )
            if finding.fix and finding.level is not Level.SKIPPED:
                console.print(Padding(f"O que fazer: {escape(finding.fix)}", (0, 0, 0, 6), expand=False))
    console.print(f"\n{headline(report)}")
