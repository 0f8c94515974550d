"""The fields of the window, and what can be said beside each while it is typed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from tkinter import ttk
from typing import Final

from integrator.desktop.connection.fields import Fields, Key, is_this_computer
from integrator.desktop.connection.password_words import password_hint
from integrator.desktop.connection.stored import Stored
from integrator.desktop.connection.wording import library_in_window
from integrator.desktop.kit.pieces import Field, button, check, wrapped
from integrator.desktop.kit.theme import look_of
from integrator.erp.client import ClientChoice
from integrator.secrets import Source

_SERVER_HINT: Final = "O computador onde está o banco do ERP."
_HERE: Final = "O arquivo do banco neste computador, ou o apelido dele."
_THERE: Final = "O caminho como o servidor o vê, por exemplo D:\\S4\\DADOS.FDB, ou o apelido."
_LOOKING: Final = "Vazio: o Integrador procura a do sistema."


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the form asks of the window: files to look for, and a library to look at."""

    pick_database: Callable[[], object]
    pick_library: Callable[[], object]
    look_at_library: Callable[[str], object]


class _Narrow(Field):
    """A field too narrow for a sentence: its hint, or what is wrong with it, stands below the whole row."""

    def __init__(self, parent: tk.Misc, label: str, below: ttk.Label, *, width: int) -> None:
        super().__init__(parent, label, width=width)
        self._sentence = below

    def complain(self, problem: str) -> None:
        self.entry.state(["invalid" if problem else "!invalid"])
        shown = problem or self._hint
        self._sentence.configure(text=shown, style="Bad.TLabel" if problem else "Small.TLabel")
        (self._sentence.grid if shown else self._sentence.grid_remove)()


class Form(ttk.Frame):
    """Shows what is stored and says what is typed."""

    def __init__(self, parent: tk.Misc, wishes: Wishes) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self._stored: Stored | None = None
        px = look_of(self).px
        self._of_port, self._of_user = wrapped(self), wrapped(self)
        self.server = Field(self, "&Servidor", hint=_SERVER_HINT, width=18)
        self.port = _Narrow(self, "&Porta", self._of_port, width=7)
        self.path = Field(self, "&Banco", hint=_HERE, width=20)
        self.user = _Narrow(self, "&Usuário", self._of_user, width=12)
        self.password = Field(self, "Sen&ha", secret=True, width=12)
        self.client = Field(self, "Biblioteca &cliente", hint=_LOOKING, width=20)
        self._visible = tk.BooleanVar(self)
        self.browse = self._beside(self.path, "P&rocurar…", wishes.pick_database)
        self._beside(self.client, "Pr&ocurar…", wishes.pick_library)
        shown = check(self.password, "&Mostrar", self._visible, self._uncover)
        shown.grid(row=1, column=1, padx=(px(8), 0), pady=(px(4), 0))
        self._place(px(12))
        self._listen()

    @property
    def by_key(self) -> Mapping[Key, Field]:
        """The fields by the key that each is for, in the order of the window."""
        return {
            Key.SERVER: self.server,
            Key.PORT: self.port,
            Key.PATH: self.path,
            Key.USER: self.user,
            Key.CLIENT: self.client,
        }

    @property
    def fields(self) -> Fields:
        """What is typed, as it is."""
        return Fields(*(self.by_key[key].value for key in Key))

    @fields.setter
    def fields(self, fields: Fields) -> None:
        for key, field in self.by_key.items():
            if field.value != fields.value(key):
                field.value = fields.value(key)

    def show(self, stored: Stored) -> None:
        """Show what is stored in place of what is typed; what the environment says cannot be typed over."""
        self._stored = stored
        self.fields = stored.fields
        self.password.value = ""
        for key, field in self.by_key.items():
            self._lock(field, stored.fixed.get(key, ""))
        self._explain_path()
        self._explain_password()
        self._look_at_library()
        from_environment = stored.password.source is Source.ENVIRONMENT
        self.password.entry.state(["disabled" if from_environment else "!disabled"])

    def keep(self, typed: Fields, password: str) -> None:
        """Show what was typed over what is stored, where something was and the environment leaves it to be typed."""
        stored = self._stored
        assert stored is not None, "something is shown before it is typed over"
        known = stored.fields
        self.fields = Fields(*((key not in stored.fixed and typed.value(key)) or known.value(key) for key in Key))
        if stored.password.source is not Source.ENVIRONMENT:
            self.password.value = password

    def complain(self, problems: Mapping[Key, str]) -> None:
        """Say what is wrong with which field, and go to the first of them."""
        for key, field in self.by_key.items():
            field.complain(problems.get(key, ""))
        for key in problems:
            self.by_key[key].entry.focus_set()
            break

    def show_library(self, choice: ClientChoice) -> None:
        """Say which library is used and why."""
        told = library_in_window(choice)
        if not choice.usable:
            self.client.complain(told)
        elif self.client.value:
            self.client.explain("Esta biblioteca serve.")
        else:
            self.client.explain(f"{choice.path}. {told}" if choice.path else told)

    def _place(self, gap: int) -> None:
        self.server.grid(row=0, column=0, columnspan=2, padx=(0, gap))
        self.port.grid(row=0, column=2)
        self.path.grid(row=2, column=0, columnspan=3)
        self.user.grid(row=3, column=0, padx=(0, gap))
        self.password.grid(row=3, column=1, columnspan=2)
        self.client.grid(row=5, column=0, columnspan=3)
        for field in (self.server, self.port, self.path, self.user, self.password, self.client):
            field.grid_configure(sticky="new", pady=(gap // 2, 0))
        for row, sentence in ((1, self._of_port), (4, self._of_user)):
            sentence.grid(row=row, column=0, columnspan=3, sticky="ew")
            sentence.grid_remove()
        self.columnconfigure(0, weight=1)
        self.columnconfigure(1, weight=1)

    def _listen(self) -> None:
        self.server.variable.trace_add("write", lambda *_: self._explain_path())
        self.password.variable.trace_add("write", lambda *_: self._explain_password())
        self.client.entry.bind("<FocusOut>", lambda _: self._look_at_library())

    def _beside(self, field: Field, label: str, command: Callable[[], object]) -> ttk.Button:
        px = look_of(self).px
        made = button(field, label, command)
        made.grid(row=1, column=1, padx=(px(8), 0), pady=(px(4), 0))
        return made

    def _lock(self, field: Field, variable: str) -> None:
        field.entry.state(["disabled" if variable else "!disabled"])
        hint = _SERVER_HINT if field is self.server else ""
        field.explain(f"Vem da variável de ambiente {variable}." if variable else hint)

    def _explain_path(self) -> None:
        here = is_this_computer(self.server.value)
        fixed = self._stored is not None and Key.PATH in self._stored.fixed
        self.browse.state(["!disabled" if here and not fixed else "disabled"])
        if not fixed:
            self.path.explain(_HERE if here else _THERE)

    def _explain_password(self) -> None:
        if self._stored is not None:
            self.password.explain(password_hint(self._stored.password, self.password.value))

    def _look_at_library(self) -> None:
        self._wishes.look_at_library(self.client.value.strip())

    def _uncover(self) -> None:
        self.password.entry.configure(show="" if self._visible.get() else "•")
