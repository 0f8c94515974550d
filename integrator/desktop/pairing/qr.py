"""A QR code on the screen: each module a whole number of pixels, black on white also where the window is dark."""

from __future__ import annotations

import tkinter as tk
from io import BytesIO
from typing import TYPE_CHECKING, Final

from integrator.desktop.kit.theme import look_of

if TYPE_CHECKING:
    import segno

#: White around the code, in modules: the standard asks for four.
QUIET: Final = 4
_LEAST: Final = 240
_WANTED: Final = 328


class QrBox(tk.Canvas):
    """As large a code as its place has room for: a larger window shows a larger code. Empty it says why."""

    def __init__(self, parent: tk.Misc) -> None:
        look = look_of(parent)
        side = look.px(_WANTED)
        super().__init__(parent, width=side, height=side, highlightthickness=0, background=look.palette.ground)
        self._look = look
        self._text = self._instead = ""
        self._code: segno.QRCode | None = None
        self._picture: tk.PhotoImage | None = None
        self._drawn: tuple[str, str, int, int] | None = None
        self.bind("<Configure>", lambda _: self._draw())

    @property
    def module(self) -> int:
        """Pixels of one module of the code that is shown, 0 without one."""
        return self._module(min(self.winfo_width(), self.winfo_height())) if self._code is not None else 0

    def show(self, text: str, instead: str) -> None:
        """Draw that code; while ``text`` is empty, the words ``instead``."""
        if text != self._text:
            self._code = _code_of(text) if text else None
        self._text, self._instead = text, instead
        self._draw()

    def _draw(self) -> None:
        width, height = self.winfo_width(), self.winfo_height()
        wanted = (self._text, self._instead, width, height)
        if width <= 1 or wanted == self._drawn:
            return
        self._drawn = wanted
        self.delete("all")
        self._picture = None
        if self._code is not None:
            self._picture = tk.PhotoImage(master=self, data=_png(self._code, self._module(min(width, height))))
            self.create_image(width // 2, height // 2, image=self._picture)
            return
        colours, edge = self._look.palette, self._look.px(_LEAST) // 2
        middle, line = (width // 2, height // 2), self._look.px(1)
        self.create_rectangle(
            middle[0] - edge, middle[1] - edge, middle[0] + edge, middle[1] + edge, outline=colours.line, width=line
        )
        self.create_text(
            *middle, text=self._instead, width=edge * 2 - self._look.px(32), fill=colours.muted, justify="center"
        )

    def _module(self, room: int) -> int:
        assert self._code is not None
        return max(1, room // (len(self._code.matrix) + 2 * QUIET))


def _code_of(text: str) -> segno.QRCode:
    import segno  # pairing alone needs it

    return segno.make_qr(text, error="l")


def _png(code: segno.QRCode, module: int) -> bytes:
    file = BytesIO()
    code.save(file, kind="png", scale=module, border=QUIET, dark="#000000", light="#ffffff")
    return file.getvalue()
