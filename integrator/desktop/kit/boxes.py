"""The boxes that are ticked and the buttons of which one is chosen: drawn, as those of ``clam`` show a cross."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from io import BytesIO
from tkinter import ttk
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL import ImageDraw

    from integrator.desktop.kit.look import Look

_OVER: Final = 4
_GRID: Final = 18
_GAP: Final = 8
Draw = Callable[["ImageDraw.ImageDraw", float, "Look", bool], None]


def boxes(root: tk.Tk, style: ttk.Style, look: Look) -> None:
    """Give the style's check and radio buttons our pictures; the pictures live as long as the application."""
    for name, draw in (("Checkbutton", _box), ("Radiobutton", _circle)):
        off, on = (_picture(root, look, draw, chosen) for chosen in (False, True))
        root.__dict__.setdefault("integrador_boxes", []).extend((off, on))  # Tk itself keeps no picture alive
        style.element_create(f"Integrador.{name}", "image", off, ("selected", on), sticky="w")
        style.layout(f"T{name}", _layout(name))


def _layout(name: str) -> list[tuple[str, Any]]:
    inside = [
        (f"Integrador.{name}", {"side": "left", "sticky": ""}),
        (f"{name}.focus", {"side": "left", "sticky": "w", "children": [(f"{name}.label", {"sticky": "nswe"})]}),
    ]
    return [(f"{name}.padding", {"sticky": "nswe", "children": inside})]


def _picture(root: tk.Tk, look: Look, draw: Draw, chosen: bool) -> tk.PhotoImage:
    from PIL import Image, ImageDraw

    side, gap = look.px(_GRID), look.px(_GAP)
    big = Image.new("RGBA", ((side + gap) * _OVER, side * _OVER), (0, 0, 0, 0))
    draw(ImageDraw.Draw(big), side * _OVER / _GRID, look, chosen)
    png = BytesIO()
    big.resize((side + gap, side), Image.Resampling.LANCZOS).save(png, "PNG")
    return tk.PhotoImage(master=root, data=png.getvalue())


def _box(draw: ImageDraw.ImageDraw, unit: float, look: Look, chosen: bool) -> None:
    colours = look.palette
    fill, line = (colours.brand, colours.brand) if chosen else (colours.surface, colours.line)
    draw.rounded_rectangle(
        [unit, unit, 17 * unit, 17 * unit], 3 * unit, fill=fill, outline=line, width=round(1.2 * unit)
    )
    if chosen:
        tick = [(5 * unit, 9.4 * unit), (7.9 * unit, 12.4 * unit), (13.2 * unit, 5.8 * unit)]
        draw.line(tick, fill=colours.on_brand, width=round(2 * unit), joint="curve")


def _circle(draw: ImageDraw.ImageDraw, unit: float, look: Look, chosen: bool) -> None:
    colours = look.palette
    fill, line = (colours.brand, colours.brand) if chosen else (colours.surface, colours.line)
    draw.ellipse([unit, unit, 17 * unit, 17 * unit], fill=fill, outline=line, width=round(1.2 * unit))
    if chosen:
        draw.ellipse([6 * unit, 6 * unit, 12 * unit, 12 * unit], fill=colours.on_brand)
