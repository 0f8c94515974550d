"""``integrator boleto check`` and ``integrator pix check``: digits verified at the counter, without a database."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from integrator.cli.portuguese import App
from integrator.cli.values import day
from integrator.cli_checks import DigitsReport, boleto_check, pix_check

boleto = App(help="Confere os dígitos de boletos e contas.")
pix = App(help="Confere códigos PIX.")

AsJson = Annotated[bool, typer.Option("--json", help="Resposta em JSON, para programas.")]


# A group with one command would be that command itself, without the word "check".
@boleto.callback()
def boleto_commands() -> None:
    """Confere os dígitos de boletos e contas."""


@pix.callback()
def pix_commands() -> None:
    """Confere códigos PIX."""


@boleto.command("check")
def check_boleto(
    digits: Annotated[
        list[str],
        typer.Argument(metavar="DÍGITOS...", help="Linha digitável ou código de barras, com qualquer pontuação."),
    ],
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="DATA", parser=day, help="Dia em que o vencimento é lido; padrão: hoje."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Confere a linha digitável ou o código de barras: banco, vencimento, valor e a outra forma. Sai com 1 se houver
    erro."""
    _tell(boleto_check(" ".join(digits), on or date.today()), as_json=as_json)


@pix.command("check")
def check_pix(
    payload: Annotated[list[str], typer.Argument(metavar="CÓDIGO", help="O PIX copia e cola.")],
    as_json: AsJson = False,
) -> None:
    """Confere um PIX copia e cola. Sai com 1 se houver erro."""
    _tell(pix_check(" ".join(payload)), as_json=as_json)


def _tell(report: DigitsReport, *, as_json: bool) -> None:
    typer.echo(report.json() if as_json else "\n".join(report.lines()))
    if not report.valid:
        raise typer.Exit(1)
