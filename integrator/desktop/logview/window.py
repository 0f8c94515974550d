"""The window itself: what the follower sees comes to the list, what the person does goes to the follower."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from tkinter import ttk
from typing import Final

from integrator.desktop.kit.window import Window
from integrator.desktop.logview.controls import Controls
from integrator.desktop.logview.detail import LONGEST, Detail
from integrator.desktop.logview.follower import Follower, Seen, Wanted
from integrator.desktop.logview.jumps import Jumps
from integrator.desktop.logview.other_days import Way
from integrator.desktop.logview.row_list import RowList
from integrator.desktop.logview.taking import Ports, Taking
from integrator.desktop.logview.task_strip import TaskStrip
from integrator.desktop.logview.words import nothing, status
from integrator.desktop.loop import UiLoop
from integrator.logs.record import Record
from integrator.paths import log_folder
from integrator.settings.editing import ConfigFile

_SIZE: Final = (880, 600)


class LogWindow(Window):
    """``data`` is the installation's data folder; ``ports`` what the window asks of the system."""

    def __init__(
        self,
        root: tk.Misc,
        loop: UiLoop,
        data: Path,
        config: ConfigFile,
        *,
        on_close: Callable[[], object] = lambda: None,
        ports: Ports = Ports(),  # noqa: B008  # frozen
    ) -> None:
        super().__init__(root, "Registro", on_close=on_close, size=_SIZE)
        self._folder = log_folder(data)
        self._seen = Seen()
        self._day: date | None = None
        self._note = ""
        self.controls = Controls(self.body, self)
        self.list = RowList(self.body, self._read, moved=self._moved, left_end=self._leave_end, to_end=self._to_end)
        self._empty = ttk.Label(self.list.canvas, style="Surface.TLabel", justify="center")
        self.detail = Detail(self.body)
        self.task = TaskStrip(self.body, loop, self._allow)
        self.taking = Taking(self, loop, self.task, data, config, ports)
        self.jumps = Jumps(self, loop, self._folder)
        self._lay_out()
        self._bind_keys()
        self.follower = Follower(self._folder, lambda seen: loop.call(lambda: self._show(seen)))
        self.follower.start()

    @property
    def seen(self) -> Seen:
        """What the list shows."""
        return self._seen

    def present(self) -> None:
        super().present()
        self.list.canvas.focus_set()

    def destroy(self) -> None:
        self.follower.close()
        self.jumps.cancel()
        self.task.cancel()
        super().destroy()

    def choose_day(self, place: int) -> None:
        self.controls.following.set(place == 0)
        self._day = self._seen.days[place]
        self._ask()

    def show_day(self, day: date) -> None:
        """That day, and not the next one when it begins."""
        self.controls.following.set(False)
        self._day = day
        self._ask()

    def choose_filter(self) -> None:
        self._ask()

    def set_follow(self) -> None:
        if self.controls.following.get():
            self._day = None
            self.list.grow(self.list.count, follow=True)
        self._ask()

    def stop_search(self) -> None:
        """Back to what is shown."""
        view = self._seen.view
        if view is not None:
            self.controls.filter = view.filter
            self._day = view.day
        self._ask()

    def to_list(self) -> None:
        self.list.canvas.focus_set()

    def next_error(self) -> None:
        self.jumps.go(Way.LATER)

    def previous_error(self) -> None:
        self.jumps.go(Way.EARLIER)

    def _ask(self) -> None:
        self._note = ""
        self.jumps.cancel()
        newest = self.controls.following.get()
        shown = self._seen.view.day if self._seen.view is not None else None
        self.follower.show(Wanted(None if newest else self._day or shown, self.controls.filter))
        self.say()

    def _show(self, seen: Seen) -> None:
        before, self._seen = self._seen, seen
        following = self.controls.following.get()
        view = seen.view
        if view is not before.view or seen.trouble is not before.trouble:
            near, chosen = self._same_record(before, seen)
            other_day = view is None or before.view is None or view.day != before.view.day
            self.list.replace(seen.count, near, chosen=chosen, follow=following or other_day)
        elif (seen.count, seen.end) != (before.count, before.end):
            self.list.grow(seen.count, follow=following)
        self.controls.show_days(seen.days, view.day if view is not None else self._day)
        text = nothing(seen, self._folder)
        self._empty.configure(text=text, wraplength=max(self.look.px(200), self.list.canvas.winfo_width() * 3 // 4))
        if text:
            self._empty.place(relx=0.5, rely=0.5, anchor="center")
        else:
            self._empty.place_forget()
        self.say()
        self.jumps.arrive()

    def _same_record(self, before: Seen, seen: Seen) -> tuple[int, bool]:
        """Where in the new view what was on the screen is, and whether it is the record that was chosen."""
        old, new = before.view, seen.view
        if old is None or new is None or old.index is not new.index or not before.count or not seen.count:
            return seen.count - 1, False
        cursor = self.list.selection.cursor
        number = old.number(cursor if cursor >= 0 else min(self.list.top + self.list.page // 2, before.count - 1))
        place = min(new.place(number), seen.count - 1)
        return place, cursor >= 0 and new.number(place) == number

    def _read(self, places: Iterable[int]) -> list[Record]:
        view = self._seen.view
        assert view is not None  # without one the list has no rows
        return view.read(places)

    def _moved(self) -> None:
        view, cursor = self._seen.view, self.list.selection.cursor
        self._note = ""
        if view is None or not 0 <= cursor < self.list.count:
            self.detail.hint()
        else:
            self.detail.show(view.day, view.read([cursor], LONGEST)[0], cut=view.size(cursor) > LONGEST)
        self.say()
        self._allow()

    def _leave_end(self) -> None:
        if self.controls.following.get():
            self.controls.following.set(False)
            self._day = None
            self._ask()

    def _to_end(self) -> None:
        view = self._seen.view
        if view is not None and self._seen.days[:1] == (view.day,) and not self.controls.following.get():
            self.controls.following.set(True)
            self.list.grow(self.list.count, follow=True)
            self._ask()

    def note(self, text: str) -> None:
        """Say that beside the list until the person does something else."""
        self._note = text
        self.say()

    def say(self) -> None:
        """What is known of the list now, or is being done."""
        searching = bool(self.controls.filter.words.strip())
        text = self.jumps.doing or self._note or status(self._seen, searching, len(self.list.selection))
        self.controls.say(text, cancellable=self.jumps.busy or (searching and self._seen.progress is not None))

    def _allow(self) -> None:
        """Buttons that would do nothing now cannot be pressed."""
        busy = self.task.busy
        self.taking.allow(copy=len(self.list.selection) > 0, work=not busy, lines=self._seen.count > 0)

    def _lay_out(self) -> None:
        gap = self.look.px(8)
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(1, weight=3)
        self.body.rowconfigure(2, weight=1)
        self.controls.grid(row=0, column=0, sticky="ew")
        self.list.grid(row=1, column=0, sticky="nsew", pady=(gap, 0))
        self.detail.grid(row=2, column=0, sticky="nsew", pady=(gap, 0))
        self.task.grid(row=3, column=0, sticky="ew")
        self.taking.bar.grid(row=4, column=0, sticky="ew", pady=(gap, 0))

    def _bind_keys(self) -> None:
        self.bind("<F8>", lambda _: self.next_error())
        self.bind("<Shift-F8>", lambda _: self.previous_error())
        self.bind("<Control-f>", lambda _: self.controls.words.entry.focus_set())
        self.list.canvas.bind("<Control-c>", lambda _: self.taking.copy())
