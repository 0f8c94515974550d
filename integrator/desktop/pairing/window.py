"""The window “Conectar WhatsApp”: what the panel's page of the same name does, beside the clock.

Closing it ends nothing: a connected number goes on sending, and an engine that waits for a phone stops by itself when
its codes run out. It is not told to stop, for that would also disconnect a phone which read the last code just before
the window was closed. Who wants no phone connected presses Cancelar, which looks first.
"""

from __future__ import annotations

import tkinter as tk
import webbrowser
from collections.abc import Callable, Mapping
from datetime import datetime
from tkinter import ttk
from typing import Final

from integrator.desktop.engine import Engine
from integrator.desktop.kit.pieces import Banner
from integrator.desktop.kit.window import Window
from integrator.desktop.loop import UiLoop
from integrator.desktop.pairing.chooser import Chooser
from integrator.desktop.pairing.digits_pages import AskPhonePage, TypedPage
from integrator.desktop.pairing.page import Page
from integrator.desktop.pairing.paired_pages import ConfirmPage, PairedPage
from integrator.desktop.pairing.scan_page import ScanPage
from integrator.desktop.pairing.shown import Busy, Note, Shown
from integrator.desktop.pairing.stage import Asking, AskPhone, Confirm, Paired, Scan, Stage, Told, Typed
from integrator.desktop.pairing.talk import PairingTalk
from integrator.desktop.pairing.told_page import ToldPage

_BEAT_MS: Final = 250
_WIDE, _HIGH = 688, 376
_PAGES: Final[Mapping[type[Stage], type[Page]]] = {
    Asking: ToldPage,
    Told: ToldPage,
    Scan: ScanPage,
    AskPhone: AskPhonePage,
    Typed: TypedPage,
    Paired: PairedPage,
    Confirm: ConfirmPage,
}


class PairingWindow(Window):
    """``engine`` is asked only while the window can be seen. ``now`` is local time, ``browse`` opens an address."""

    def __init__(
        self,
        root: tk.Misc,
        loop: UiLoop,
        engine: Engine,
        *,
        now: Callable[[], datetime] = datetime.now,
        browse: Callable[[str], bool] = webbrowser.open,
        on_close: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(root, "Conectar WhatsApp", on_close=on_close)
        self._now = now
        self.talk = PairingTalk(engine, loop, self._show, now, browse)
        self.chooser = Chooser(self.body, self.talk.choose)
        self.note = Banner(self.body)
        self._status = _Status(self.body)
        self._pages: dict[type[Page], Page] = {}
        self.page: Page | None = None
        self._shown: Shown | None = None
        self._next_beat = ""
        self._lay_out()
        self.bind("<Return>", self._press)
        self._show(Shown(Asking(), (), "", None, None, None, ""))
        self._beat()

    def close(self) -> None:
        """Close it; see above for what goes on."""
        self.talk.close()
        if self.winfo_exists():
            self.after_cancel(self._next_beat)
        super().close()

    def _lay_out(self) -> None:
        px = self.look.px
        self.chooser.grid(row=0, column=0, sticky="ew", pady=(0, px(16)))
        self.chooser.grid_remove()
        self.body.columnconfigure(0, weight=1, minsize=px(_WIDE))
        self.body.rowconfigure(1, weight=1, minsize=px(_HIGH))

    def _beat(self) -> None:
        if self.winfo_viewable():
            self.talk.tick()
            now = self._now()
            if self.page is not None:
                self.page.tick(now)
            self._status.tick(now)
        self._next_beat = self.after(_BEAT_MS, self._beat)

    def _show(self, shown: Shown) -> None:
        if self._shown == shown:
            return
        before, self._shown = self._shown, shown
        page = self._page_of(shown.stage)
        page.show(shown)
        page.tick(self._now())
        page.pause(shown.busy)
        turned = page is not self.page
        if turned:
            self._turn_to(page)
        several = len(shown.numbers) > 1
        if several:
            self.chooser.show(shown.numbers, shown.instance, shown.pairing)
            self.chooser.grid()
        else:
            self.chooser.grid_remove()
        if turned or before is None or before.note != shown.note:
            self._tell(shown.note)
        busy = shown.busy
        self._status.show(busy if busy is not None and not page.tells(busy) else None, self._now())

    def _page_of(self, stage: Stage) -> Page:
        kind = _PAGES[type(stage)]
        if kind not in self._pages:
            self._pages[kind] = kind(self.body, self.talk, self.close)
        return self._pages[kind]

    def _turn_to(self, page: Page) -> None:
        """Put the page in place of the last; the focus goes along if it was in this window."""
        focus = self.focus_get()
        had = focus is not None and focus.winfo_toplevel() is self
        in_list = focus is self.chooser.rows
        if self.page is not None:
            self.page.grid_remove()
        self.page = page
        page.grid(row=1, column=0, sticky="nsew")
        for row, each in ((2, self.note), (3, self._status)):
            each.grid(in_=page, row=row, column=0, columnspan=2, sticky="ew", pady=(self.look.px(12), 0))
            each.lift()
        if had and not in_list and page.first is not None:
            page.first.focus_set()

    def _tell(self, note: Note | None) -> None:
        if note is None:
            self.note.hide()
        else:
            self.note.show(note.kind, note.title, note.text)

    def _press(self, event: tk.Event[tk.Misc]) -> None:
        """Enter is the main action, unless what has the focus has its own."""
        if isinstance(event.widget, (ttk.Button, ttk.Label)) or self.page is None:
            return
        if self.page.primary is not None:
            self.page.primary.invoke()


class _Status(ttk.Frame):
    """What is being done, how long it takes and how far it is."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._busy: Busy | None = None
        self._label = ttk.Label(self, style="Muted.TLabel")
        self._label.pack(side="left")
        self._bar = ttk.Progressbar(self, length=160)
        self._bar.pack(side="right")

    def show(self, busy: Busy | None, now: datetime) -> None:
        self._busy = busy
        if busy is None:
            self.grid_remove()
            return
        self._label.configure(text=busy.text)
        self.tick(now)
        self.grid()

    def tick(self, now: datetime) -> None:
        """A moment has passed."""
        if self._busy is not None:
            self._bar.configure(value=min(100.0, 100 * (now - self._busy.since).total_seconds() / self._busy.lasts))
