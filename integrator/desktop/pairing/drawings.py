"""The pictures of the how-to: a phone, what is touched on it and the camera, drawn by us for the screen's scale."""

from __future__ import annotations

import tkinter as tk
from enum import Enum
from io import BytesIO
from typing import TYPE_CHECKING, Final

from integrator.desktop.kit.look import Look

if TYPE_CHECKING:
    from PIL import ImageDraw

#: The drawings are made on a paper of this many points, and that much larger than they are shown.
_WIDE, _HIGH, _OVER = 56, 64, 4
_CELLS: Final = ((5, 5), (13, 5), (5, 13), (10, 10), (16, 13), (12, 16), (17, 9))


class Picture(Enum):
    """What is drawn."""

    PHONE = "o celular com uma conversa"
    MENU = "os três pontos no alto"
    DEVICES = "um computador na lista de dispositivos"
    CAMERA = "a câmera apontada para o código"
    DIGITS = "o código digitado no celular"


def drawing(parent: tk.Misc, picture: Picture, look: Look) -> tk.PhotoImage:
    """That picture in the colours of the window; the caller keeps a reference to it."""
    from PIL import Image, ImageDraw

    size = look.px(_WIDE), look.px(_HIGH)
    paper = Image.new("RGBA", (size[0] * _OVER, size[1] * _OVER), (0, 0, 0, 0))
    _Pen(ImageDraw.Draw(paper), size[0] * _OVER / _WIDE, look).draw(picture)
    png = BytesIO()
    paper.resize(size, Image.Resampling.LANCZOS).save(png, "PNG")
    return tk.PhotoImage(master=parent, data=png.getvalue())


class _Pen:
    """Draws in points of the paper."""

    def __init__(self, draw: ImageDraw.ImageDraw, unit: float, look: Look) -> None:
        self._draw = draw
        self._unit = unit
        self._colours = look.palette

    def draw(self, picture: Picture) -> None:
        colours = self._colours
        match picture:
            case Picture.PHONE:
                self._phone(12)
                self._box(18, 14, 33, 22, colours.selected, 3)
                self._box(23, 26, 38, 34, colours.brand, 3)
                self._box(18, 38, 30, 46, colours.selected, 3)
            case Picture.MENU:
                self._phone(12)
                for y in (14, 18.5, 23):
                    self._dot(35, y, 1.5, colours.text)
                self._ring(35, 18.5, 9)
                self._lines(19, (32, 39, 46), 30)
            case Picture.DEVICES:
                self._phone(12)
                self._laptop(20, 15)
                self._lines(19, (33, 39), 37)
                self._box(18, 44, 38, 52, colours.brand, 4)
            case Picture.CAMERA:
                self._code(0, 8)
                self._phone(23)
                self._corners(30, 23, 48, 41)
            case Picture.DIGITS:
                self._phone(12)
                self._lines(19, (15,), 37)
                for row in range(2):
                    for column in range(4):
                        x, y = 17 + column * 6, 23 + row * 9
                        self._box(x, y, x + 4.5, y + 7, colours.brand, 1)

    def _phone(self, left: float) -> None:
        self._box(left, 2, left + 32, 62, self._colours.muted, 5)
        self._box(left + 2.5, 8, left + 29.5, 56, self._colours.surface, 2)

    def _laptop(self, left: float, top: float) -> None:
        self._box(left, top, left + 16, top + 11, self._colours.text, 1.5)
        self._box(left + 1.5, top + 1.5, left + 14.5, top + 9.5, self._colours.surface, 1)
        self._box(left - 2, top + 12, left + 18, top + 14, self._colours.text, 1)

    def _code(self, left: float, top: float) -> None:
        self._box(left, top, left + 28, top + 28, "#FFFFFF", 2, self._colours.muted)
        for x, y in _CELLS:
            self._box(left + x - 1, top + y - 1, left + x + 4, top + y + 4, "#000000", 0)

    def _corners(self, left: float, top: float, right: float, bottom: float) -> None:
        for x, inward_x in ((left, 1), (right, -1)):
            for y, inward_y in ((top, 1), (bottom, -1)):
                self._line(x, y + 5 * inward_y, x, y)
                self._line(x, y, x + 5 * inward_x, y)

    def _lines(self, left: float, tops: tuple[float, ...], right: float) -> None:
        for top in tops:
            self._box(left, top, right, top + 2, self._colours.line, 1)

    def _box(
        self, left: float, top: float, right: float, bottom: float, fill: str, radius: float, outline: str | None = None
    ) -> None:
        place = [each * self._unit for each in (left, top, right, bottom)]
        self._draw.rounded_rectangle(
            place, radius * self._unit, fill=fill, outline=outline, width=round(self._unit) if outline else 0
        )

    def _dot(self, x: float, y: float, radius: float, fill: str) -> None:
        self._draw.ellipse([each * self._unit for each in (x - radius, y - radius, x + radius, y + radius)], fill=fill)

    def _ring(self, x: float, y: float, radius: float) -> None:
        place = [each * self._unit for each in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(place, outline=self._colours.brand, width=round(2.2 * self._unit))

    def _line(self, *points: float) -> None:
        place = [each * self._unit for each in points]
        self._draw.line(place, fill=self._colours.brand, width=round(2 * self._unit), joint="curve")
