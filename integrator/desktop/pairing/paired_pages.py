"""A connected number: which it is and how it is, a test message, and letting go of the phone."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk

from integrator.desktop.kit.pieces import Banner, Field, link, wrapped
from integrator.desktop.kit.signs import Kind, sign
from integrator.desktop.pairing import words
from integrator.desktop.pairing.page import KINDS, Page
from integrator.desktop.pairing.shown import Shown
from integrator.desktop.pairing.stage import Confirm, Paired
from integrator.desktop.pairing.talk import PairingTalk
from integrator.domain.phone import format_phone, with_ninth_digit


class PairedPage(Page):
    """For :class:`~integrator.desktop.pairing.stage.Paired`."""

    def __init__(self, parent: tk.Misc, talk: PairingTalk, close: Callable[[], object]) -> None:
        super().__init__(parent, talk, close)
        px = self.look.px
        self._font = tkfont.nametofont("IntegradorTitle", self).copy()
        self._font.configure(size=24)
        self._sign = ttk.Label(self.content)
        self._sign.grid(row=0, column=0, rowspan=5, sticky="n", padx=(0, px(24)))
        self._number = ttk.Label(self.content, font=self._font)
        self._account = wrapped(self.content)
        self._state = wrapped(self.content, style="Strong.TLabel")
        self._text = wrapped(self.content)
        self._facts = wrapped(self.content, style="Muted.TLabel")
        for row, each in enumerate((self._number, self._account, self._state, self._text, self._facts)):
            each.grid(row=row, column=1, sticky="ew", pady=(0, px(4)))
        self.wrong = Banner(self.content)
        self.wrong.grid(row=5, column=0, columnspan=2, sticky="ew", pady=(px(16), 0))
        self.wrong.hide()
        self._advice = wrapped(self.content, words.AFTERWARDS)
        self._advice.grid(row=6, column=0, columnspan=2, sticky="ew", pady=(px(16), 0))
        link(self.content, words.TO_NUMBERS, lambda: talk.open_page("/whatsapp")).grid(
            row=7, column=0, columnspan=2, sticky="w", pady=(px(4), 0)
        )
        self.phone = Field(self.content, "&Celular que recebe o teste", hint=words.TEST_HINT, width=40)
        self.phone.grid(row=8, column=0, columnspan=2, sticky="w", pady=(px(16), 0))
        self.content.columnconfigure(1, weight=1)
        self.deed(self.left, "&Desconectar…", talk.leave)
        self.put(self.right, "&Fechar", close)
        self.first = self.deed(self.right, "&Enviar mensagem de teste", self._send, primary=True)
        self._kind: Kind | None = None
        self._picture: tk.PhotoImage | None = None
        self._suggested = False

    def show(self, shown: Shown) -> None:
        stage = shown.stage
        assert isinstance(stage, Paired)
        self._draw(Kind.WARN if stage.other else KINDS[stage.words.level])
        self.head("Número conectado" if stage.words.level == "ok" else stage.words.title)
        self._number.configure(text=format_phone(with_ninth_digit(stage.number)))
        self._state.configure(text=stage.words.title)
        self._text.configure(text=stage.words.text)
        self._tell_account(stage)
        self._facts.configure(text=f"{stage.instance} · {stage.engine}")
        if stage.other and not self.wrong.told:
            self.wrong.show(Kind.BAD, "Este não é o celular da configuração", stage.other)
        elif not stage.other and self.wrong.told:
            self.wrong.hide()
        if shown.test_phone and not self._suggested and not self.phone.value:
            self._suggested = True
            self.phone.value = format_phone(shown.test_phone)

    @property
    def number(self) -> str:
        """The connected number, as it is shown."""
        return str(self._number.cget("text"))

    @property
    def account(self) -> str:
        """What its account calls itself and since when it is connected, as they are shown."""
        return str(self._account.cget("text"))

    @property
    def facts(self) -> str:
        """Its name in the configuration and its engine, as they are shown."""
        return str(self._facts.cget("text"))

    def _tell_account(self, stage: Paired) -> None:
        told = words.account(stage.name, stage.since)
        self._account.configure(text=told)
        if told:
            self._account.grid()
        else:
            self._account.grid_remove()

    def _draw(self, kind: Kind) -> None:
        if kind is not self._kind:
            self._kind = kind
            self._picture = sign(self, kind, self.look, 72)
            self._sign.configure(image=self._picture)

    def _send(self) -> None:
        self.phone.complain(self.talk.send_test(self.phone.value))


class ConfirmPage(Page):
    """For :class:`~integrator.desktop.pairing.stage.Confirm`."""

    def __init__(self, parent: tk.Misc, talk: PairingTalk, close: Callable[[], object]) -> None:
        super().__init__(parent, talk, close)
        self.head("Desconectar o celular")
        self._question = Banner(self.content)
        self._question.grid(sticky="ew")
        self.content.columnconfigure(0, weight=1)
        self.first = self.put(self.right, "&Voltar", talk.stay)
        self.deed(self.right, "&Desconectar", lambda: talk.leave(sure=True), primary=True)
        self._asked = ""

    def show(self, shown: Shown) -> None:
        assert isinstance(shown.stage, Confirm)
        if shown.stage.number != self._asked:
            self._asked = shown.stage.number
            number = format_phone(with_ninth_digit(self._asked))
            self._question.show(Kind.WARN, f"Desconectar o número {number}?", words.WHAT_LEAVING_DOES)
