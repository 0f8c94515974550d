"""Connecting without the camera: the phone is typed here, and then a code of eight letters and digits on the phone."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk

from integrator.desktop.kit.pieces import Field, button, link, wrapped
from integrator.desktop.pairing import words
from integrator.desktop.pairing.guide import BY_DIGITS, Guide
from integrator.desktop.pairing.page import Page
from integrator.desktop.pairing.shown import Shown
from integrator.desktop.pairing.stage import AskPhone, Typed
from integrator.desktop.pairing.talk import PairingTalk
from integrator.domain.phone import format_phone


class AskPhonePage(Page):
    """For :class:`~integrator.desktop.pairing.stage.AskPhone`."""

    def __init__(self, parent: tk.Misc, talk: PairingTalk, close: Callable[[], object]) -> None:
        super().__init__(parent, talk, close)
        self.head("Conectar com um código")
        px = self.look.px
        wrapped(self.content, words.WHY_DIGITS).grid(sticky="ew")
        self.phone = Field(self.content, "Celular da &loja, com DDD", hint=words.PHONE_EXAMPLE, width=40)
        self.phone.grid(sticky="w", pady=(px(16), 0))
        self.content.columnconfigure(0, weight=1)
        self.first = self.phone.entry
        self.deed(self.left, "Usar o &QR Code", talk.use_qr)
        self.put(self.right, "Ca&ncelar", talk.cancel)
        self.deed(self.right, "&Pedir o código", self._request, primary=True)
        self._suggested = False

    def show(self, shown: Shown) -> None:
        assert isinstance(shown.stage, AskPhone)
        if shown.stage.suggested and not self._suggested and not self.phone.value:
            self._suggested = True
            self.phone.value = format_phone(shown.stage.suggested)

    def _request(self) -> None:
        self.phone.complain(self.talk.request_digits(self.phone.value))


class TypedPage(Page):
    """For :class:`~integrator.desktop.pairing.stage.Typed`."""

    def __init__(self, parent: tk.Misc, talk: PairingTalk, close: Callable[[], object]) -> None:
        super().__init__(parent, talk, close)
        self.head("Digite este código no celular da loja")
        px = self.look.px
        self._font = tkfont.nametofont("TkFixedFont", self).copy()
        self._font.configure(size=30, weight="bold")
        box = ttk.Frame(self.content)
        box.grid(row=0, column=0, sticky="n", pady=(px(40), 0))
        self.digits = ttk.Label(box, font=self._font)
        self.digits.grid(padx=px(16))
        self._copy = button(box, "Cop&iar", self._to_clipboard)
        self._copy.grid(pady=(px(16), 0))
        self._told = wrapped(box, style="Muted.TLabel")
        self._told.grid(sticky="ew", pady=(px(16), 0))
        aside = ttk.Frame(self.content)
        aside.grid(row=0, column=1, sticky="nsew", padx=(px(24), 0))
        Guide(aside, BY_DIGITS).grid(sticky="ew")
        link(aside, words.TO_GUIDE, lambda: talk.open_page(words.GUIDE)).grid(sticky="w", pady=(px(12), 0))
        aside.columnconfigure(0, weight=1)
        self.content.columnconfigure(0, weight=1)
        self.content.columnconfigure(1, weight=1)
        self.deed(self.left, "Usar o &QR Code", talk.use_qr)
        self.put(self.right, "Ca&ncelar", talk.cancel)
        self.first = self.deed(self.right, "&Gerar novo", talk.fresh_code, primary=True)
        self._shown = ""

    def show(self, shown: Shown) -> None:
        assert isinstance(shown.stage, Typed)
        if shown.stage.digits != self._shown:
            self._shown = shown.stage.digits
            self.digits.configure(text=words.grouped(self._shown))
            self._copy.configure(text="Copiar")
        self._told.configure(text=shown.stage.problem or words.DIGITS_HOLD)

    def _to_clipboard(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(words.grouped(self._shown))
        self._copy.configure(text="Copiado")
