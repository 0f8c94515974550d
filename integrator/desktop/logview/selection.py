"""Which rows of a long list are chosen: a stretch from one row to another, and single rows beside or within it."""

from __future__ import annotations

from collections.abc import Iterator


class Selection:
    """Places of a list of any length, at a cost that does not grow with it. ``cursor`` is -1 when there is none."""

    def __init__(self) -> None:
        self.cursor = -1
        self._anchor = -1
        self._stretch = range(0)
        self._turned: set[int] = set()

    def __contains__(self, place: int) -> bool:
        return (place in self._stretch) != (place in self._turned)

    def __iter__(self) -> Iterator[int]:
        """In the list's order."""
        if not self._turned:
            yield from self._stretch
            return
        yield from (place for place in sorted({*self._stretch, *self._turned}) if place in self)

    def __len__(self) -> int:
        return len(self._stretch) + sum(-1 if place in self._stretch else 1 for place in self._turned)

    def to(self, place: int) -> None:
        """That row alone."""
        self.cursor = self._anchor = place
        self._stretch = range(place, place + 1)
        self._turned.clear()

    def stretch_to(self, place: int) -> None:
        """From the row where the selection began up to that one."""
        if self._anchor < 0:
            self._anchor = place
        self.cursor = place
        self._stretch = range(min(self._anchor, place), max(self._anchor, place) + 1)
        self._turned.clear()

    def turn(self, place: int) -> None:
        """That row is chosen now when it was not, and the other way round; the others stay."""
        self._turned ^= {place}
        self.cursor = self._anchor = place

    def all_of(self, count: int) -> None:
        """Every row; the cursor stays."""
        self._stretch = range(count)
        self._turned.clear()

    def clear(self) -> None:
        self.cursor = self._anchor = -1
        self._stretch = range(0)
        self._turned.clear()
