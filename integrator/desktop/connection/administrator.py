"""Asks who makes tables or users in the database: the connection's own user, or for this once another."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk
from typing import Final

from integrator.desktop.kit.pieces import Field, button, wrapped
from integrator.desktop.kit.window import Window

_WIDTH: Final = 480
_PASSWORD_HINT: Final = "Vazia: a mesma da conexão. Serve só para isto e não fica guardada."


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be made: what it does, what it needs, and its button."""

    title: str
    text: str
    verb: str


INSTALL: Final = Deed(
    "Instalar as tabelas",
    "O Integrador cria no banco tabelas próprias, de nome WA_…, que guardam a fila e o histórico das mensagens. Nada "
    "do que é do ERP muda.\n\nPrecisa do SYSDBA ou do dono do banco. Não instale durante o fechamento do ERP.",
    "&Instalar",
)
MAKE_USER: Final = Deed(
    "Criar o usuário WAGATE",
    "O WAGATE só vê as tabelas do Integrador, e não as do ERP. Ele recebe uma senha sorteada, que fica guardada neste "
    "computador, e a conexão passa a usá-lo.\n\nPrecisa do SYSDBA. Se outro computador já entra como WAGATE, ele vai "
    "precisar da senha nova.",
    "C&riar usuário",
)


class AdministratorWindow(Window):
    """``go`` gets user and password (empty: the connection's) once; closed before, nothing happens."""

    def __init__(self, parent: tk.Misc, deed: Deed, user: str, go: Callable[[str, str], object]) -> None:
        super().__init__(parent, deed.title)
        self._connection_user, self._go = user, go
        px = self.look.px
        ttk.Label(self.body, text=deed.title, style="Title.TLabel").grid(row=0, columnspan=2, sticky="w")
        wrapped(self.body, deed.text).grid(row=1, columnspan=2, sticky="ew", pady=(px(8), px(12)))
        self.user = Field(self.body, "&Usuário", width=16)
        self.user.value = user
        self.password = Field(self.body, "&Senha", hint=_PASSWORD_HINT, secret=True, width=24)
        self.user.grid(row=2, column=0, sticky="new", padx=(0, px(12)))
        self.password.grid(row=2, column=1, sticky="new")
        self._buttons(deed.verb)
        self.body.columnconfigure(1, weight=1)
        self.body.columnconfigure(0, minsize=px(_WIDTH) // 3)
        self.body.columnconfigure(1, minsize=2 * px(_WIDTH) // 3)
        self.transient(parent.winfo_toplevel())
        self.bind("<Map>", lambda _: self.grab_set(), add=True)

    def _buttons(self, verb: str) -> None:
        px = self.look.px
        row = ttk.Frame(self.body)
        row.grid(row=3, columnspan=2, sticky="e", pady=(px(16), 0))
        button(row, "&Cancelar", self.close).pack(side="left", padx=(0, px(8)))
        act = button(row, verb, self._take, primary=True)
        act.pack(side="left")
        self.first = act
        for field in (self.user, self.password):
            field.entry.bind("<Return>", lambda _: self._take())

    def _take(self) -> None:
        user, password = self.user.value.strip(), self.password.value
        if not user:
            self.user.complain("Falta o usuário.")
            self.user.entry.focus_set()
        elif user.upper() != self._connection_user.upper() and not password:
            self.password.complain(f"Falta a senha de {user}.")
            self.password.entry.focus_set()
        else:
            self.close()
            self._go(user, password)
