"""The code for the phone's camera, how long it holds, and how it is read."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from datetime import datetime
from tkinter import ttk

from integrator.desktop.kit.pieces import link, wrapped
from integrator.desktop.pairing import words
from integrator.desktop.pairing.guide import BY_CAMERA, Guide
from integrator.desktop.pairing.page import Page
from integrator.desktop.pairing.qr import QrBox
from integrator.desktop.pairing.shown import Busy, Shown
from integrator.desktop.pairing.stage import Scan
from integrator.desktop.pairing.talk import PairingTalk
from integrator.settings.sections import Engine


class ScanPage(Page):
    """For :class:`~integrator.desktop.pairing.stage.Scan`."""

    def __init__(self, parent: tk.Misc, talk: PairingTalk, close: Callable[[], object]) -> None:
        super().__init__(parent, talk, close)
        self.head("Leia o código com o celular da loja")
        px = self.look.px
        self.code = QrBox(self.content)
        self.code.grid(row=0, column=0, sticky="nsew")
        self._bar = ttk.Progressbar(self.content, length=px(240))
        self._bar.grid(row=1, column=0, pady=(px(8), 0))
        self.told = ttk.Label(self.content, style="Muted.TLabel")
        self.told.grid(row=2, column=0, pady=(px(4), 0))
        aside = ttk.Frame(self.content)
        aside.grid(row=0, column=1, rowspan=3, sticky="nsew", padx=(px(24), 0))
        Guide(aside, BY_CAMERA).grid(sticky="ew")
        self._risk = wrapped(aside, style="Small.TLabel")
        self._risk.grid(sticky="ew", pady=(px(12), 0))
        self.more = link(aside, "", self._open)
        self.more.grid(sticky="w", pady=(px(4), 0))
        aside.columnconfigure(0, weight=1)
        self.content.columnconfigure(0, weight=1)
        self.content.columnconfigure(1, weight=1)
        self.content.rowconfigure(0, weight=1)
        self._by_code = self.deed(self.left, "Conectar com um &código", talk.ask_phone)
        self.put(self.right, "Ca&ncelar", talk.cancel)
        self.first = self.deed(self.right, "&Gerar novo", talk.fresh_code, primary=True)
        self._stage: Scan | None = None
        self._busy: Busy | None = None
        self._timed, self._whole = "", 1
        self._page = words.GUIDE

    def show(self, shown: Shown) -> None:
        assert isinstance(shown.stage, Scan)
        before, self._stage, self._busy = self._stage, shown.stage, shown.busy
        if before is None or before.engine != shown.stage.engine:
            self._warn(simulated=shown.stage.engine == Engine.SIMULATOR.value)
        if shown.stage.by_code:
            self._by_code.pack()
        else:
            self._by_code.pack_forget()

    def tick(self, now: datetime) -> None:
        if self._stage is None:
            return
        code = self._stage.code
        left = int((code.until - now).total_seconds()) if code is not None else 0
        if self._busy is not None and self.tells(self._busy):
            gone = (now - self._busy.since).total_seconds()
            self._say("", words.PREPARING_SHORT, words.PREPARING, 100 * gone / self._busy.lasts)
        elif code is not None and left > 0:
            if code.text != self._timed:
                self._timed, self._whole = code.text, max(1, left)
            self._say(code.text, "", words.valid_for(left), 100 * left / self._whole)
        else:
            self._say("", self._stage.problem or words.NEXT_CODE, "", 0)

    def tells(self, busy: Busy) -> bool:
        return busy.text == words.PREPARING

    def _say(self, code: str, instead: str, told: str, part: float) -> None:
        self.code.show(code, instead)
        self._bar.configure(value=min(100.0, part))
        if self.told.cget("text") != told:
            self.told.configure(text=told)

    def _warn(self, *, simulated: bool) -> None:
        self._risk.configure(text=words.SIMULATED if simulated else words.RISK)
        self.more.configure(text=words.TO_SIMULATOR if simulated else words.TO_GUIDE)
        self._page = words.SIMULATOR if simulated else words.GUIDE

    def _open(self) -> None:
        self.talk.open_page(self._page)
