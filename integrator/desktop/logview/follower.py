"""The thread that reads the log for the window: takes in what is written, fills the views, notices a new day.

It works with rests (``breath``), and a new wish overtakes what is being done for the old one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import IO, Final

from integrator.desktop.logview.breath import Breath
from integrator.desktop.logview.view import Filter, View
from integrator.logs import log_event
from integrator.logs.days import LogDay, log_days
from integrator.logs.index import LogIndex, least_gravity
from integrator.logs.search import Search

log = logging.getLogger(__name__)

_EVERY_S: Final = 0.3
_TELL_S: Final = 0.2
_BLOCK: Final = 64 * 1024
#: No more than this of a block whose last record is of no sensible length.
_LONGEST: Final = 1024 * 1024


class Trouble(Enum):
    """Why there is nothing to show."""

    NOTHING_YET = "ainda não há registro"
    FORBIDDEN = "sem permissão"
    GONE = "o arquivo do dia não está mais lá"
    UNREADABLE = "não pôde ser lido"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the window wants to show; ``day`` None: the newest, and the next one when it begins."""

    day: date | None = None
    filter: Filter = Filter()  # noqa: RUF009  # frozen


@dataclass(frozen=True, slots=True)
class Seen:
    """How far it is. ``count`` records of ``view`` can be shown; a view is another object when the list is another.

    ``end`` is how much of the file they were taken from, bytes: the last record may have grown though none came.
    ``progress`` is the part of the reading or searching that is done, None when nothing is under way.
    """

    days: tuple[date, ...] = ()
    view: View | None = None
    count: int = 0
    end: int = 0
    progress: float | None = None
    trouble: Trouble | None = None


class Follower:
    """Reads from :meth:`start` to :meth:`close`; ``tell`` is called on its thread."""

    def __init__(self, folder: Path, tell: Callable[[Seen], object]) -> None:
        self._folder = folder
        self._tell = tell
        self._wanted = Wanted()
        self._wake = threading.Event()
        self._closed = False
        self._seen = Seen()
        self._days: tuple[date, ...] = ()
        self._file: LogDay | None = None
        self._index = LogIndex()
        self._view: View | None = None
        self._next: View | None = None
        self._breath = Breath()
        self._told = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="leitura do registro", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def show(self, wanted: Wanted) -> None:
        """From now on show this. From any thread."""
        self._wanted = wanted
        self._wake.set()

    def close(self) -> None:
        """End soon. From any thread."""
        self._closed = True
        self._wake.set()

    def _run(self) -> None:
        while not self._closed:
            self._wake.clear()
            try:
                self._look(self._wanted)
            except _Overtaken:
                continue
            except FileNotFoundError:
                self._forget(Trouble.GONE)
            except OSError as error:
                if self._forget(Trouble.UNREADABLE):
                    log_event(log, "log_unreadable", level=logging.WARNING, detail=repr(error))
            except Exception:  # the top of a thread
                if self._forget(Trouble.UNREADABLE):
                    log.exception("action=defect")
            self._wake.wait(_EVERY_S)

    def _look(self, wanted: Wanted) -> None:
        days = log_days(self._folder)
        self._days = tuple(each.day for each in days)
        self._told = time.monotonic()
        file = next((each for each in days if wanted.day in (None, each.day)), None)
        if file is None:
            self._forget(Trouble.GONE if days else _why_no_days(self._folder))
            return
        self._take_in(file)
        self._fill(file, wanted.filter)
        view = self._view
        assert view is not None  # filled just now
        self._say(Seen(self._days, view, view.count, self._index.end))

    def _take_in(self, file: LogDay) -> None:
        size = file.path.stat().st_size
        if file != self._file or size < self._index.end:
            self._file, self._index = file, LogIndex()
            self._view = self._next = None
        if size == self._index.end:
            return
        with file.path.open("rb") as source:
            while self._index.read_on(source, size):
                self._breathe(self._index.end / size)

    def _fill(self, file: LogDay, wanted: Filter) -> None:
        """Bring the view of that filter up to the index; a new one takes the old one's place when it is complete."""
        if self._view is not None and self._view.filter == wanted:
            self._next = None
        elif self._next is None or self._next.filter != wanted:
            self._next = View(file.day, file.path, self._index, wanted)
        filling = self._next if self._next is not None else self._view
        assert filling is not None  # one of the two branches above
        if not wanted.all and filling.judged_end < self._index.end:
            self._judge(filling)
        self._view, self._next = filling, None

    def _judge(self, view: View) -> None:
        """The last record that was judged may have grown since: it is judged again."""
        search = Search(view.filter.words)
        least = least_gravity(view.filter.level)
        view.judged = max(0, view.judged - 1)
        with view.path.open("rb") as source:
            while view.judged < view.index.count:
                numbers = range(view.judged, view.index.up_to(view.judged, _BLOCK))
                grave = [number for number in numbers if view.index.gravity(number) >= least]
                found = _with_words(view.index, numbers, search, source) if search else None
                for number in grave:
                    if found is None or number in found:
                        view.add(number)
                view.judged = numbers.stop
                self._breathe(view.judged / view.index.count)
        view.judged_end = view.index.end

    def _breathe(self, progress: float) -> None:
        if self._wake.is_set():
            raise _Overtaken
        self._breath.take()
        if time.monotonic() - self._told > _TELL_S:
            self._say(replace(self._seen, days=self._days, progress=progress))

    def _forget(self, trouble: Trouble) -> bool:
        """Show nothing; whether that is news, for what is tried again all the time is not told all the time."""
        news = self._seen.trouble is not trouble
        self._file, self._index = None, LogIndex()
        self._view = self._next = None
        self._say(Seen(self._days, trouble=trouble))
        return news

    def _say(self, seen: Seen) -> None:
        self._told = time.monotonic()
        if seen != self._seen:
            self._seen = seen
            self._tell(seen)


class _Overtaken(Exception):
    """Something else is wanted meanwhile."""


def _with_words(index: LogIndex, numbers: range, search: Search, source: IO[bytes]) -> set[int]:
    """Those of the records, which follow one another, that the search finds."""
    begin, end = index.span(numbers.start)[0], index.span(numbers.stop - 1)[1]
    source.seek(begin)
    block = source.read(min(end - begin, _LONGEST))
    if not search.may_be_in(block):
        return set()
    spans = ((number, *index.span(number)) for number in numbers)
    return {number for number, at, stop in spans if search.finds(block[at - begin : stop - begin])}


def _why_no_days(folder: Path) -> Trouble:
    try:
        next(folder.iterdir(), None)
    except FileNotFoundError:
        return Trouble.NOTHING_YET
    except OSError:
        return Trouble.FORBIDDEN
    return Trouble.NOTHING_YET
