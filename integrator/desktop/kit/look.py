"""The colours of light and dark, and the sizes that follow the screen's scaling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one appearance, ``#RRGGBB``. ``on_brand`` is for text on the brand's colour."""

    dark: bool
    brand: str
    brand_pressed: str
    on_brand: str
    ok: str
    warn: str
    bad: str
    text: str
    muted: str
    ground: str
    surface: str
    line: str
    selected: str


LIGHT: Final = Palette(
    dark=False,
    brand="#0F766E",
    brand_pressed="#115E59",
    on_brand="#FFFFFF",
    ok="#15803D",
    warn="#B45309",
    bad="#B91C1C",
    text="#1E293B",
    muted="#475569",
    ground="#F8FAFC",
    surface="#FFFFFF",
    line="#94A3B8",
    selected="#CCFBF1",
)
DARK: Final = Palette(
    dark=True,
    brand="#2DD4BF",
    brand_pressed="#5EEAD4",
    on_brand="#0F172A",
    ok="#4ADE80",
    warn="#FBBF24",
    bad="#F87171",
    text="#E2E8F0",
    muted="#A3B1C6",
    ground="#0F172A",
    surface="#1E293B",
    line="#64748B",
    selected="#134E4A",
)


@dataclass(frozen=True, slots=True)
class Look:
    """What every piece needs to draw itself: the palette and how many pixels one of the design's units has."""

    palette: Palette
    factor: float

    def px(self, units: float) -> int:
        """Pixels of the screen for that many units of the design (of a screen at 100 %)."""
        return max(1, round(units * self.factor))
