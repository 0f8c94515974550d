"""What every screen of the window of pairing is: a title, what is to be read or done, and a row of buttons.

Above the buttons there is room for what came of the last one and for what is being done: rows 2 and 3.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from datetime import datetime
from tkinter import ttk
from typing import Final

from integrator.desktop.kit.pieces import button, wrapped
from integrator.desktop.kit.signs import Kind
from integrator.desktop.kit.theme import look_of
from integrator.desktop.pairing.shown import Busy, Shown
from integrator.desktop.pairing.talk import PairingTalk

#: The panel's levels as signs.
KINDS: Final = {"ok": Kind.OK, "warn": Kind.WARN, "bad": Kind.BAD}


class Page(ttk.Frame):
    """Made once, shown whenever its stage comes. ``primary`` is what Enter presses, ``first`` what has the focus."""

    def __init__(self, parent: tk.Misc, talk: PairingTalk, close: Callable[[], object]) -> None:
        super().__init__(parent)
        self.look = look_of(self)
        self.talk = talk
        self.close = close
        self.primary: ttk.Button | None = None
        self.first: tk.Widget | None = None
        self._deeds: list[ttk.Button] = []
        self._title = wrapped(self, style="Title.TLabel")
        self._title.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, self.look.px(12)))
        self.content = ttk.Frame(self)
        self.content.grid(row=1, column=0, columnspan=2, sticky="nsew")
        self.left, self.right = ttk.Frame(self), ttk.Frame(self)
        self.left.grid(row=4, column=0, sticky="w", pady=(self.look.px(16), 0))
        self.right.grid(row=4, column=1, sticky="e", pady=(self.look.px(16), 0))
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)

    def show(self, shown: Shown) -> None:
        """Show it; its stage is one of this page's. A :meth:`tick` follows."""
        raise NotImplementedError

    def tick(self, now: datetime) -> None:
        """It is that time now (local)."""

    def tells(self, busy: Busy) -> bool:
        """Whether the page itself says what is being done."""
        del busy
        return False

    def pause(self, busy: Busy | None) -> None:
        """While something is being done, nothing else can be asked for."""
        state = "normal" if busy is None else "disabled"
        for each in self._deeds:
            if str(each.cget("state")) != state:
                each.configure(state=state)

    def head(self, text: str) -> None:
        """The title."""
        if self._title.cget("text") != text:
            self._title.configure(text=text)

    def deed(self, place: ttk.Frame, label: str, command: Callable[[], object], *, primary: bool = False) -> ttk.Button:
        """A button that asks for something, and cannot be pressed while something is being done."""
        made = self.put(place, label, command, primary=primary)
        self._deeds.append(made)
        return made

    def put(self, place: ttk.Frame, label: str, command: Callable[[], object], *, primary: bool = False) -> ttk.Button:
        """A button in the row below."""
        made = button(place, label, command, primary=primary)
        made.pack(side="left", padx=(self.look.px(8) if len(place.pack_slaves()) else 0, 0))
        if primary:
            self.primary = made
        return made
