"""A button that shows ways to choose from: by the mouse, Enter, space or the arrow, and by Alt and its letter."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from integrator.desktop.kit.pieces import reach, split_letter
from integrator.desktop.kit.theme import look_of

#: A label and what it does.
Choices = Sequence[tuple[str, Callable[[], object]]]


def menu_button(parent: tk.Misc, label: str, choices: Choices) -> ttk.Menubutton:
    """The choices drop below it; what is chosen is done at once."""
    text, letter = split_letter(label)
    made = ttk.Menubutton(parent, text=text, underline=letter, direction="below", takefocus=True)
    colours = look_of(made).palette
    menu = tk.Menu(
        made,
        tearoff=False,
        background=colours.surface,
        foreground=colours.text,
        activebackground=colours.selected,
        activeforeground=colours.text,
    )
    for words, act in choices:
        menu.add_command(label=words, command=act)
    made.configure(menu=menu)

    def drop() -> None:
        made.focus_set()
        made.event_generate("<space>")

    for key in ("<Return>", "<Down>"):
        made.bind(key, lambda _: drop())
    reach(made, text, letter, drop)
    return made
