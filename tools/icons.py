"""Draws the program's icon and the signs beside the clock from ``assets/integrador.svg``: ``python -m tools.icons``.

The drawing is made anew for each size instead of being shrunk: edges are moved to the nearest pixel, so that strokes
stay sharp at 16 pixels. Only the few shapes that the source uses are understood.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from PIL import Image, ImageDraw

from integrator.desktop.art import SIZES, picture_file
from integrator.desktop.sign import Sign
from tools.environment import ROOT
from tools.ico import write_ico

SOURCE: Final = ROOT / "assets/integrador.svg"
ICON: Final = ROOT / "assets/integrador.ico"
ICON_SIZES: Final = (16, 20, 24, 32, 40, 48, 64, 128, 256)
_SVG: Final = "{http://www.w3.org/2000/svg}"
#: The units of the source's side.
_SIDE: Final = 16
#: Points drawn per pixel and direction; their mean is the pixel's coverage.
_FINE: Final = 16

Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of the source with the colour that it is painted in."""

    kind: str
    colour: str
    given: dict[str, str]

    def number(self, name: str) -> float:
        """An attribute in units of the source; zero when absent."""
        return float(self.given.get(name, "0"))

    @property
    def points(self) -> tuple[Point, ...]:
        """The corners of a polygon or polyline."""
        pairs = (pair.split(",") for pair in self.given["points"].split())
        return tuple((float(x), float(y)) for x, y in pairs)


def draw(sign: Sign, size: int) -> Image.Image:
    """The sign as RGBA, ``size`` pixels wide and high."""
    picture = Image.new("RGBA", (size, size))
    for shape in _shapes(sign):
        colour = Image.new("RGBA", (size, size), shape.colour)
        colour.putalpha(_coverage(shape, size))
        picture.alpha_composite(colour)
    return picture


def main() -> int:
    """Draws every picture into its place."""
    for sign in Sign:
        for size in SIZES:
            draw(sign, size).save(picture_file(sign, size), optimize=True)
    write_ico(ICON, tuple(draw(Sign.IDLE, size) for size in ICON_SIZES))
    return 0


def _shapes(sign: Sign) -> Iterator[Shape]:
    groups = {each.get("id"): each for each in ElementTree.parse(SOURCE).iter(f"{_SVG}g")}
    for each in groups[sign.value]:
        kind = each.tag.removeprefix(_SVG)
        if kind == "use":
            fill = each.attrib["fill"]
            inner = groups[each.attrib["href"].removeprefix("#")]
            yield from (Shape(part.tag.removeprefix(_SVG), fill, dict(part.attrib)) for part in inner)
        else:
            yield Shape(kind, each.get("stroke") or each.attrib["fill"], dict(each.attrib))


def _coverage(shape: Shape, size: int) -> Image.Image:
    """How much of each pixel the shape covers."""
    fine = Image.new("L", (size * _FINE, size * _FINE))
    canvas = ImageDraw.Draw(fine)
    scale = size / _SIDE
    match shape.kind:
        case "rect":
            x, y = shape.number("x"), shape.number("y")
            box = _on_pixels((x, y, x + shape.number("width"), y + shape.number("height")), scale)
            canvas.rounded_rectangle(_fine(box), radius=round(shape.number("rx") * scale * _FINE), fill=255)
        case "circle":
            canvas.ellipse(_fine(_disc(shape, scale)), fill=255)
        case "polygon":
            canvas.polygon([(_near(x * scale) * _FINE, _near(y * scale) * _FINE) for x, y in shape.points], fill=255)
        case "polyline":
            _stroke(canvas, shape, scale)
        case other:
            raise ValueError(f"assets/integrador.svg: <{other}>")
    return fine.resize((size, size), Image.Resampling.BOX)


def _disc(shape: Shape, scale: float) -> Box:
    """The box of a circle: a whole number of pixels wide, from a pixel's edge."""
    radius = shape.number("r")
    width = max(2, _near(2 * radius * scale))
    left = _near(shape.number("cx") * scale - width / 2)
    top = _near(shape.number("cy") * scale - width / 2)
    return left, top, left + width, top + width


def _stroke(canvas: ImageDraw.ImageDraw, shape: Shape, scale: float) -> None:
    """A line with round ends and corners; upright and level ones begin and end at the edge of a pixel."""
    width = max(1, _near(shape.number("stroke-width") * scale))
    half = width / 2

    def placed(along: float) -> float:
        return (_near(along * scale - half) + half) * _FINE

    points = [(placed(x), placed(y)) for x, y in shape.points]
    canvas.line(points, fill=255, width=width * _FINE)
    for x, y in points:
        reach = half * _FINE
        canvas.ellipse((x - reach, y - reach, x + reach - 1, y + reach - 1), fill=255)


def _on_pixels(box: Box, scale: float) -> Box:
    left, top, right, bottom = (_near(edge * scale) for edge in box)
    return left, top, right, bottom


def _fine(box: Box) -> Box:
    """The same box in points of the fine canvas, whose last row and column belong to it."""
    left, top, right, bottom = (edge * _FINE for edge in box)
    return left, top, right - 1, bottom - 1


def _near(number: float) -> int:
    """The nearest whole number, halves upwards: Python's own rounding sends 2.5 and 3.5 different ways."""
    return int(number + 0.5)


if __name__ == "__main__":
    sys.exit(main())
