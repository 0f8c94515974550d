"""The right side of the window: what the test found, and how far whatever runs has come."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from integrator.desktop.connection.findings import FindingsList
from integrator.desktop.kit.pieces import button
from integrator.desktop.kit.theme import look_of

_EMPTY: Final = (
    "Preencha os campos e teste a conexão. O resultado aparece aqui, com o que fazer quando algo não estiver certo."
)


class Results(ttk.Frame):
    """:meth:`begin` and :meth:`end` show and hide the progress."""

    def __init__(self, parent: tk.Misc, cancel: Callable[[], object]) -> None:
        super().__init__(parent)
        px = look_of(self).px
        ttk.Label(self, text="Resultado do teste", style="Strong.TLabel").grid(row=0, column=0, sticky="w")
        self.list = FindingsList(self, _EMPTY)
        self.list.grid(row=1, column=0, sticky="nsew", pady=(px(4), 0))
        self._progress = ttk.Frame(self)
        self._doing = ttk.Label(self._progress, style="Small.TLabel")
        self._bar = ttk.Progressbar(self._progress)
        self._cancel = button(self._progress, "Ca&ncelar", cancel)
        self._doing.grid(row=0, column=0, sticky="w")
        self._bar.grid(row=1, column=0, sticky="ew", pady=(px(4), 0))
        self._cancel.grid(row=0, column=1, rowspan=2, padx=(px(12), 0))
        self._progress.columnconfigure(0, weight=1)
        self._progress.grid(row=2, column=0, sticky="ew", pady=(px(8), 0))
        self._progress.grid_remove()
        self.rowconfigure(1, weight=1)
        self.columnconfigure(0, weight=1)

    @property
    def doing(self) -> str:
        """What runs, in words; empty when nothing does."""
        return str(self._doing.cget("text")) if self._progress.winfo_manager() else ""

    def begin(self, text: str, steps: int) -> None:
        """Something of about so many steps has begun."""
        self._bar.configure(maximum=steps, value=0)
        self._doing.configure(text=text)
        self._progress.grid()
        self._cancel.focus_set()

    def step(self, text: str, done: int) -> None:
        """So many steps are done, and this is the next."""
        self._doing.configure(text=text)
        self._bar.configure(value=done)

    def end(self) -> None:
        """Nothing runs."""
        self._progress.grid_remove()
