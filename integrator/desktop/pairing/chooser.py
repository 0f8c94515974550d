"""The list of the sender numbers with the state of each in words, where there are several."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from integrator.desktop.engine import NumberView, PairingView
from integrator.desktop.kit.theme import look_of
from integrator.desktop.pairing.stage import is_official, words_of
from integrator.domain.phone import format_phone, with_ninth_digit
from integrator.sending.number_words import NumberWords

_MOST_ROWS: Final = 3
_SIGNS: Final = {"ok": "✓", "warn": "!", "bad": "✕"}
_META: Final = NumberWords("ok", "API oficial da Meta", "")


class Chooser(ttk.Frame):
    """Hidden while there is one number. ``chosen`` is called with the name of the row that was picked."""

    def __init__(self, parent: tk.Misc, chosen: Callable[[str], object]) -> None:
        super().__init__(parent)
        look = look_of(self)
        self.rows = ttk.Treeview(
            self, columns=("name", "state", "number"), show="", height=_MOST_ROWS, selectmode="browse"
        )
        for column, units in (("name", 256), ("state", 288), ("number", 136)):
            self.rows.column(column, width=look.px(units), minwidth=look.px(80), stretch=column != "number")
        for level, colour in (("ok", look.palette.ok), ("warn", look.palette.warn), ("bad", look.palette.bad)):
            self.rows.tag_configure(level, foreground=colour)
        bar = ttk.Scrollbar(self, orient="vertical", command=self.rows.yview)
        self.rows.configure(yscrollcommand=bar.set)
        self.rows.grid(row=0, column=0, sticky="ew")
        self._bar = bar
        self.columnconfigure(0, weight=1)
        self.rows.bind("<<TreeviewSelect>>", lambda _: [chosen(each) for each in self.rows.selection()])
        self._shown: tuple[tuple[str, ...], ...] = ()
        self._instance = ""

    def show(self, numbers: tuple[NumberView, ...], instance: str, pairing: PairingView | None) -> None:
        """The rows as they are now; ``pairing`` is newer news of the chosen one."""
        lines = tuple(_line(each, pairing if each.instance == instance else None) for each in numbers)
        if tuple(line[0] for line in lines) != tuple(line[0] for line in self._shown):
            self._fill(lines)
            self._instance = ""
        elif lines != self._shown:
            for name, _, *words in lines:
                self.rows.item(name, values=words)
            for name, level, *_ in lines:
                self.rows.item(name, tags=(level,))
        self._shown = lines
        if instance != self._instance and self.rows.exists(instance):
            self._instance = instance
            self.rows.selection_set(instance)
            self.rows.focus(instance)
            self.rows.see(instance)

    def _fill(self, lines: tuple[tuple[str, ...], ...]) -> None:
        self.rows.delete(*self.rows.get_children())
        self.rows.configure(height=min(len(lines), _MOST_ROWS))
        for name, level, *words in lines:
            self.rows.insert("", "end", iid=name, values=words, tags=(level,))
        if len(lines) > _MOST_ROWS:
            self._bar.grid(row=0, column=1, sticky="ns")
        else:
            self._bar.grid_remove()


def _line(number: NumberView, pairing: PairingView | None) -> tuple[str, ...]:
    """Name, level, and the three columns."""
    words = words_of(number, pairing)
    if is_official(number) and words.level == "ok":
        words = _META
    told = pairing.number if pairing is not None else number.number
    phone = format_phone(with_ninth_digit(told)) if told else ""
    return number.instance, words.level, number.instance, f"{_SIGNS[words.level]}  {words.title}", phone
