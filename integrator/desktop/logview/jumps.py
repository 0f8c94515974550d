"""The way from error to error: within the day that is shown, and on to the next day that has one."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from integrator.desktop.logview.follower import Seen
from integrator.desktop.logview.other_days import Found, NotFound, Way, find_day
from integrator.desktop.logview.progress import Progress
from integrator.desktop.logview.row_list import RowList
from integrator.desktop.logview.view import View
from integrator.desktop.loop import UiLoop
from integrator.domain.errors import IntegratorError
from integrator.messages.formatting import format_count, format_date

_NONE: Final = {Way.LATER: "Não há erro depois desta linha.", Way.EARLIER: "Não há erro antes desta linha."}
_NOT_FINISHED: Final = "A procura por erros parou antes do fim."


class Shown(Protocol):
    """The window in which one goes."""

    @property
    def list(self) -> RowList: ...
    @property
    def seen(self) -> Seen: ...
    def note(self, text: str) -> object: ...
    def say(self) -> object: ...
    def show_day(self, day: date) -> object: ...


class Jumps:
    """On Tk's thread. ``doing`` says which day is looked through, and is empty while none is."""

    def __init__(self, shown: Shown, loop: UiLoop, folder: Path) -> None:
        self._shown = shown
        self._loop = loop
        self._folder = folder
        self._running: tuple[Progress, Way] | None = None
        self._heading: tuple[date, Way] | None = None
        self.doing = ""

    @property
    def busy(self) -> bool:
        """Other days are being looked through."""
        return self._running is not None

    def go(self, way: Way) -> None:
        """To the next error that way; asked again while other days are looked through for it, nothing changes."""
        if self._running is not None and self._running[1] is way:
            return
        self.cancel()
        seen = self._shown.seen
        view, cursor = seen.view, self._shown.list.selection.cursor
        if view is None:
            return
        place = _next(view, cursor, way)
        if place is not None and place < self._shown.list.count:
            self._shown.list.go(place)
        elif way.days(seen.days, view.day):
            self._look_further(view, cursor, way)
        else:
            self._shown.note(_NONE[way])

    def cancel(self) -> None:
        """Stay where one is."""
        if self._running is not None:
            self._running[0].cancel()
        self._running = self._heading = None
        self.doing = ""

    def arrive(self) -> None:
        """The window shows something else: when it is the day that was found, go to its error."""
        seen = self._shown.seen
        if self._heading is None or seen.progress is not None:
            return
        day, way = self._heading
        if seen.trouble is not None:
            self._heading = None
        elif seen.view is not None and seen.view.day == day:
            self._heading = None
            place = _next(seen.view, -1, way)
            if place is None or place >= self._shown.list.count:
                self._shown.note(_NONE[way])
                return
            self._shown.list.go(place)
            self._shown.note(f"Este erro é de {format_date(day)}.")

    def _look_further(self, view: View, cursor: int, way: Way) -> None:
        progress = Progress(lambda _, doing: self._loop.call(lambda: self._tell(progress, doing)))
        self._running = progress, way
        self._loop.background(
            lambda: find_day(self._folder, view.day, way, view.filter.words, progress),
            lambda found: self._answered(progress, found, view, cursor),
            partial(self._failed, progress),
        )

    def _tell(self, progress: Progress, doing: str) -> None:
        if doing and self._is_running(progress):
            self.doing = doing
            self._shown.say()

    def _answered(self, progress: Progress, found: Found | NotFound, view: View, cursor: int) -> None:
        if not self._is_running(progress) or self._running is None:
            return
        way = self._running[1]
        self.cancel()
        moved = self._shown.seen.view is not view or self._shown.list.selection.cursor != cursor
        match found:
            case Found(day) if moved:  # the person reads something else by now
                self._shown.note(f"Há um erro em {format_date(day)}.")
            case Found(day):
                self._shown.show_day(day)
                self._heading = day, way
            case NotFound(0):
                self._shown.note(_NONE[way])
            case NotFound(unread):
                self._shown.note(f"Não há outro erro, mas não li {format_count(unread, 'dia', 'dias')}.")

    def _failed(self, progress: Progress, _: IntegratorError) -> None:
        if self._is_running(progress):
            self.cancel()
            self._shown.note(_NOT_FINISHED)

    def _is_running(self, progress: Progress) -> bool:
        return self._running is not None and self._running[0] is progress


def _next(view: View, cursor: int, way: Way) -> int | None:
    """Without a cursor: the first of the day, or its last."""
    if way is Way.LATER:
        return view.error_after(cursor)
    return view.error_before(cursor if cursor >= 0 else view.count)
