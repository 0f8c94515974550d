"""Whether there is an error in a day's file: answered for many days, most of which have none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from integrator.logs.index import LogIndex
from integrator.logs.search import Search

_SIGNS: Final = (b" ERROR ", b" CRITICAL ")
_CHUNK: Final = 256 * 1024
_OVERLAP: Final = max(map(len, _SIGNS)) - 1
#: Of a record that is longer, so much is looked through.
_LONGEST: Final = 1024 * 1024


def has_error(path: Path, words: str, pause: Callable[[], object]) -> bool:
    """Whether a record of the file is an error and says the words; none are in every record.

    ``pause`` is called every few milliseconds, and what it raises ends the search. Raises :class:`OSError`.
    """
    with path.open("rb") as source:
        size = source.seek(0, os.SEEK_END)
        return _may_have_one(source, pause) and _has_one(source, size, Search(words), pause)


def _may_have_one(source: IO[bytes], pause: Callable[[], object]) -> bool:
    """A tenth of the time that reading the records would take."""
    source.seek(0)
    before = b""
    while piece := source.read(_CHUNK):
        text = before + piece
        if any(sign in text for sign in _SIGNS):
            return True
        before = text[-_OVERLAP:]
        pause()
    return False


def _has_one(source: IO[bytes], size: int, search: Search, pause: Callable[[], object]) -> bool:
    index = LogIndex()
    judged, more = -1, True
    while more:
        more = index.read_on(source, size)
        pause()
        while (error := index.error_after(judged)) is not None:
            if not search:
                return True
            if more and error == index.count - 1:  # it may go on
                break
            begin, end = index.span(error)
            source.seek(begin)
            if search.finds(source.read(min(end - begin, _LONGEST))):
                return True
            judged = error
            pause()
    return False
