"""Blocks one below the other over pages. Everything is placed before anything is drawn: "página 1 de 3" is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from reportlab.pdfgen.canvas import Canvas

from integrator.domain.errors import DocumentError

MAX_PAGES: Final = 500

#: Draws something below a top edge.
Draw: TypeAlias = Callable[[Canvas, float], object]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where blocks stand on a page: ``first`` and ``other`` are the top edges, on page one and the others."""

    left: float
    width: float
    first: float
    other: float
    bottom: float


@dataclass(slots=True)
class Flow:
    """The pages so far: what is drawn on each, with its top edge."""

    frame: Frame
    pages: list[list[tuple[Draw, float]]] = field(default_factory=lambda: [[]])
    top: float = 0.0

    def __post_init__(self) -> None:
        self.top = self.frame.first

    @property
    def room(self) -> float:
        """Points left on this page."""
        return self.top - self.frame.bottom

    @property
    def whole(self) -> float:
        """Points of a page after the first."""
        return self.frame.other - self.frame.bottom

    @property
    def empty(self) -> bool:
        """Whether nothing stands on this page yet."""
        return not self.pages[-1]

    def put(self, height: float, draw: Draw, *, keep: float = 0.0) -> None:
        """Place something here, or on a new page where it and ``keep`` points after it do not fit.

        Raises :class:`DocumentError` for what fits on no page.
        """
        if height + keep > self.room and not self.empty:
            self.new_page()
        if height > self.room + 0.01:
            if self.room >= self.whole:
                raise DocumentError(
                    "Uma parte do documento não cabe numa página. Encurte os textos no modelo ou no ERP."
                )
            self.new_page()
            self.put(height, draw)
            return
        self.pages[-1].append((draw, self.top))
        self.top -= height

    def skip(self, height: float) -> None:
        """White, which vanishes at the top of a page."""
        if not self.empty:
            self.top -= height

    def new_page(self) -> None:
        """Go on at the top of the next page. Raises :class:`DocumentError` when there are too many."""
        if len(self.pages) >= MAX_PAGES:
            raise DocumentError(f"O documento passaria de {MAX_PAGES} páginas. Divida-o no ERP.")
        self.pages.append([])
        self.top = self.frame.other
