"""The log viewer in a process of its own, which opens a long day, searches it and scrolls, and then follows its end.

Prints a line ``name seconds`` (or ``name megabytes``) per measure; ends when its window is closed or it is terminated.
"""

from __future__ import annotations

import sys
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

from integrator.desktop.kit.theme import dress
from integrator.desktop.logview.window import LogWindow
from integrator.desktop.loop import UiLoop
from integrator.settings.editing import ConfigFile
from tools.bench.figures import median, percentile

_LOOK_MS = 5
_SCROLLS = 100
#: In words as they are shown: most sentences of the file have to be made for it.
WORDS = {"filter": "mensagem 199", "filter, nothing found": "zebra"}


class Program:
    """Goes through its steps by Tk's clock: nothing here waits, so that the window works as it does for a person."""

    def __init__(self, data: Path) -> None:
        began = time.perf_counter()
        self.root = tk.Tk()
        self.root.withdraw()
        dress(self.root, dark=False, factor=1.0)
        self._window = LogWindow(self.root, UiLoop(self.root), data, ConfigFile(data / "config.toml"))
        self._window.present()
        self._steps = self._all_steps(began)
        self.root.after(_LOOK_MS, self._step)

    def _step(self) -> None:
        """Each step yields until its condition holds."""
        wanted = next(self._steps, None)
        if wanted is not None:
            self._when(wanted)

    def _when(self, wanted: Callable[[], object]) -> None:
        if wanted():
            self._step()
        else:
            self.root.after(_LOOK_MS, lambda: self._when(wanted))

    def _all_steps(self, began: float) -> Iterator[Callable[[], object]]:
        window = self._window
        yield lambda: window.list.count and window.list.idle
        say("first rows", time.perf_counter() - began)
        for name, words in WORDS.items():
            began = time.perf_counter()
            window.controls.words.value = words
            window.choose_filter()
            yield lambda words=words: window.seen.view is not None and window.seen.view.filter.words == words  # type: ignore[misc]
            say(name, time.perf_counter() - began)
        window.controls.words.value = ""
        window.choose_filter()
        yield lambda: window.seen.view is not None and window.seen.view.filter.all
        began = time.perf_counter()
        window.previous_error()
        yield lambda: window.list.idle
        say("jump to an error", time.perf_counter() - began)
        times = []
        for place in range(_SCROLLS):
            began = time.perf_counter()
            window.list.go(place * (window.list.count // _SCROLLS))
            window.list.update_idletasks()
            times.append(time.perf_counter() - began)
        say("scroll", median(times))
        say("scroll p95", percentile(times, 95))
        window.controls.follow.invoke()
        yield window.controls.following.get
        say("following", 0)


def say(name: str, value: float) -> None:
    """One measure."""
    print(f"{name}\t{value}", flush=True)


if __name__ == "__main__":
    Program(Path(sys.argv[1])).root.mainloop()
