"""``integrator panel``: opens the panel in the browser, signed in as who sits at this computer."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from integrator.cli.context import choice_of
from integrator.local_address import one_time_link
from integrator.paths import data_folder


def open_page(context: typer.Context, page: str) -> None:
    """Open a page of the running panel in the browser, signed in; raises ``PanelAway``."""
    address = one_time_link(data_folder(choice_of(context).data), page)
    if not webbrowser.open(address):
        typer.echo(address)


def panel(
    context: typer.Context,
    link: Annotated[
        bool, typer.Option("--link", help="Só mostra o endereço, que abre uma vez, por dois minutos.")
    ] = False,
    to: Annotated[str, typer.Option("--ir", metavar="PÁGINA", help="Que página abrir, como /fila.")] = "/",
) -> None:
    """Abre o painel no navegador, sem senha, neste computador."""
    address = one_time_link(data_folder(choice_of(context).data), to)
    if link or not webbrowser.open(address):
        typer.echo(address)
