"""The small window of the program itself: how it stands, and the lines of the tray's menu as buttons.

A second start shows it, a click on the icon where the system has no menu, and whoever looks for an icon that Windows
hides.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from tkinter import ttk
from typing import Final

from integrator.desktop.art import picture_file
from integrator.desktop.engine import EngineView
from integrator.desktop.kit.menu_button import menu_button
from integrator.desktop.kit.pieces import button, check, wrapped
from integrator.desktop.kit.window import NAME, Window
from integrator.desktop.look import Look
from integrator.desktop.menu import Entry, Item, Separator
from integrator.desktop.sign import Sign
from integrator.desktop.troubles import named, stopped

_WIDTH: Final = 420
_SIGN: Final = 48
_GAP: Final = 8
#: Lines beside each other: three short ones fit, of four every second begins a row.
_COLUMNS: Final = {1: 1, 2: 2, 3: 3, 4: 2}
_WORDS: Final = {
    Sign.ERROR: "Precisa de atenção",
    Sign.DISCONNECTED: "WhatsApp não conectado",
    Sign.PAUSED: "Nada está saindo",
    Sign.SENDING: "Enviando",
    Sign.IDLE: "Tudo certo",
}
_WITHOUT_ENGINE: Final = {Sign.DISCONNECTED: "Falta configurar", Sign.IDLE: "Iniciando"}


class HomeWindow(Window):
    """Shows what it was last given by :meth:`show`; its lines are made once and stay where they are."""

    def __init__(self, root: tk.Misc, *, on_close: Callable[[], object] = lambda: None) -> None:
        super().__init__(root, "Situação", on_close=on_close)
        self.title(NAME)
        px = self.look.px
        self._picture: tk.PhotoImage | None = None
        self._drawn: Sign | None = None
        self._sign = ttk.Label(self.body)
        self._title = ttk.Label(self.body, style="Title.TLabel")
        self._status = wrapped(self.body)
        self._frames: list[ttk.Frame] = []
        self._lines: dict[str, ttk.Widget] = {}
        self._items: dict[str, Item] = {}
        self._ticks: dict[str, tk.BooleanVar] = {}
        self._shown: list[list[str]] = []
        self._sign.grid(row=0, column=0, rowspan=2, sticky="n", padx=(0, px(12)))
        self._title.grid(row=0, column=1, sticky="w")
        self._status.grid(row=1, column=1, sticky="new")
        self.body.columnconfigure(1, weight=1, minsize=px(_WIDTH))

    def show(self, look: Look, entries: Sequence[Entry], problem: str = "") -> None:
        """Show this from now on. ``problem``: what keeps messages from leaving, which the menu has room for in part."""
        if look.sign is not self._drawn:
            self._drawn = look.sign
            self._picture = tk.PhotoImage(master=self, file=str(picture_file(look.sign, self.look.px(_SIGN))))
            self._sign.configure(image=self._picture)
        self._title.configure(text=_title(look))
        self._status.configure(text=problem or look.status)
        groups = _groups(entries)
        self._items |= {item.label: item for group in groups for item in group}
        shown = [[item.label for item in group] for group in groups]
        if shown != self._shown:
            self._lay_out(groups)
            self._shown = shown
        for item in (item for group in groups for item in group):
            self._update(item, look)

    def _lay_out(self, groups: Sequence[Sequence[Item]]) -> None:
        focused = self._place_of_focus()
        for place, group in enumerate(groups):
            frame = self._frame(place, group)
            columns = _COLUMNS.get(len(group), 2)
            for at, item in enumerate(group):
                line, column = self._line(frame, item), at % columns
                gap = self.look.px(_GAP)
                line.grid(row=at // columns, column=column, sticky="ew", padx=(gap if column else 0, 0), pady=(0, gap))
                line.lift()  # Tab goes from the first to the last, whichever was made first
                if (place, at) == focused:
                    line.focus_set()
        self.update_idletasks()  # what is not drawn yet hears no key

    def _frame(self, place: int, group: Sequence[Item]) -> ttk.Frame:
        """The group's own, empty: columns alike, but a box to tick takes the room that buttons beside it leave."""
        if place == len(self._frames):
            self._frames.append(ttk.Frame(self.body))
            self._frames[place].grid(row=2 + place, columnspan=2, sticky="ew", pady=(self.look.px(_GAP), 0))
        frame = self._frames[place]
        for line in frame.grid_slaves():
            line.grid_remove()
        ticked = any(item.checked is not None for item in group)
        columns = group[: _COLUMNS.get(len(group), 2)]
        for column, item in enumerate(columns):
            if ticked:
                frame.columnconfigure(column, weight=int(item.checked is not None))
            else:
                frame.columnconfigure(column, weight=1, uniform="lines")
        for column in range(len(columns), frame.grid_size()[0]):
            frame.columnconfigure(column, weight=0, uniform="")  # there were more of them before
        return frame

    def _place_of_focus(self) -> tuple[int, int] | None:
        """The group, and the place in it, of the line that has the keyboard: what comes in its place keeps it.

        None when another window has it: giving it to a line here would take it from there.
        """
        focused = str(self.tk.call("focus", "-displayof", self))  # maybe a list that Tk itself dropped
        for place, group in enumerate(self._shown):
            for at, label in enumerate(group):
                if str(self._lines[label]) == focused:
                    return place, at
        return None

    def _line(self, frame: ttk.Frame, item: Item) -> ttk.Widget:
        if item.label not in self._lines:
            self._lines[item.label] = self._made(frame, item)
        return self._lines[item.label]

    def _made(self, frame: ttk.Frame, item: Item) -> ttk.Widget:
        label = item.label.replace(item.letter, f"&{item.letter}", 1) if item.letter else item.label
        if item.submenu:
            choices = [(each.label, partial(self._choose, item.label, at)) for at, each in enumerate(item.submenu)]
            return menu_button(frame, label, choices)
        act = partial(self._act, item.label)
        if item.checked is None:
            return button(frame, label, act)
        self._ticks[item.label] = tk.BooleanVar(self)
        return check(frame, label, self._ticks[item.label], act)

    def _act(self, label: str) -> None:
        """What the line is for now: "Retomar envio (2 bancos)" may have been for two others before."""
        _do(self._items[label])

    def _choose(self, label: str, at: int) -> None:
        _do(self._items[label].submenu[at])

    def _update(self, item: Item, look: Look) -> None:
        # The panel is the engine's: without it the click on the icon that means "open the panel" opens this window.
        works = item.enabled and (look.running or not item.default)
        line = self._lines[item.label]
        line.state(["!disabled" if works else "disabled"])
        if item.checked is not None:
            self._ticks[item.label].set(item.checked)
        elif not item.submenu:
            line["style"] = "Primary.TButton" if item.advised and works else "TButton"


def _do(item: Item) -> None:
    assert item.action is not None, "lines without an action are not drawn"
    item.action()


def problem_of(view: EngineView) -> str:
    """What keeps messages from leaving in the engine's or its databases' own words; empty when nothing does."""
    told = [view.problem, *(f"{shop.problem}{named(shop.name, view.shops)}" for shop in view.shops if shop.problem)]
    stops = [f"{each.title}. {each.text}" for number in view.numbers for each in stopped(number, view.numbers)]
    return "\n".join(filter(None, [*told, *stops]))


def _title(look: Look) -> str:
    if look.paused and look.sign is Sign.PAUSED:
        return "Envio pausado em parte" if look.unpaused else "Envio pausado"
    if not look.running and look.sign in _WITHOUT_ENGINE:
        return _WITHOUT_ENGINE[look.sign]
    return _WORDS[look.sign]


def _groups(entries: Sequence[Entry]) -> list[list[Item]]:
    """What can be pressed, as the separators part it."""
    pressed = [each for each in entries if isinstance(each, Separator) or each.action or each.submenu]
    return [
        [item for item in group if isinstance(item, Item)]
        for is_item, group in groupby(pressed, lambda each: isinstance(each, Item))
        if is_item
    ]
