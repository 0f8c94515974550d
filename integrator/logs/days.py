"""The daily files of the log, by their dates: no name from outside ever becomes a path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

_NAME = re.compile(r"integrador-(\d{4})-(\d\d)-(\d\d)\.log")
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class LogDay:
    """One day's file."""

    day: date
    path: Path


def log_path(folder: Path, day: date) -> Path:
    """Where that day's records go."""
    return folder / f"integrador-{day:%Y-%m-%d}.log"


def log_days(folder: Path) -> tuple[LogDay, ...]:
    """The days that there are, the newest first; none while nothing was written or the folder cannot be read.

    Days to come, which a clock that was ahead has left, stand last: the newest is the one that is being written.
    """
    try:
        found = [each for path in folder.iterdir() if (each := _day_of(path)) is not None]
    except OSError:
        return ()
    today = date.today()
    return tuple(sorted(found, key=lambda each: (each.day <= today, each.day), reverse=True))


def chunks(path: Path, size: int) -> Iterator[bytes]:
    """The first ``size`` bytes of the file in pieces: what is written meanwhile does not belong to the download."""
    with path.open("rb") as source:
        while size > 0 and (piece := source.read(min(_CHUNK, size))):
            size -= len(piece)
            yield piece


def _day_of(path: Path) -> LogDay | None:
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        return LogDay(date(*map(int, found.groups())), path)
    except ValueError:
        return None
