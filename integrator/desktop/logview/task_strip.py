"""The strip for one long work at a time: what is being done, how far it is, Cancelar; then what came of it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TypeVar

from integrator.desktop.kit.pieces import Banner, button
from integrator.desktop.kit.signs import Kind
from integrator.desktop.kit.theme import look_of
from integrator.desktop.logview.progress import Cancelled, Progress
from integrator.desktop.loop import UiLoop
from integrator.domain.errors import IntegratorError

T = TypeVar("T")


class TaskStrip(ttk.Frame):
    """Takes no room while there is nothing to say. ``changed`` is called when a work begins and when it ended."""

    def __init__(self, parent: tk.Misc, loop: UiLoop, changed: Callable[[], object]) -> None:
        super().__init__(parent)
        look = look_of(self)
        self._loop = loop
        self._changed = changed
        self._running: Progress | None = None
        self._work = ttk.Frame(self)
        self._doing = ttk.Label(self._work, anchor="w")
        self._bar = ttk.Progressbar(self._work, maximum=1.0)
        self.cancel_button = button(self._work, "Cancelar", self.cancel)
        self._doing.grid(row=0, column=0, sticky="ew", pady=(0, look.px(4)))
        self._bar.grid(row=1, column=0, sticky="ew")
        self.cancel_button.grid(row=0, column=1, rowspan=2, padx=(look.px(16), 0))
        self._work.columnconfigure(0, weight=1)
        self._work.grid(row=0, column=0, sticky="ew", pady=(look.px(8), 0))
        self.banner = Banner(self)
        self.banner.grid(row=1, column=0, sticky="ew", pady=(look.px(8), 0))
        self.columnconfigure(0, weight=1)
        self._work.grid_remove()
        self.banner.hide()

    @property
    def busy(self) -> bool:
        return self._running is not None

    def run(self, doing: str, work: Callable[[Progress], T], done: Callable[[T], object]) -> None:
        """Do it on a thread of its own; ``done`` is called on Tk's unless it failed or was cancelled."""
        progress = Progress(lambda part, text: self._loop.call(lambda: self._tell(progress, part, text)))
        self._running = progress
        self.banner.hide()
        self._doing.configure(text=doing)
        self._bar.configure(value=0)
        self._work.grid()
        self._changed()
        self._loop.background(
            lambda: work(progress),
            lambda result: self._end(progress, lambda: done(result)),
            lambda error: self._end(progress, lambda: self._failed(error)),
        )

    def cancel(self) -> None:
        """Wait no longer; the work itself ends when it next tells how far it is."""
        if self._running is not None:
            self._running.cancel()
            self._end(self._running, lambda: self.banner.show(Kind.INFO, Cancelled.title, "Nada foi gravado."))

    def _tell(self, progress: Progress, part: float, doing: str) -> None:
        if progress is self._running:
            self._bar.configure(value=part)
            if doing:
                self._doing.configure(text=doing)

    def _end(self, progress: Progress, say: Callable[[], object]) -> None:
        if progress is not self._running:
            return
        self._running = None
        self._work.grid_remove()
        say()
        self._changed()

    def _failed(self, error: IntegratorError) -> None:
        self.banner.show(Kind.BAD, error.title, error.message)
