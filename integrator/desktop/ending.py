"""The window that is seen while the message in hand leaves and the program then ends."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from integrator.desktop.kit.pieces import wrapped
from integrator.desktop.kit.window import NAME, Window

_WIDTH: Final = 400
_TITLE: Final = "Terminando a mensagem em andamento…"
_TEXT: Final = "O Integrador fecha sozinho em seguida. O que está na fila sai quando ele for aberto de novo."


class EndingWindow(Window):
    """Nothing is asked: closed, the program ends all the same."""

    def __init__(self, root: tk.Misc, *, on_close: Callable[[], object] = lambda: None) -> None:
        super().__init__(root, NAME, on_close=on_close)
        self.title(NAME)
        gap = self.look.px(8)
        ttk.Label(self.body, text=_TITLE, style="Title.TLabel").grid(sticky="w")
        wrapped(self.body, _TEXT).grid(sticky="ew", pady=gap)
        bar = ttk.Progressbar(self.body, mode="indeterminate")
        bar.grid(sticky="ew", pady=gap)
        bar.start()
        self.body.columnconfigure(0, weight=1, minsize=self.look.px(_WIDTH))
