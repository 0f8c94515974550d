"""One record whole: in words, then as it stands in the file, to be read and copied from."""

from __future__ import annotations

import re
import tkinter as tk
from datetime import date
from tkinter import ttk
from typing import Final

from integrator.desktop.kit.reading import reading_text
from integrator.desktop.kit.theme import look_of
from integrator.logs.record import Record
from integrator.logs.words import LEVELS, in_words
from integrator.messages.formatting import format_date

#: Bytes of a record that are shown.
LONGEST: Final = 20_000
_LINES: Final = 4
_HINT: Final = "Escolha uma linha para ver tudo o que ela diz."
_CUT: Final = "\n… (a linha continua: exporte o registro para ver tudo)"
_NOT_OURS: Final = "Esta linha não foi escrita pelo Integrador."
#: Tk's own characters end at U+FFFF.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\U00010000-\U0010ffff]")


class Detail(ttk.Frame):
    """Reached by Tab, read by the arrows; nothing can be typed into it."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        look = look_of(self)
        colours = look.palette
        self.text = reading_text(
            self,
            height=_LINES,
            takefocus=True,
            font="TkFixedFont",
            insertbackground=colours.text,
            padx=look.px(8),
            pady=look.px(6),
        )
        self.text.tag_configure("words", font="IntegradorStrong", spacing3=look.px(2))
        self.text.tag_configure("small", font="IntegradorSmall", foreground=colours.muted, spacing3=look.px(4))
        self._shown: tuple[date, Record] | None = None
        self.hint()

    def hint(self) -> None:
        """No record: say how to choose one."""
        self._shown = None
        self._write((_HINT, "small"))

    def show(self, day: date, record: Record, *, cut: bool) -> None:
        """That record; ``cut``: it goes on in the file."""
        if self._shown == (day, record):
            return
        self._shown = (day, record)
        if not record.level:
            self._write((f"{_NOT_OURS}\n", "small"), (record.raw + (_CUT if cut else ""), ""))
            return
        where = f"{format_date(day)} {record.time} · {LEVELS.get(record.level, record.level)}"
        self._write(
            (f"{in_words(record)}\n", "words"), (f"{where}\n", "small"), (record.raw + (_CUT if cut else ""), "")
        )

    def _write(self, *parts: tuple[str, str]) -> None:
        self.text.configure(state="normal")
        self.text.delete("1.0", "end")
        for text, tag in parts:
            self.text.insert("end", _UNSHOWN.sub("\ufffd", text), tag)
        self.text.configure(state="disabled")
        self.text.yview_moveto(0)


def _go(widget: tk.Misc | None) -> str:
    if widget is not None:
        widget.focus_set()
    return "break"
