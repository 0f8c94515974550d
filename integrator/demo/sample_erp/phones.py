"""Telephones as the people at a shop's counter type them. All invented; the simulator is the only one to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_AREAS = ("49",) * 12 + ("48", "48", "47", "47", "54", "54", "11")
_LANDLINE_PREFIX = {"49": "3442", "48": "3222", "47": "3326", "54": "3522", "11": "3862"}
#: {a} area code, {p} and {s} the number's halves without the ninth digit, {l} a landline of the same area, {n} a name.
_STYLES = (
    "{a} 9{p}-{s}",
    "({a})9{p}.{s}",
    "({a}) 9{p}-{s}",
    "({a}) 9{p}-{s}",
    "{a}9{p}{s}",
    "0xx{a} {p}-{s}",
    "({a}) {p}-{s}",
    "0{a} 9{p}-{s}",
    "+55 {a} 9{p}-{s}",
    "{a} 9 {p} {s}",
    "({a}) 9{p}-{s} {n}",
    "{n}: {a} 9{p}-{s}",
    "({a}) 9{p}-{s} (whats)",
    "({a}) {l} / ({a}) 9{p}-{s}",
    "({a}) 9{p}-{s} - recado c/ {n}",
)


@dataclass(frozen=True, slots=True)
class Mobile:
    """A mobile number: area code and the eight digits after the ninth."""

    area: str
    eight: str

    @property
    def national(self) -> str:
        """Eleven digits, as a machine would write them."""
        return f"{self.area}9{self.eight}"


class PhoneBook:
    """Invents telephones; never the same mobile twice."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._given: set[str] = set()

    def mobile(self, ending: str = "") -> Mobile:
        """A new mobile number, ending in ``ending`` if one is asked for, else in anything but ``0000``."""
        while True:
            area = self._random.choice(_AREAS)
            first, rest = self._random.choice("8999"), f"{self._random.randrange(10**7):07d}"
            eight = f"{first}{rest}"[: 8 - len(ending)] + ending
            if area + eight not in self._given and (ending or not eight.endswith("0000")):
                self._given.add(area + eight)
                return Mobile(area, eight)

    def landline(self) -> str:
        """A landline that has no WhatsApp in the simulator (one ending in 7 would have it)."""
        area = self._random.choice(_AREAS)
        return f"({area}) {self._landline(area)}"

    def typed(self, mobile: Mobile, name: str) -> str:
        """``mobile`` in one of the ways people type it; ``name`` is whom one asks for at that number."""
        style = self._random.choice(_STYLES)
        landline = self._landline(mobile.area)
        return style.format(a=mobile.area, p=mobile.eight[:4], s=mobile.eight[4:], l=landline, n=name)

    def _landline(self, area: str) -> str:
        return f"{_LANDLINE_PREFIX[area]}-{self._random.randrange(100, 999)}{self._random.choice('12345689')}"
