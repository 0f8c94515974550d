"""The window "Sobre": which program this is, where its files are, and whose work is in it."""

from __future__ import annotations

import sys
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tkinter import ttk
from typing import Final

from integrator import __version__
from integrator.desktop.kit.pieces import Banner, button, link, wrapped
from integrator.desktop.kit.signs import Kind
from integrator.desktop.kit.window import NAME, Window
from integrator.desktop.loop import UiLoop
from integrator.desktop.outside import open_outside
from integrator.domain.errors import IntegratorError
from integrator.program import is_frozen

_WIDTH: Final = 440
_SUBTITLE: Final = "Mensagens do seu ERP por WhatsApp"
_HELP: Final = (
    "Para pedir ajuda, gere o pacote de suporte na janela Registro: ele diz o que está errado e não leva dados de "
    "clientes."
)
_MARKS: Final = "WhatsApp é marca da Meta Platforms. O Integrador não é produto dela nem tem o apoio dela."


def licences() -> Path:
    """Where the licences of what comes with the program lie: a folder of the packaged one, else the document."""
    if is_frozen():
        return Path(sys.executable).with_name("LICENCAS")
    return Path(__file__).parents[2] / "docs" / "licencas.md"


@dataclass(frozen=True, slots=True)
class Leads:
    """Where the links lead. ``open_panel`` is called on Tk's thread and returns at once."""

    data: Path
    open_panel: Callable[[], object]
    open_help: Callable[[], object]
    open_file: Callable[[Path], None] = open_outside


class AboutWindow(Window):
    """``open_help`` of the leads: where the support bundle is made."""

    def __init__(
        self, root: tk.Misc, loop: UiLoop, leads: Leads, *, on_close: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(root, "Sobre", on_close=on_close)
        self._loop, self._leads = loop, leads
        px = self.look.px
        ttk.Label(self.body, text=NAME, style="Title.TLabel").grid(sticky="w")
        wrapped(self.body, _SUBTITLE, style="Muted.TLabel").grid(sticky="ew")
        ttk.Label(self.body, text=f"Versão {__version__}").grid(sticky="w", pady=(px(8), 0))
        self._part("Pasta de dados", str(leads.data), "Abrir a pasta de dados", lambda: self._open(leads.data))
        self._part("Ajuda", _HELP, "Abrir o registro", leads.open_help)
        self._part("Licenças", _MARKS, "Ver as licenças", lambda: self._open(licences()))
        link(self.body, "Abrir o painel", leads.open_panel).grid(sticky="w", pady=(px(12), 0))
        self.banner = Banner(self.body)
        self.banner.grid(sticky="ew", pady=(px(12), 0))
        self.banner.grid_remove()
        close = button(self.body, "&Fechar", self.close, primary=True)
        close.grid(sticky="e", pady=(px(16), 0))
        self.first = close
        self.body.columnconfigure(0, weight=1, minsize=px(_WIDTH))

    def _part(self, title: str, text: str, label: str, go: Callable[[], object]) -> None:
        ttk.Label(self.body, text=title, style="Strong.TLabel").grid(sticky="w", pady=(self.look.px(12), 0))
        wrapped(self.body, text).grid(sticky="ew")
        link(self.body, label, go).grid(sticky="w")

    def _open(self, path: Path) -> None:
        self._loop.background(lambda: self._leads.open_file(path), lambda _: self.banner.hide(), self._refused)

    def _refused(self, error: IntegratorError) -> None:
        self.banner.show(Kind.WARN, error.title, error.message)
