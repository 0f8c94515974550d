"""``integrator doctor``: what is wrong, what it means and what to do; and the support bundle."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Collection
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from integrator.cli.console import screen
from integrator.cli.context import Choice, choice_of
from integrator.cli.ending import DONE, FAILED
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
    known = threading.enumerate()
    code = FAILED
    try:
        report = examine(seen, GENERAL, PER_DATABASE)
        if as_json:
            typer.echo(json_of(report), nl=False)
        else:
            _show(report, screen())
        if bundle is not None:
            write_bundle(bundle.absolute(), report, seen, replace=replace)
            typer.echo(f"Pacote de suporte gravado em {bundle.absolute()}", err=True)
        code = DONE if report.healthy else FAILED
    finally:
        atexit.register(_leave, known, code)
    raise typer.Exit(code)


def _context(choice: Choice) -> Context:
    """Where things are. Unlike other commands this one makes no folder and writes no log."""
    from integrator.support.context import Context

    named = os.environ.get("INTEGRATOR_CONFIG", "")
    config = choice.config or (Path(named) if named else config_file(choice.data))
    return Context(config, data_folder(choice.data), choice.settings)


def _leave(known: Collection[threading.Thread], code: int) -> None:
    """At the end of the process: go at once if a thread begun since ``known`` still waits for a frozen server.

    The client library's own farewell would wait for it, too, and for ever.
    """
    if any(thread not in known for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # a windowed program of Windows has neither
                stream.flush()
        os._exit(code)


def _show(report: Report, console: Console) -> None:
    """Each level by its word and its colour, never by colour alone."""
    from rich.markup import escape
    from rich.padding import Padding

    from integrator.support.finding import Level
    from integrator.support.report import WORDS, headline, place_of

    def tell(text: str, indent: int) -> None:
        console.print(Padding(text, (0, 0, 0, indent), expand=False))

    for place, findings in groupby(report.findings, key=place_of):
        console.print(f"\n[bold]{escape(place)}[/bold]")
        for finding in findings:
            word = f"[{_COLOURS[finding.level]}]{escape(f'[{WORDS[finding.level]}]')}[/]"
            tell(f"{word} {escape(finding.title)}: {escape(finding.text)}", 2)
            if finding.fix and finding.level is not Level.SKIPPED:
                tell(f"O que fazer: {escape(finding.fix)}", 6)
    console.print(f"\n{headline(report)}")
