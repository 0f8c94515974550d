"""The installer's two pictures, drawn from the program's icon: the welcome page's side and the corner of the others.

Sizes are what NSIS' pages have at 100 %; it stretches them itself on other scales.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image

from integrator.desktop.sign import Sign
from tools.icons import draw

_SIDE: Final = (164, 314)
_HEADER: Final = (150, 57)
_BRAND: Final = (0x0F, 0x76, 0x6E)
_DEEP: Final = (0x0B, 0x4F, 0x4A)
_WHITE: Final = (255, 255, 255)


def write_pictures(folder: Path) -> tuple[Path, Path]:
    """Writes ``side.bmp`` and ``header.bmp`` there; answers both paths."""
    side, header = folder / "side.bmp", folder / "header.bmp"
    _side().save(side)
    _header().save(header)
    return side, header


def _side() -> Image.Image:
    width, height = _SIDE
    fade = Image.linear_gradient("L").resize(_SIDE)
    picture = Image.composite(Image.new("RGB", _SIDE, _DEEP), Image.new("RGB", _SIDE, _BRAND), fade)
    # A conversation: the message, and the quieter ones around it.
    for size, x, y, opacity in ((48, 18, 40, 0.16), (64, 88, 208, 0.12), (28, 112, 66, 0.10)):
        _lay(picture, _bubble(size), (x, y), opacity)
    _lay(picture, _bubble(96), ((width - 96) // 2, (height - 96) // 2 - 16), 1.0)
    return picture


def _header() -> Image.Image:
    width, height = _HEADER
    picture = Image.new("RGB", _HEADER, _WHITE)
    icon = draw(Sign.IDLE, 40)
    picture.paste(icon, (width - 40 - 8, (height - 40) // 2), icon)
    return picture


def _bubble(size: int) -> Image.Image:
    """The icon with its colours exchanged, for a ground of the brand's colour."""
    icon = draw(Sign.IDLE, size)
    tick = icon.getchannel("R").point([max(0, round((value - 15) * 255 / 240)) for value in range(256)])
    plain = Image.composite(Image.new("RGB", icon.size, _BRAND), Image.new("RGB", icon.size, _WHITE), tick)
    plain.putalpha(icon.getchannel("A"))
    return plain


def _lay(ground: Image.Image, picture: Image.Image, at: tuple[int, int], opacity: float) -> None:
    ground.paste(picture, at, picture.getchannel("A").point([round(value * opacity) for value in range(256)]))
