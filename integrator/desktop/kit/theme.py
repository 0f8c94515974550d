"""How the windows look: the colours of light and dark, sizes that follow the screen's scaling, ttk's styles.

ttk's own ``clam`` in our colours: nothing in it is a picture of a fixed size, so it stays crisp at 150 % and 200 %.
"""

from __future__ import annotations

import sys
import tkinter as tk
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from integrator.desktop.kit.boxes import boxes
from integrator.desktop.kit.look import DARK, LIGHT, Look

_BASE_DPI: Final = 96
_POINTS: Final = 72
_FAMILY: Final = "Segoe UI" if sys.platform == "win32" else ""
_MONO: Final = "Consolas" if sys.platform == "win32" else ""


_looks: dict[str, Look] = {}


def dress(root: tk.Tk, *, dark: bool, factor: float | None = None) -> Look:
    """Style the whole application; what the pieces then find by :func:`look_of`.

    ``factor``: of the scaling, 1.5 for 150 %; None: what the screen tells.
    """
    if factor is None:
        factor = max(1.0, root.winfo_fpixels("1i") / _BASE_DPI)
    root.tk.call("tk", "scaling", factor * _BASE_DPI / _POINTS)
    look = Look(DARK if dark else LIGHT, factor)
    _looks[str(root.tk)] = look
    _fonts(root)
    root.configure(background=look.palette.ground)
    style = ttk.Style(root)
    style.theme_use("clam")
    _styles(style, look)
    boxes(root, style, look)
    root.option_add("*TCombobox*Listbox.background", look.palette.surface)
    root.option_add("*TCombobox*Listbox.foreground", look.palette.text)
    root.option_add("*TCombobox*Listbox.selectBackground", look.palette.selected)
    root.option_add("*TCombobox*Listbox.selectForeground", look.palette.text)
    return look


def look_of(widget: tk.Misc) -> Look:
    """The look of the application that the widget belongs to."""
    return _looks[str(widget.tk)]


def _fonts(root: tk.Tk) -> None:
    for name, size, bold in (
        ("TkDefaultFont", 10, False),
        ("TkTextFont", 10, False),
        ("TkMenuFont", 10, False),
        ("TkHeadingFont", 10, True),
    ):
        _font(root, name, _FAMILY, size, bold=bold)
    _font(root, "TkFixedFont", _MONO, 10, bold=False)
    default = tkfont.nametofont("TkDefaultFont", root).actual("family")
    for name, size, bold in (
        ("IntegradorTitle", 15, True),
        ("IntegradorStrong", 10, True),
        ("IntegradorSmall", 9, False),
    ):
        if name not in tkfont.names(root):
            root.tk.call("font", "create", name)  # a Font object would take it along when it is forgotten
        _font(root, name, default, size, bold=bold)


def _font(root: tk.Tk, name: str, family: str, size: int, *, bold: bool) -> None:
    known = tkfont.nametofont(name, root)
    known.configure(size=size, weight="bold" if bold else "normal")
    if family:
        known.configure(family=family)


def _styles(style: ttk.Style, look: Look) -> None:
    colours, px = look.palette, look.px
    style.configure(
        ".",
        background=colours.ground,
        foreground=colours.text,
        fieldbackground=colours.surface,
        bordercolor=colours.line,
        lightcolor=colours.ground,
        darkcolor=colours.ground,
        troughcolor=colours.ground,
        selectbackground=colours.selected,
        selectforeground=colours.text,
        insertcolor=colours.text,
        focuscolor=colours.brand,
        font="TkDefaultFont",
    )
    for name, wanted in {
        "Title.TLabel": {"font": "IntegradorTitle"},
        "Strong.TLabel": {"font": "IntegradorStrong"},
        "Muted.TLabel": {"foreground": colours.muted},
        "Small.TLabel": {"foreground": colours.muted, "font": "IntegradorSmall"},
        "Bad.TLabel": {"foreground": colours.bad},
        "Ok.TLabel": {"foreground": colours.ok},
        "Warn.TLabel": {"foreground": colours.warn},
        "Link.TLabel": {"foreground": colours.brand},
        "Surface.TFrame": {"background": colours.surface},
        "Surface.TLabel": {"background": colours.surface},
    }.items():
        style.configure(name, **wanted)
    _buttons(style, look)
    _fields(style, look)
    style.configure("TSeparator", background=colours.line)
    style.configure("TProgressbar", background=colours.brand, troughcolor=colours.surface, thickness=px(6))
    style.configure("TNotebook", borderwidth=0)
    style.configure("TNotebook.Tab", padding=(px(12), px(6)))


def _buttons(style: ttk.Style, look: Look) -> None:
    colours, px = look.palette, look.px
    padding = (px(14), px(7))
    for name, ground in (("TButton", colours.surface), ("Primary.TButton", colours.brand)):
        style.configure(name, padding=padding, background=ground, relief="solid", borderwidth=px(1), anchor="center")
    style.map(
        "TButton",
        background=[("disabled", colours.ground), ("pressed", colours.selected), ("active", colours.selected)],
        foreground=[("disabled", colours.muted)],
        bordercolor=[("focus", colours.brand), ("!focus", colours.line)],
    )
    style.configure("Primary.TButton", foreground=colours.on_brand)
    style.map(
        "Primary.TButton",
        background=[
            ("disabled", colours.ground),
            ("pressed", colours.brand_pressed),
            ("active", colours.brand_pressed),
        ],
        foreground=[("disabled", colours.muted)],
        bordercolor=[("focus", colours.text), ("!focus", colours.brand)],
        focuscolor=[("focus", colours.on_brand)],
    )
    style.configure("TMenubutton", padding=padding, background=colours.surface, relief="solid", borderwidth=px(1))
    style.configure("TMenubutton", arrowsize=px(5), arrowcolor=colours.text, arrowpadding=px(8))
    style.map(
        "TMenubutton",
        background=[("disabled", colours.ground), ("active", colours.selected)],
        foreground=[("disabled", colours.muted)],
        bordercolor=[("focus", colours.brand), ("!focus", colours.line)],
    )
    for name in ("TCheckbutton", "TRadiobutton"):
        style.configure(name, padding=(0, px(4)))
        style.map(name, background=[("active", colours.ground)], foreground=[("disabled", colours.muted)])


def _fields(style: ttk.Style, look: Look) -> None:
    colours, px = look.palette, look.px
    for name in ("TEntry", "TCombobox", "TSpinbox"):
        style.configure(name, padding=(px(8), px(6)), borderwidth=px(1), relief="flat", arrowsize=px(14))
        style.configure(name, arrowcolor=colours.text, background=colours.surface)
        style.map(
            name,
            bordercolor=[("invalid", colours.bad), ("focus", colours.brand)],
            lightcolor=[("focus", colours.brand)],
            fieldbackground=[("disabled", colours.ground), ("readonly", colours.surface)],
            foreground=[("disabled", colours.muted)],
            selectbackground=[("readonly", colours.surface)],
            selectforeground=[("readonly", colours.text)],
        )
    style.configure("Treeview", background=colours.surface, rowheight=px(28), borderwidth=0)
    style.map("Treeview", background=[("selected", colours.selected)], foreground=[("selected", colours.text)])
    style.configure("Treeview.Heading", background=colours.ground, padding=(px(8), px(6)), relief="flat")
    for name in ("Vertical.TScrollbar", "Horizontal.TScrollbar"):
        style.configure(name, background=colours.line, troughcolor=colours.ground, arrowsize=px(13), relief="flat")
        style.configure(name, bordercolor=colours.ground, arrowcolor=colours.text, gripcount=0)
        style.map(name, background=[("active", colours.muted), ("disabled", colours.ground)])
