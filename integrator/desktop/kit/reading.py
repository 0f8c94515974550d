"""Text to be read and copied, longer than its room: scrolled, and passed by the keyboard like any other piece."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk
from typing import Any

from integrator.desktop.kit.theme import look_of


def reading_text(frame: ttk.Frame, **options: Any) -> tk.Text:
    """Fills ``frame`` with a text in our colours and its scroll bar; Tab goes on instead of being typed.

    ``options`` are Tk's, beside those of the look. That nothing can be typed is the caller's part.
    """
    look = look_of(frame)
    colours = look.palette
    text = tk.Text(
        frame,
        width=1,
        wrap="word",
        relief="flat",
        highlightthickness=look.px(1),
        highlightbackground=colours.line,
        highlightcolor=colours.brand,
        background=colours.surface,
        foreground=colours.text,
        selectbackground=colours.selected,
        selectforeground=colours.text,
        **options,
    )
    bar = ttk.Scrollbar(frame, orient="vertical", command=text.yview)
    text.configure(yscrollcommand=bar.set)
    text.grid(row=0, column=0, sticky="nsew")
    bar.grid(row=0, column=1, sticky="ns")
    frame.rowconfigure(0, weight=1)
    frame.columnconfigure(0, weight=1)
    text.bind("<Tab>", partial(_go_on, text, 1))
    text.bind("<Shift-Tab>", partial(_go_on, text, -1))
    if text.tk.call("tk", "windowingsystem") == "x11":
        text.bind("<ISO_Left_Tab>", partial(_go_on, text, -1))
    return text


def _go_on(text: tk.Text, step: int, _event: object) -> str:
    widget = text.tk_focusNext() if step > 0 else text.tk_focusPrev()
    if widget is not None:
        widget.focus_set()
    return "break"
