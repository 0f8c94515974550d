"""The bars of the last thirty days: plain geometry, so that the browser needs no script and no style to draw them.

Each day is one bar from the ground up: read, then delivered and not read, then sent without a receipt. The drawing is
stretched to its place; words stand beside it, not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from integrator.erp.history import DayFigures

WIDTH: Final = 600
HEIGHT: Final = 160
_GAP: Final = 0.25


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of the drawing; ``kind`` is what it counts: ``lida``, ``entregue``, ``enviada`` or ``falhou``."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One day. ``left`` and ``step`` are the whole column, where the pointer finds the day's figures."""

    figures: DayFigures
    left: float
    step: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """``top`` is the count at the upper edge; ``marks`` are the days to be written below, first, middle and last."""

    bars: tuple[Bar, ...]
    top: int
    marks: tuple[date, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(bar.pieces for bar in self.bars)


def draw(days: Sequence[DayFigures]) -> Chart:
    """The chart of those days, in order."""
    top = _round_up(max((day.sent + day.failed for day in days), default=0))
    step = WIDTH / max(1, len(days))
    bars = tuple(_bar(day, index * step, step, HEIGHT / top) for index, day in enumerate(days))
    marks = tuple(dict.fromkeys(days[index].day for index in (0, len(days) // 2, -1))) if days else ()
    return Chart(bars, top, marks)


def _bar(day: DayFigures, left: float, step: float, scale: float) -> Bar:
    counts = (
        ("lida", day.read),
        ("entregue", max(0, day.delivered - day.read)),
        ("enviada", max(0, day.sent - day.delivered)),
        ("falhou", day.failed),
    )
    pieces, ground = [], float(HEIGHT)
    for kind, count in counts:
        height = count * scale
        ground -= height
        if count:
            x, width = left + step * _GAP / 2, step * (1 - _GAP)
            pieces.append(Piece(kind, round(x, 2), round(ground, 2), round(width, 2), round(height, 2)))
    return Bar(day, round(left, 2), round(step, 2), tuple(pieces))


def _round_up(most: int) -> int:
    """A round number at or above ``most``, at least ten."""
    size = 10
    while size < most:
        size *= 10
    # A quarter only where the line at half of it still stands for whole messages.
    parts = (5, 4, 2, 1) if size >= 1000 else (5, 2, 1)
    return next(size // part for part in parts if size // part >= max(most, 1)) if size > 10 else 10
