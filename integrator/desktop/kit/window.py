"""The window that all others are: titled, with our icon, as large as what is in it, closed by Escape."""

from __future__ import annotations

import gc
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from integrator.desktop.kit.theme import look_of
from integrator.paths import packaged

NAME: Final = "Integrador"
#: What borders take of a screen's width; the title and the task bar of its height.
_BORDERS: Final = 16
_BARS: Final = 72
_ICON_SIZES: Final = (16, 32, 48)


class Window(tk.Toplevel):
    """Made hidden; :meth:`present` shows it. ``on_close`` is called once, when it was closed by whatever means.

    What is in it goes into :attr:`body`, a padded frame that grows with the window. ``size``: width and height in the
    design's units that it opens with where the screen has them, for a window that shows more in more room.
    """

    def __init__(
        self,
        root: tk.Misc,
        title: str,
        *,
        on_close: Callable[[], object] = lambda: None,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(root)
        self.withdraw()
        self.look = look_of(self)
        self.title(f"{title} · {NAME}")
        self.configure(background=self.look.palette.ground)
        self._icons = _icons(self)
        if self._icons:
            self.iconphoto(False, *self._icons)
        self._on_close = on_close
        self.first: tk.Misc | None = None
        self._size = size
        self.body = ttk.Frame(self, padding=self.look.px(16))
        self.body.pack(fill="both", expand=True)
        self.protocol("WM_DELETE_WINDOW", self.close)
        self.bind("<Escape>", lambda _: self.close())

    def present(self) -> None:
        """Show it, or bring it to the front; the first time in the middle of the screen and no larger than that.

        The keyboard goes to :attr:`first` then, later to where it was.
        """
        is_new = self.state() == "withdrawn"
        if is_new:
            self._centre()
        self.deiconify()
        self.lift()
        self.update_idletasks()  # what is not drawn yet would get the keyboard later, and lose it to who asks first
        ((self.first if is_new else None) or self.focus_lastfor() or self).focus_force()

    def close(self) -> None:
        """Close it; a second call does nothing."""
        closing, self._on_close = self._on_close, lambda: None
        root = self.nametowidget(".")
        try:
            self.destroy()
        finally:
            # Its variables and pictures belong to Tk's thread, and may otherwise be collected on another.
            root.after_idle(gc.collect)
            closing()

    def _centre(self) -> None:
        self.update_idletasks()
        wide, high = self.winfo_screenwidth(), self.winfo_screenheight()
        width, height = min(self.winfo_reqwidth(), wide), min(self.winfo_reqheight(), high)
        self.minsize(width, height)
        if self._size is not None:
            width = max(width, min(self.look.px(self._size[0]), wide - self.look.px(_BORDERS)))
            height = max(height, min(self.look.px(self._size[1]), high - self.look.px(_BARS)))
            self.geometry(f"{width}x{height}")
        left, top = (wide - width) // 2, (high - height) // 3
        self.geometry(f"+{max(0, left)}+{max(0, top)}")


def _icons(window: tk.Toplevel) -> tuple[tk.PhotoImage, ...]:
    files = (packaged("desktop", "art", f"idle-{size}.png") for size in _ICON_SIZES)
    return tuple(tk.PhotoImage(master=window, file=str(file)) for file in files if file.exists())
