"""What is asked of a day's log, and the records of it that answer: by their places in the list, read when shown."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from integrator.logs.index import LogIndex
from integrator.logs.lines import Level
from integrator.logs.record import Record, record_of

#: Bytes of a record that one line of the list can show some of.
_GLANCE: Final = 4096
_UNREADABLE: Final = "(esta linha não pôde ser lida)".encode()


@dataclass(frozen=True, slots=True)
class Filter:
    """The records of that level or graver, and with these words."""

    level: Level = Level.ALL
    words: str = ""

    @property
    def all(self) -> bool:
        return self.level is Level.ALL and not self.words.strip()


class View:
    """The records of one day that pass a filter. Grows at its end, by the thread that fills it.

    Places count from 0 within the view, numbers within the file's index. Reading is done where the view is asked and
    raises nothing: a file that is gone has unreadable records.
    """

    def __init__(self, day: date, path: Path, index: LogIndex, wanted: Filter) -> None:
        self.day = day
        self.path = path
        self.index = index
        self.filter = wanted
        self._numbers: array[int] | None = None if wanted.all else array("I")
        #: The filling thread's own: how many records of the index have been judged, and of how many bytes.
        self.judged = self.judged_end = 0

    @property
    def count(self) -> int:
        return self.index.count if self._numbers is None else len(self._numbers)

    def add(self, number: int) -> None:
        """The next record that passes; one that is the last already stays so."""
        assert self._numbers is not None, "a view of everything is filled by its index"
        if not self._numbers or number > self._numbers[-1]:
            self._numbers.append(number)

    def number(self, place: int) -> int:
        return place if self._numbers is None else self._numbers[place]

    def place(self, number: int) -> int:
        """Where that record is, or would be."""
        return number if self._numbers is None else bisect_left(self._numbers, number)

    def size(self, place: int) -> int:
        """Bytes of that record in the file."""
        begin, end = self.index.span(self.number(place))
        return end - begin

    def error_after(self, place: int) -> int | None:
        """The place of the next error of this view; -1 asks from the beginning."""
        number: int | None = self.number(place) if place >= 0 else -1
        while number is not None and (number := self.index.error_after(number)) is not None:
            found = self.place(number)
            if found >= self.count:
                return None
            if self.number(found) == number:
                return found
            number = self.number(found) - 1
        return None

    def error_before(self, place: int) -> int | None:
        """The place of the error of this view before that place; its count asks from the end."""
        number: int | None = self.number(place) if place < self.count else self.index.count
        while number is not None and (number := self.index.error_before(number)) is not None:
            found = self.place(number)
            if found < self.count and self.number(found) == number:
                return found
            if found == 0:
                return None
            number = self.number(found - 1) + 1
        return None

    def read(self, places: Iterable[int], longest: int = _GLANCE) -> list[Record]:
        """These records, each no longer than so many bytes."""
        spans = [self.index.span(self.number(place)) for place in places]
        try:
            with self.path.open("rb") as source:
                found = []
                for begin, end in spans:
                    source.seek(begin)
                    found.append(record_of(begin, source.read(min(longest, end - begin))))
                return found
        except OSError:
            return [record_of(begin, _UNREADABLE) for begin, _ in spans]
