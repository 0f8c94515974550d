"""Buttons, fields, banners and links: made by what they are for, alike in every window.

A ``&`` in a label stands before the letter that Alt reaches it by.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import Final

from integrator.desktop.kit.signs import Kind, sign
from integrator.desktop.kit.theme import look_of

#: Letters that a text asks room for, however wide it may become: else it and its window could push each other forever.
_ROOM: Final = 32
#: Pixels that a label keeps at its sides: a line as wide as all of it would lose the end of its last letter.
_EDGES: Final = 4


def button(parent: tk.Misc, label: str, command: Callable[[], object], *, primary: bool = False) -> ttk.Button:
    """A button; Enter and space press it when it has the focus, Alt and its letter from anywhere in the window."""
    text, letter = split_letter(label)
    made = ttk.Button(parent, text=text, underline=letter, style="Primary.TButton" if primary else "TButton")
    made.configure(command=command)
    made.bind("<Return>", lambda _: made.invoke())
    reach(made, text, letter, made.invoke)
    return made


def check(
    parent: tk.Misc, label: str, variable: tk.BooleanVar, command: Callable[[], object] | None = None
) -> ttk.Checkbutton:
    """A box to tick."""
    text, letter = split_letter(label)
    made = ttk.Checkbutton(parent, text=text, underline=letter, variable=variable)
    if command is not None:
        made.configure(command=command)
    reach(made, text, letter, made.invoke)
    return made


def link(parent: tk.Misc, text: str, command: Callable[[], object]) -> ttk.Label:
    """Words that lead somewhere; reached by Tab and pressed by Enter as a button is."""
    made = ttk.Label(parent, text=text, style="Link.TLabel", cursor="hand2", takefocus=True)
    made.bind("<Button-1>", lambda _: command())
    made.bind("<Return>", lambda _: command())
    made.bind("<FocusIn>", lambda _: made.configure(style="Strong.TLabel"))
    made.bind("<FocusOut>", lambda _: made.configure(style="Link.TLabel"))
    return made


def wrapped(parent: tk.Misc, text: str = "", *, style: str = "TLabel") -> ttk.Label:
    """Text that breaks where its own width ends: it takes the room of its place, and never widens it."""
    made = ttk.Label(parent, text=text, style=style, justify="left", anchor="w", width=_ROOM)

    def fit(event: tk.Event[tk.Misc]) -> None:
        if event.width > _EDGES:  # a window that was never shown has no room yet: its text would be a column of letters
            made.configure(wraplength=event.width - _EDGES)

    made.bind("<Configure>", fit)
    return made


class Field(ttk.Frame):
    """A label, what is typed under it, and below that a hint or what is wrong with it.

    ``secret`` shows dots. The label's letter puts the focus into the field.
    """

    def __init__(self, parent: tk.Misc, label: str, *, hint: str = "", secret: bool = False, width: int = 30) -> None:
        super().__init__(parent)
        look = look_of(self)
        self._hint = hint
        self.variable = tk.StringVar(self)
        text, letter = split_letter(label)
        ttk.Label(self, text=text, underline=letter, style="Strong.TLabel").grid(row=0, column=0, sticky="w")
        self.entry = ttk.Entry(self, textvariable=self.variable, width=width, show="•" if secret else "")
        self.entry.grid(row=1, column=0, sticky="ew", pady=(look.px(4), 0))
        self._below = wrapped(self, hint, style="Small.TLabel")
        self._below.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(look.px(2), 0))
        self.columnconfigure(0, weight=1)
        if not hint:
            self._below.grid_remove()
        reach(self.entry, text, letter, self.entry.focus_set)

    @property
    def value(self) -> str:
        return self.variable.get()

    @value.setter
    def value(self, text: str) -> None:
        self.variable.set(text)

    def explain(self, hint: str) -> None:
        """Another hint from now on; what was wrong with it is no longer shown."""
        self._hint = hint
        self.complain("")

    def complain(self, problem: str) -> None:
        """Show what is wrong with it, with its colour and a word; empty: nothing is."""
        self.entry.state(["invalid" if problem else "!invalid"])
        shown = problem or self._hint
        self._below.configure(text=shown, style="Bad.TLabel" if problem else "Small.TLabel")
        if shown:
            self._below.grid()
        else:
            self._below.grid_remove()


class Choice(ttk.Frame):
    """A label, and below it one of several texts to choose by the keyboard or from a list.

    The label's letter puts the focus there. ``chosen`` is called when the person chose, not when :attr:`at` is set.
    """

    def __init__(self, parent: tk.Misc, label: str, chosen: Callable[[], object], *, width: int = 20) -> None:
        super().__init__(parent)
        text, letter = split_letter(label)
        ttk.Label(self, text=text, underline=letter, style="Strong.TLabel").grid(row=0, column=0, sticky="w")
        self.box = ttk.Combobox(self, state="readonly", width=width)
        self.box.grid(row=1, column=0, sticky="ew", pady=(look_of(self).px(4), 0))
        self.columnconfigure(0, weight=1)
        self._chosen = chosen
        self.box.bind("<<ComboboxSelected>>", self._selected)
        reach(self.box, text, letter, self.box.focus_set)

    def offer(self, texts: Sequence[str]) -> None:
        """What there is to choose from; what is shown stays."""
        self.box.configure(values=list(texts))

    @property
    def at(self) -> int:
        """The place of the text that is shown, -1 when it is none of those offered."""
        return self.box.current()

    @at.setter
    def at(self, place: int) -> None:
        self.box.current(place)

    def _selected(self, _: object) -> None:
        self.box.selection_clear()
        self._chosen()


class Banner(ttk.Frame):
    """A message with its sign: what happened, why, what to do. Hidden until :meth:`show`."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._look = look_of(self)
        self._sign = ttk.Label(self)
        self._picture: tk.PhotoImage | None = None
        self._title = wrapped(self, style="Strong.TLabel")
        self._text = wrapped(self)
        self._sign.grid(row=0, column=0, rowspan=2, sticky="n", padx=(0, self._look.px(10)))
        self.columnconfigure(1, weight=1)
        self.kind: Kind | None = None

    @property
    def told(self) -> str:
        """What it says now, title and text; empty when it is hidden."""
        return (
            "\n".join(filter(None, (str(self._title.cget("text")), str(self._text.cget("text"))))) if self.kind else ""
        )

    def show(self, kind: Kind, title: str, text: str = "") -> None:
        """Say it in place of what was said before. The banner must be laid out by ``grid``."""
        self.kind = kind
        self._picture = sign(self, kind, self._look)
        self._sign.configure(image=self._picture)
        for row, (label, words) in enumerate(((self._title, title), (self._text, text))):
            label.configure(text=words)
            if words:
                label.grid(row=row, column=1, sticky="ew")
            else:
                label.grid_remove()
        self.grid()

    def hide(self) -> None:
        """Say nothing."""
        self.kind = None
        self.grid_remove()


def split_letter(label: str) -> tuple[str, int]:
    """The text without ``&`` and the place of its letter, -1 without one."""
    place = label.find("&")
    return label.replace("&", "", 1), place


def reach(widget: tk.Misc, text: str, letter: int, act: Callable[[], object]) -> None:
    """Have Alt and that letter of the text do it, as long as the widget can be seen."""
    if letter < 0:
        return

    def pressed(_: object) -> str | None:
        if not widget.winfo_exists() or str(widget.cget("state")) == "disabled" or not widget.winfo_viewable():
            return None
        act()
        return "break"

    widget.winfo_toplevel().bind(f"<Alt-{text[letter].lower()}>", pressed, add=True)
