"""The pictures of the signs beside the clock, drawn by ``tools/icons.py`` from ``assets/integrador.svg``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from integrator.desktop.sign import Sign
from integrator.paths import packaged

if TYPE_CHECKING:
    from PIL.Image import Image

#: Sides in pixels: the small icons of Windows at 100 % to 400 %.
SIZES: Final = (16, 20, 24, 32, 40, 48, 64)


def picture_file(sign: Sign, size: int) -> Path:
    """The PNG of a sign in the greatest of :data:`SIZES` that fits into ``size`` pixels, at least the smallest."""
    fitting = max((each for each in SIZES if each <= size), default=SIZES[0])
    return packaged("desktop", "art", f"{sign.value}-{fitting}.png")


def picture(sign: Sign, size: int) -> Image:
    """That file's picture, RGBA, in memory."""
    import PIL.Image

    with PIL.Image.open(picture_file(sign, size)) as file:
        return file.convert("RGBA")
