"""What the test found, shown while it comes: a sign, what was found, and what to do."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk
from typing import Final

from integrator.desktop.kit.reading import reading_text
from integrator.desktop.kit.signs import Kind, sign
from integrator.desktop.kit.theme import look_of
from integrator.support.finding import Finding, Level

_KINDS: Final = {Level.OK: Kind.OK, Level.WARNING: Kind.WARN, Level.ERROR: Kind.BAD}
_GRAVITY: Final = (Level.ERROR, Level.WARNING, Level.OK, Level.SKIPPED)
_SCROLLS: Final = {"<Up>": (-1, "units"), "<Down>": (1, "units"), "<Prior>": (-1, "pages"), "<Next>": (1, "pages")}


class FindingsList(ttk.Frame):
    """The findings by id, in the order in which they first came; ``empty`` is said while there is none."""

    def __init__(self, parent: tk.Misc, empty: str) -> None:
        super().__init__(parent)
        look = look_of(self)
        self._empty = empty
        self._findings: dict[str, Finding] = {}
        self._signs = {kind: sign(self, kind, look, 18) for kind in _KINDS.values()}
        self._text = reading_text(
            self, height=1, borderwidth=0, font="TkDefaultFont", padx=look.px(12), pady=look.px(8), cursor="arrow"
        )
        self._tags(look.px(26), look.px(10))
        for name, (count, what) in _SCROLLS.items():
            self._text.bind(name, partial(self._scroll, count, what))
        self.clear()

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings.values())

    @property
    def told(self) -> str:
        """What is shown, as text."""
        return self._text.get("1.0", "end").strip()

    def clear(self) -> None:
        """Nothing is known."""
        self._findings.clear()
        self._draw()

    def add(self, finding: Finding) -> None:
        """Show it, in place of an earlier one of its id."""
        self._findings[finding.id] = finding
        self._draw()

    def settle(self) -> None:
        """Nothing more comes: what asks for somebody goes to the top."""
        order = sorted(self.findings, key=lambda finding: _GRAVITY.index(finding.level))
        self._findings = {finding.id: finding for finding in order}
        self._draw()
        self._text.see("1.0")

    def _draw(self) -> None:
        self._text.configure(state="normal")
        self._text.delete("1.0", "end")
        seen = [finding for finding in self.findings if finding.level is not Level.SKIPPED]
        skipped = [finding.title for finding in self.findings if finding.level is Level.SKIPPED]
        for finding in seen:
            self._line(finding)
        if skipped:
            self._text.insert("end", f"Não conferido: {', '.join(skipped)}.\n", ("muted",))
        if not self._findings:
            self._text.insert("end", self._empty, ("muted",))
        self._text.configure(state="disabled")
        self._text.see("end")

    def _line(self, finding: Finding) -> None:
        self._text.image_create("end", image=self._signs[_KINDS[finding.level]], padx=0)
        self._text.insert("end", f"  {finding.title}\n", ("title",))
        self._text.insert("end", f"{finding.text}\n", ("body",))
        if finding.fix:
            self._text.insert("end", f"O que fazer: {finding.fix}\n", ("fix",))

    def _tags(self, indent: int, gap: int) -> None:
        colours = look_of(self).palette
        self._text.tag_configure("title", font="IntegradorStrong", spacing1=gap // 2)
        self._text.tag_configure("body", lmargin1=indent, lmargin2=indent)
        self._text.tag_configure("fix", lmargin1=indent, lmargin2=indent, foreground=colours.warn)
        self._text.tag_configure("muted", foreground=colours.muted, spacing1=gap)

    def _scroll(self, count: int, what: str, _event: object) -> str:
        """The arrows scroll what nobody can write in."""
        self._text.tk.call(str(self._text), "yview", "scroll", count, what)
        return "break"
