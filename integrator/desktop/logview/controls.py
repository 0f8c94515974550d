"""What the person sets: the day, the level, the words; whether the end is followed; the way from error to error."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final, Protocol

from integrator.desktop.kit.pieces import Choice, Field, button, check
from integrator.desktop.kit.theme import look_of
from integrator.desktop.logview.view import Filter
from integrator.desktop.logview.words import day_words
from integrator.logs.lines import Level

#: Words are looked for when the person has typed no more for so long.
_PAUSE_MS: Final = 300
_LEVELS: Final = tuple(Level)


class Wishes(Protocol):
    """Whoever does what is asked."""

    def choose_day(self, place: int) -> object: ...
    def choose_filter(self) -> object: ...
    def to_list(self) -> object: ...
    def set_follow(self) -> object: ...
    def previous_error(self) -> object: ...
    def next_error(self) -> object: ...
    def stop_search(self) -> object: ...


@dataclass(frozen=True, slots=True)
class _Days:
    shown: tuple[date, ...] = ()
    today: date | None = None


class Controls(ttk.Frame):
    """Two rows above the list."""

    def __init__(self, parent: tk.Misc, wishes: Wishes) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self._days = _Days()
        self._typed: str | None = None
        self._asked = Filter()
        self.day = Choice(self, "&Dia", lambda: wishes.choose_day(self.day.at), width=17)
        self.level = Choice(self, "&Mostrar", self._ask, width=14)
        self.level.offer([each.label for each in Level])
        self.level.at = 0
        self.words = Field(self, "&Procurar", width=16)
        self.words.entry.bind("<KeyRelease>", lambda _: self._ask_soon())
        self.words.entry.bind("<Return>", lambda _: self._entered())
        gap = look_of(self).px(8)
        for column, piece in enumerate((self.day, self.level, self.words)):
            piece.grid(row=0, column=column, sticky="ew", padx=(2 * gap if column else 0, 0))
        self.columnconfigure(2, weight=1)
        below = ttk.Frame(self)
        below.grid(row=1, column=0, columnspan=3, sticky="ew", pady=(gap, 0))
        self._second_row(below, gap)

    def _second_row(self, row: ttk.Frame, gap: int) -> None:
        self.following = tk.BooleanVar(self, value=True)
        self.follow = check(row, "&Seguir", self.following, self._wishes.set_follow)
        self.previous = button(row, "Erro &anterior", self._wishes.previous_error)
        self.next = button(row, "Próximo &erro (F8)", self._wishes.next_error)
        self.cancel = button(row, "Cancelar", self._wishes.stop_search)
        self.status = ttk.Label(row, style="Muted.TLabel", anchor="e", width=1)
        for column, piece in ((0, self.follow), (1, self.previous), (2, self.next), (4, self.cancel)):
            piece.grid(row=0, column=column, sticky="ew", padx=(2 * gap if column == 1 else gap if column else 0, 0))
        row.columnconfigure(3, weight=1)
        self._gap = gap
        self._font = tkfont.nametofont("TkDefaultFont", root=self)
        self.cancel.grid_remove()
        row.bind("<Configure>", lambda _: self._place_status())

    @property
    def filter(self) -> Filter:
        return Filter(_LEVELS[self.level.at], self.words.value)

    @filter.setter
    def filter(self, wanted: Filter) -> None:
        """Show it as what was asked; nobody is told."""
        self._asked = wanted
        self.level.at = _LEVELS.index(wanted.level)
        self.words.value = wanted.words

    def show_days(self, days: Sequence[date], shown: date | None) -> None:
        """Offer these; ``shown`` is the one whose log is on the screen."""
        now = _Days(tuple(days), date.today())
        if now != self._days:
            self._days = now
            self.day.offer([day_words(day, date.today()) for day in days])
        if shown in now.shown:
            self.day.at = now.shown.index(shown)
        else:
            self.day.box.set("")

    def say(self, text: str, *, cancellable: bool) -> None:
        """The words at the right: how many lines, or how far the search is."""
        self.status.configure(text=text)
        if cancellable:
            self.cancel.grid()
        else:
            self.cancel.grid_remove()
        self._place_status()

    def _place_status(self) -> None:
        """Beside the buttons where it fits, below them in a narrow window."""
        row = self.status.master
        taken = [piece for piece in (self.follow, self.previous, self.next, self.cancel) if piece.winfo_manager()]
        room = row.winfo_width() - sum(piece.winfo_reqwidth() for piece in taken) - (len(taken) + 1) * self._gap
        needed = self._font.measure(str(self.status.cget("text")))
        if needed <= room or needed == 0:
            self.status.grid(row=0, column=3, columnspan=1, sticky="ew", padx=(self._gap, 0), pady=0)
        else:
            self.status.grid(row=1, column=0, columnspan=5, sticky="ew", padx=0, pady=(self._gap // 2, 0))

    def _entered(self) -> None:
        self._ask()
        self._wishes.to_list()

    def _ask_soon(self) -> None:
        if self._typed is not None:
            self.after_cancel(self._typed)
        self._typed = self.after(_PAUSE_MS, self._ask)

    def _ask(self) -> None:
        if self._typed is not None:
            self.after_cancel(self._typed)
            self._typed = None
        if self.filter != self._asked:
            self._asked = self.filter
            self._wishes.choose_filter()
