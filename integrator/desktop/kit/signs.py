"""The signs beside a message: a shape in its colour, so that colour alone says nothing.

Drawn for the screen's scale.
"""

from __future__ import annotations

import tkinter as tk
from enum import Enum
from io import BytesIO
from typing import TYPE_CHECKING, Final

from integrator.desktop.kit.look import Look

if TYPE_CHECKING:
    from PIL import ImageDraw

_OVER: Final = 4
_GRID: Final = 20


class Kind(Enum):
    """What a message is."""

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    BAD = "bad"


def sign(parent: tk.Misc, kind: Kind, look: Look, units: int = 20) -> tk.PhotoImage:
    """A picture of that sign; the caller keeps a reference to it."""
    from PIL import Image, ImageDraw

    size = look.px(units)
    big = Image.new("RGBA", (size * _OVER, size * _OVER), (0, 0, 0, 0))
    _draw(ImageDraw.Draw(big), kind, size * _OVER / _GRID, colour_of(kind, look), look.palette.ground)
    png = BytesIO()
    big.resize((size, size), Image.Resampling.LANCZOS).save(png, "PNG")
    return tk.PhotoImage(master=parent, data=png.getvalue())


def colour_of(kind: Kind, look: Look) -> str:
    """The colour of that kind of message."""
    colours = look.palette
    return {Kind.OK: colours.ok, Kind.INFO: colours.brand, Kind.WARN: colours.warn, Kind.BAD: colours.bad}[kind]


def _draw(draw: ImageDraw.ImageDraw, kind: Kind, unit: float, colour: str, mark: str) -> None:
    def at(*numbers: float) -> list[float]:
        return [number * unit for number in numbers]

    width = round(2.2 * unit)
    match kind:
        case Kind.OK:
            draw.ellipse(at(1, 1, 19, 19), fill=colour)
            draw.line(at(5.5, 10.5, 8.8, 13.8, 14.5, 7), fill=mark, width=width, joint="curve")
        case Kind.INFO:
            draw.ellipse(at(1, 1, 19, 19), fill=colour)
            draw.ellipse(at(8.7, 4.4, 11.3, 7), fill=mark)
            draw.line(at(10, 9, 10, 15.2), fill=mark, width=width)
        case Kind.WARN:
            draw.polygon(at(10, 1.5, 19.2, 18, 0.8, 18), fill=colour)
            draw.line(at(10, 7, 10, 12.6), fill=mark, width=width)
            draw.ellipse(at(8.7, 14, 11.3, 16.6), fill=mark)
        case Kind.BAD:
            draw.polygon(at(6.3, 1, 13.7, 1, 19, 6.3, 19, 13.7, 13.7, 19, 6.3, 19, 1, 13.7, 1, 6.3), fill=colour)
            draw.line(at(6.5, 6.5, 13.5, 13.5), fill=mark, width=width)
            draw.line(at(13.5, 6.5, 6.5, 13.5), fill=mark, width=width)
