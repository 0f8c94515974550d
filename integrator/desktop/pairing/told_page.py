"""Something to read, with what can be done about it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from integrator.desktop.kit.pieces import Banner, link
from integrator.desktop.kit.signs import Kind
from integrator.desktop.pairing import words
from integrator.desktop.pairing.page import KINDS, Page
from integrator.desktop.pairing.shown import Shown
from integrator.desktop.pairing.stage import Asking, Told
from integrator.desktop.pairing.talk import PairingTalk
from integrator.sending.number_words import NumberWords

_ASKING = Told(NumberWords("ok", "Perguntando ao Integrador", "Costuma levar um segundo."))


class ToldPage(Page):
    """For :class:`~integrator.desktop.pairing.stage.Told` and ``Asking``."""

    def __init__(self, parent: tk.Misc, talk: PairingTalk, close: Callable[[], object]) -> None:
        super().__init__(parent, talk, close)
        self.head("Conectar WhatsApp")
        self.message = Banner(self.content)
        self.message.grid(sticky="ew")
        self._how = link(self.content, words.TO_GUIDE, lambda: talk.open_page(words.GUIDE))
        self._how.grid(sticky="w", pady=(self.look.px(16), 0))
        self.content.columnconfigure(0, weight=1)
        self._close = self.put(self.right, "&Fechar", close)
        self._open = self.deed(self.right, "Abrir o &painel", self._open_page, primary=True)
        self._begin = self.deed(self.right, "&Conectar", talk.begin, primary=True)
        self._renew = self.deed(self.right, "&Gerar novo", talk.begin, primary=True)
        self._stage: Told | None = None

    def show(self, shown: Shown) -> None:
        stage = _ASKING if isinstance(shown.stage, Asking) else shown.stage
        assert isinstance(stage, Told)
        if stage == self._stage:
            return
        self._stage = stage
        kind = Kind.INFO if stage.words.level == "ok" else KINDS[stage.words.level]
        self.message.show(kind, stage.words.title, stage.words.text)
        expired = stage.words is words.EXPIRED
        wanted = None
        if stage.begins:
            wanted = self._renew if expired else self._begin
            self._how.grid()
        else:
            wanted = self._open if stage.page else None
            self._how.grid_remove()
        for each in (self._open, self._begin, self._renew):
            if each is wanted:
                each.pack(side="left", padx=(self.look.px(8), 0))
            else:
                each.pack_forget()
        self.primary, self.first = wanted, wanted or self._close
        if self.focus_get() in {self._close, self._open, self._begin, self._renew}:
            self.first.focus_set()  # a button that is gone must not be pressed

    def _open_page(self) -> None:
        if self._stage is not None:
            self.talk.open_page(self._stage.page)
