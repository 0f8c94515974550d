"""The pictures beside the clock: as their source draws them, sharp, told apart without colour, seen on any taskbar."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PIL.IcoImagePlugin import IcoImageFile

from integrator.desktop.art import SIZES, picture, picture_file
from integrator.desktop.sign import Sign
from tools.icons import ICON, ICON_SIZES, draw

#: The taskbars of Windows 11, light and dark, and a plain white and black one.
BARS = ("#F3F3F3", "#202020", "#FFFFFF", "#101010")
WCAG_GRAPHICS = 3.0
WCAG_TEXT = 4.5


@pytest.mark.parametrize("sign", Sign)
@pytest.mark.parametrize("size", SIZES)
def test_a_picture_is_what_the_source_draws(sign: Sign, size: int) -> None:
    there = np.asarray(picture(sign, size), dtype=int)
    assert there.shape == (size, size, 4)
    drawn = np.asarray(draw(sign, size), dtype=int)
    assert np.abs(there - drawn).max() <= 24, "python -m tools.icons draws them anew"


def test_no_picture_lies_there_that_nothing_draws() -> None:
    wanted = {picture_file(sign, size) for sign in Sign for size in SIZES}
    assert set(picture_file(Sign.IDLE, 16).parent.glob("*.png")) == wanted


def test_the_program_icon_has_every_size_as_drawn() -> None:
    with Image.open(ICON) as icon:
        assert isinstance(icon, IcoImageFile)
        assert sorted(side for side, _ in icon.ico.sizes()) == list(ICON_SIZES)
        for size in ICON_SIZES:
            there = np.asarray(icon.ico.getimage((size, size)).convert("RGBA"), dtype=int)
            drawn = np.asarray(draw(Sign.IDLE, size), dtype=int)
            visible = drawn[..., 3] > 0
            assert np.abs(there - drawn)[visible].max() <= 24


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("sign", Sign)
def test_the_bubble_stands_out_from_the_taskbar_and_the_sign_from_the_bubble(sign: Sign, bar: str) -> None:
    seen = np.asarray(_on(bar, sign, 16), dtype=float)
    whole = np.asarray(picture(sign, 16))[..., 3] == 255
    colours = seen[whole]
    bubble = colours[(colours < 250).any(axis=1)]
    assert _contrast(np.median(bubble, axis=0), _rgb(bar)) >= WCAG_GRAPHICS
    assert _contrast(np.median(bubble, axis=0), _rgb("#FFFFFF")) >= WCAG_TEXT


def test_signs_are_told_apart_by_shape_at_sixteen_pixels() -> None:
    shapes = {sign: _shape(sign) for sign in Sign}
    for one, other in combinations(Sign, 2):
        different = np.count_nonzero(np.abs(shapes[one] - shapes[other]) > 0.5)
        assert different >= 16, f"{one} and {other} differ in {different} pixels"


@pytest.mark.parametrize("size", [16, 32, 48, 64])
def test_upright_strokes_fall_on_whole_pixels(size: int) -> None:
    bars = np.asarray(picture(Sign.PAUSED, size).convert("RGB"))[round(size * 7 / 16)]
    assert {tuple(each) for each in bars[2:-2]} == {(255, 255, 255), _rgb("#B45309")}


def test_the_greatest_picture_that_fits_is_taken() -> None:
    assert picture_file(Sign.IDLE, 22).name == "idle-20.png"
    assert picture_file(Sign.IDLE, 12).name == "idle-16.png"
    assert picture_file(Sign.IDLE, 256).name == "idle-64.png"


def _on(bar: str, sign: Sign, size: int) -> Image.Image:
    canvas = Image.new("RGB", (size, size), bar)
    drawn = picture(sign, size)
    canvas.paste(drawn, (0, 0), drawn)
    return canvas


def _shape(sign: Sign) -> npt.NDArray[np.float64]:
    """Light and dark of the sign between 0 and 1, whatever its colour."""
    grey = np.asarray(_on("#202020", sign, 16).convert("L"), dtype=float)
    light: npt.NDArray[np.float64] = np.where(grey > (grey.min() + grey.max()) / 2, 1.0, 0.0)
    return light


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _contrast(one: npt.ArrayLike, other: npt.ArrayLike) -> float:
    """The ratio of WCAG 2.2, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: npt.ArrayLike) -> float:
    parts = np.asarray(colour, dtype=float) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array((0.2126, 0.7152, 0.0722)))
