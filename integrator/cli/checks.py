"""``integrator boleto check`` and ``integrator pix check``: digits verified at the counter, without a database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from integrator.cli_checks import DigitsReport, boleto_check, pix_check

boleto = typer.Typer(help="Boletos.", no_args_is_help=True)
pix = typer.Typer(help="PIX.", no_args_is_help=True)


@boleto.callback()
def boleto_commands() -> None:
    """Boletos."""


@pix.callback()
def pix_commands() -> None:
    """PIX."""


@boleto.command("check")
def check_boleto(
    digits: Annotated[list[str], typer.Argument(help="Linha digitável ou código de barras, com qualquer pontuação.")],
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d", "%d/%m/%Y"], help="Data de referência.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Resposta em JSON.")] = False,
) -> None:
    """Confere os dígitos de um boleto ou conta: banco, vencimento, valor e a outra forma. Sai com 1 se houver erro."""
    _tell(boleto_check(" ".join(digits), on.date() if on else date.today()), as_json=as_json)


@pix.command("check")
def check_pix(
    payload: Annotated[str, typer.Argument(help="O PIX copia e cola.")],
    as_json: Annotated[bool, typer.Option("--json", help="Resposta em JSON.")] = False,
) -> None:
    """Confere um PIX copia e cola. Sai com 1 se houver erro."""
    _tell(pix_check(payload), as_json=as_json)


def _tell(report: DigitsReport, *, as_json: bool) -> None:
    typer.echo(report.json() if as_json else "\n".join(report.lines()))
    if not report.valid:
        raise typer.Exit(1)
