"""What came of something, with the buttons that go on from there."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from integrator.desktop.dialogs import Way
from integrator.desktop.kit.pieces import Banner, button
from integrator.desktop.kit.signs import Kind
from integrator.desktop.kit.theme import look_of


class Notice(ttk.Frame):
    """A banner over its buttons; hidden until :meth:`show`. Laid out by ``grid``."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._banner = Banner(self)
        self._banner.grid(row=0, column=0, sticky="ew")
        self._ways = ttk.Frame(self)
        self._ways.grid(row=1, column=0, sticky="e")
        self.columnconfigure(0, weight=1)

    @property
    def told(self) -> str:
        """What it says now; empty when it is hidden."""
        return self._banner.told

    @property
    def labels(self) -> tuple[str, ...]:
        """The buttons that it offers now, from left to right."""
        return tuple(str(child.cget("text")) for child in self._ways.winfo_children())

    def show(self, kind: Kind, title: str, text: str, *ways: Way) -> None:
        """Say it in place of what was said before; the keyboard goes to the last way, which is the one to take."""
        self._clear()
        self._banner.show(kind, title, text)
        gap = look_of(self).px(8)
        for way in ways:
            button(self._ways, way.label, way.go).pack(side="left", padx=(gap, 0), pady=(gap, 0))
        if ways:
            self._ways.grid()
            self._ways.winfo_children()[-1].focus_set()
        else:
            self._ways.grid_remove()
        self.grid()

    def hide(self) -> None:
        """Say nothing."""
        self._clear()
        self._banner.hide()
        self.grid_remove()

    def _clear(self) -> None:
        for child in self._ways.winfo_children():
            child.destroy()
