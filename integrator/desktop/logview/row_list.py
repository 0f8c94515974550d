"""The list: only the rows on the screen exist, whatever its length; keyboard, wheel, scroll bar, several chosen."""

from __future__ import annotations

import sys
import tkinter as tk
from collections.abc import Callable, Iterable
from functools import partial
from tkinter import ttk
from typing import Any, Final

from integrator.desktop.kit.theme import look_of
from integrator.desktop.logview.row_painter import ROW, RowPainter
from integrator.desktop.logview.selection import Selection
from integrator.logs.record import Record

_WHEEL_ROWS: Final = 3
_NOTCH: Final = 120
_REMEMBERED: Final = 2000
_SHIFT, _CONTROL = 0x1, 0x4
_WIDTH, _LEAST_ROWS = 420, 4
_LEAST_THUMB: Final = 0.1

Read = Callable[[Iterable[int]], list[Record]]


class RowList(ttk.Frame):
    """Rows by their places; ``read`` gives the records of some of them.

    ``moved`` is called when the cursor went to another row, ``left_end`` when the person scrolled up or chose a row
    (new rows must not carry it away), ``to_end`` when the person asked for the end.
    """

    def __init__(
        self,
        parent: tk.Misc,
        read: Read,
        *,
        moved: Callable[[], object],
        left_end: Callable[[], object],
        to_end: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        look = look_of(self)
        self._read = read
        self._moved, self._left_end, self._to_end = moved, left_end, to_end
        self.selection = Selection()
        self.count = 0
        self.top = 0
        self._known: dict[int, Record] = {}
        self._waiting = False
        self._follow = True
        self._page = 1
        self.canvas = tk.Canvas(
            self,
            width=look.px(_WIDTH),
            height=look.px(ROW * _LEAST_ROWS),
            background=look.palette.surface,
            highlightthickness=look.px(1),
            highlightbackground=look.palette.line,
            highlightcolor=look.palette.brand,
            takefocus=True,
        )
        self._painter = RowPainter(self.canvas)
        self._bar = ttk.Scrollbar(self, orient="vertical", command=self._scrolled)
        self.canvas.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._bind_keys()

    @property
    def page(self) -> int:
        """Whole rows that are seen at once."""
        return max(1, self.canvas.winfo_height() // self._painter.height)

    @property
    def idle(self) -> bool:
        """Everything that was to be painted is."""
        return not self._waiting

    @property
    def last_top(self) -> int:
        return max(0, self.count - self.page)

    def grow(self, count: int, *, follow: bool) -> None:
        """There are more rows at the end, or the last one says more; ``follow``: show the end."""
        self._known.pop(self.count - 1, None)
        self.count = count
        self._follow = follow
        self.draw()

    def replace(self, count: int, near: int, *, chosen: bool, follow: bool) -> None:
        """Other rows: what is around ``near`` is seen then, and it is ``chosen`` or none is; ``follow``: the end is."""
        self._known.clear()
        self.count = count
        self.selection.clear()
        if chosen:
            self.selection.to(near)
        self.top = near - self.page // 2
        self._follow = follow
        self.draw()
        self._moved()

    def go(self, place: int) -> None:
        """Choose that row and show it, with some of what is around it."""
        self.selection.to(place)
        if not self.top <= place < self.top + self.page:
            self.top = place - self.page // 2
        self._leave_end()
        self.draw()
        self._moved()

    def draw(self) -> None:
        """Paint it soon; several calls are one painting."""
        if not self._waiting:
            self._waiting = True
            self.after_idle(self._draw)

    def _draw(self) -> None:
        self._waiting = False
        if not self.winfo_viewable():
            return
        self._stay()
        rows = self.canvas.winfo_height() // self._painter.height + 1
        self._painter.resize(self.canvas.winfo_width(), rows)
        shown = range(self.top, min(self.top + rows, self.count))
        self._bring(shown)
        for row in range(rows):
            place = self.top + row
            if place in shown:
                chosen, cursor = place in self.selection, place == self.selection.cursor
                self._painter.paint(row, self._known[place], chosen=chosen, cursor=cursor)
            else:
                self._painter.clear(row)
        begin = self.top / max(1, self.last_top) * (1 - self._thumb)
        self._bar.set(begin, begin + self._thumb)

    def _stay(self) -> None:
        """What mattered is still seen when there is more or less room than before: the end, or the cursor."""
        cursor, before, self._page = self.selection.cursor, self._page, self.page
        if self._follow:
            self.top = self.last_top
        elif self._page < before and self.top + self._page <= cursor < self.top + before:
            self.top = cursor - self._page + 1
        self.top = max(0, min(self.top, self.last_top))

    @property
    def _thumb(self) -> float:
        """The part of the bar that stands for what is seen: never too small to be taken hold of."""
        return max(_LEAST_THUMB, min(1.0, self.page / max(1, self.count)))

    def _bring(self, places: range) -> None:
        missing = [place for place in places if place not in self._known]
        if len(self._known) > _REMEMBERED:
            self._known.clear()
            missing = list(places)
        if missing:
            self._known.update(zip(missing, self._read(missing), strict=True))

    def _bind_keys(self) -> None:
        canvas = self.canvas
        canvas.bind("<Configure>", lambda _: self.draw())
        canvas.bind("<Map>", lambda _: self.draw())
        canvas.bind("<Button-1>", self._clicked)
        canvas.bind("<B1-Motion>", self._dragged)
        canvas.bind("<Control-a>", lambda _: self._choose_all())
        for key, step in self._steps().items():
            canvas.bind(f"<{key}>", partial(self._stepped, step))
        if sys.platform == "win32":
            canvas.bind("<MouseWheel>", lambda event: self._rolled(-event.delta / _NOTCH))
        else:
            canvas.bind("<Button-4>", lambda _: self._rolled(-1))
            canvas.bind("<Button-5>", lambda _: self._rolled(1))

    def _steps(self) -> dict[str, Callable[[], int]]:
        return {
            "Up": lambda: self.selection.cursor - 1,
            "Down": lambda: self.selection.cursor + 1,
            "Prior": lambda: self.selection.cursor - self.page,
            "Next": lambda: self.selection.cursor + self.page,
            "Home": lambda: 0,
            "End": lambda: self.count - 1,
        }

    def _stepped(self, step: Callable[[], int], event: tk.Event[tk.Canvas]) -> str:
        if self.count:
            end = event.keysym == "End"
            begun = self.selection.cursor >= 0 or event.keysym in ("Home", "End")
            place = step() if begun else self.top + self.page - 1
            self._choose(max(0, min(place, self.count - 1)), _state(event) & _SHIFT, end=end)
        return "break"

    def _choose(self, place: int, state: int, *, end: bool = False) -> None:
        if state & _SHIFT:
            self.selection.stretch_to(place)
        elif state & _CONTROL:
            self.selection.turn(place)
        else:
            self.selection.to(place)
        self.top = max(min(self.top, place), place - self.page + 1)
        if end:
            self._to_end()
        else:
            self._leave_end()
        self.draw()
        self._moved()

    def _choose_all(self) -> str:
        self.selection.all_of(self.count)
        self._leave_end()
        self.draw()
        self._moved()
        return "break"

    def _clicked(self, event: tk.Event[tk.Canvas]) -> None:
        self.canvas.focus_set()
        place = self.top + event.y // self._painter.height
        if 0 <= place < self.count:
            self._choose(place, _state(event))

    def _dragged(self, event: tk.Event[tk.Canvas]) -> None:
        place = max(0, min(self.top + event.y // self._painter.height, self.count - 1))
        if self.count and place != self.selection.cursor:
            self._choose(place, _SHIFT)

    def _rolled(self, notches: float) -> str:
        self._roll_to(self.top + round(notches * _WHEEL_ROWS))
        return "break"

    def _scrolled(self, kind: str, amount: str, unit: str = "") -> Any:
        if kind == "moveto":
            self._roll_to(round(float(amount) / max(_LEAST_THUMB, 1 - self._thumb) * self.last_top))
        else:
            self._roll_to(self.top + round(float(amount)) * (self.page if unit == "pages" else 1))

    def _roll_to(self, top: int) -> None:
        top = max(0, min(top, self.last_top))
        if top < self.top:
            self._leave_end()
        self.top = top
        self.draw()

    def _leave_end(self) -> None:
        self._follow = False
        self._left_end()


def _state(event: tk.Event[tk.Canvas]) -> int:
    return event.state if isinstance(event.state, int) else 0
