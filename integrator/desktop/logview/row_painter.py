"""Paints a row of the list on a canvas: when, how grave with its sign, and what happened, cut with … at the end."""

from __future__ import annotations

import re
import tkinter as tk
from tkinter import font as tkfont
from typing import Final

from integrator.desktop.kit.signs import Kind, sign
from integrator.desktop.kit.theme import look_of
from integrator.logs.record import Record
from integrator.logs.words import LEVELS, in_words

ROW: Final = 24
_SIGN: Final = 14
_GAP: Final = 12
_LONGEST: Final = 400
_REMEMBERED: Final = 2000
#: Tk's own characters end at U+FFFF, and a control character would break the line.
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\U00010000-\U0010ffff]+")
_KINDS: Final = {"WARNING": Kind.WARN, "ERROR": Kind.BAD, "CRITICAL": Kind.BAD}
_NOT_OURS: Final = "outro"


def one_line(text: str) -> str:
    """Fit for one line of a canvas."""
    return _UNSHOWN.sub(" ", text)


class RowPainter:
    """The rows of one canvas, from the top; each row's items are made once and changed from then on."""

    def __init__(self, canvas: tk.Canvas) -> None:
        self._canvas = canvas
        look = look_of(canvas)
        self._colours = look.palette
        self.height = look.px(ROW)
        self._font = tkfont.nametofont("TkDefaultFont", canvas)
        self._signs = {kind: sign(canvas, kind, look, _SIGN) for kind in (Kind.WARN, Kind.BAD)}
        self._level_colours = {Kind.WARN: self._colours.warn, Kind.BAD: self._colours.bad, None: self._colours.muted}
        gap = look.px(_GAP)
        self._at_time = gap
        self._at_sign = self._at_time + self._font.measure("00:00:00") + gap
        self._at_level = self._at_sign + look.px(_SIGN) + gap // 2
        self._at_text = self._at_level + max(map(self._font.measure, (*LEVELS.values(), _NOT_OURS))) + gap
        self._right = gap
        self._rows: list[tuple[int, ...]] = []
        self._width = 0
        self._fitted: dict[str, str] = {}

    def resize(self, width: int, rows: int) -> None:
        """There is room for so many rows of that width, pixels."""
        if width != self._width:
            self._width = width
            self._fitted.clear()
            for place, items in enumerate(self._rows):
                self._canvas.coords(items[0], *self._box(place))
        while len(self._rows) < rows:
            self._rows.append(self._make(len(self._rows)))
        for items in self._rows[rows:]:
            self._canvas.delete(*items)
        del self._rows[rows:]

    def paint(self, row: int, record: Record, *, chosen: bool, cursor: bool) -> None:
        """Show that record in the row."""
        ground, picture, time, level, text = self._rows[row]
        kind = _KINDS.get(record.level)
        change = self._canvas.itemconfigure
        change(
            ground,
            state="normal" if chosen or cursor else "hidden",
            fill=self._colours.selected if chosen else "",
            outline=self._colours.brand if cursor else "",
        )
        change(picture, image=self._signs[kind] if kind else "")
        change(time, text=record.time)
        change(level, text=LEVELS.get(record.level, _NOT_OURS), fill=self._level_colours[kind])
        change(text, text=self.fitted(one_line(in_words(record)[:_LONGEST])))

    def clear(self, row: int) -> None:
        """Show nothing in the row."""
        ground, picture, *texts = self._rows[row]
        self._canvas.itemconfigure(ground, state="hidden")
        self._canvas.itemconfigure(picture, image="")
        for item in texts:
            self._canvas.itemconfigure(item, text="")

    def fitted(self, text: str) -> str:
        """As much of the text as the row has room for, with … where some is left out."""
        known = self._fitted.get(text)
        if known is None:
            if len(self._fitted) > _REMEMBERED:
                self._fitted.clear()
            known = self._fitted[text] = self._fit(text, self._width - self._at_text - self._right)
        return known

    def _fit(self, text: str, room: int) -> str:
        if self._font.measure(text) <= room:
            return text
        least, most = 0, len(text)
        while least < most:
            middle = (least + most + 1) // 2
            if self._font.measure(f"{text[:middle]}…") <= room:
                least = middle
            else:
                most = middle - 1
        return f"{text[:least].rstrip()}…"

    def _make(self, row: int) -> tuple[int, ...]:
        middle = row * self.height + self.height // 2
        write = self._canvas.create_text
        return (
            self._canvas.create_rectangle(*self._box(row), state="hidden", width=1),
            self._canvas.create_image(self._at_sign, middle, anchor="w"),
            write(self._at_time, middle, anchor="w", font="TkDefaultFont", fill=self._colours.muted),
            write(self._at_level, middle, anchor="w", font="TkDefaultFont"),
            write(self._at_text, middle, anchor="w", font="TkDefaultFont", fill=self._colours.text),
        )

    def _box(self, row: int) -> tuple[int, int, int, int]:
        return 0, row * self.height, self._width - 1, (row + 1) * self.height - 1
