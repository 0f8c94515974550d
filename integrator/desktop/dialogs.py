"""The small windows: something told, something asked, something done after it was asked.

None of them stops Tk's thread: what follows is a callable, so that the tray and other windows go on working.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from tkinter import ttk
from typing import Final

from integrator.desktop.engine import Engine
from integrator.desktop.kit.pieces import Banner, Field, button, wrapped
from integrator.desktop.kit.signs import Kind
from integrator.desktop.kit.window import Window
from integrator.desktop.loop import UiLoop
from integrator.domain.errors import IntegratorError
from integrator.domain.phone import format_phone
from integrator.messages.formatting import format_list

_WIDTH: Final = 440
_SEND_NOW: Final = (
    "O que está na fila{of} começa a sair agora, sem esperar a hora de início. O horário permitido, o intervalo entre "
    "as mensagens e os limites do número continuam valendo."
)
_SEND_TEST: Final = "Uma mensagem de teste entra na fila para este celular e sai na sua vez."


@dataclass(frozen=True, slots=True)
class Way:
    """One way to go on: its button's label, and what it does."""

    label: str
    go: Callable[[], object]


class Question(Window):
    """Something asked; each way closes the window and then goes on. The last way is the one to take.

    Closed without a way taken, nothing happens. It stays above the window that asks, which waits for the answer.
    """

    def __init__(
        self, parent: tk.Misc, title: str, text: str, *ways: Way, on_close: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(parent, title, on_close=on_close)
        self._heading(title, text)
        row = _buttons_row(self)
        for place, way in enumerate(ways, 1):
            made = button(row, way.label, partial(self._take, way), primary=place == len(ways))
            made.pack(side="left", padx=(self.look.px(8), 0))
        self.first = row.winfo_children()[-1]
        _above(self, parent)

    def _heading(self, title: str, text: str) -> None:
        ttk.Label(self.body, text=title, style="Title.TLabel").grid(row=0, sticky="w")
        wrapped(self.body, text).grid(row=1, sticky="ew", pady=(self.look.px(8), 0))
        self.body.columnconfigure(0, weight=1, minsize=self.look.px(_WIDTH))

    def _take(self, way: Way) -> None:
        self.close()
        way.go()


class Telling(Window):
    """Something told, read and closed."""

    def __init__(
        self, parent: tk.Misc, kind: Kind, title: str, text: str, *, on_close: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(parent, title, on_close=on_close)
        banner = Banner(self.body)
        banner.grid(row=0, sticky="ew")
        banner.show(kind, title, text)
        self.body.columnconfigure(0, weight=1, minsize=self.look.px(_WIDTH))
        made = button(_buttons_row(self), "&Fechar", self.close, primary=True)
        made.pack(side="left")
        self.first = made


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a :class:`Doing` asks: ``label`` of its field (empty: none) and of the button that does it."""

    title: str
    text: str
    verb: str
    label: str = ""
    hint: str = ""


class Doing(Window):
    """Asks once, does it in the background, and tells in the same window what came of it; it may be closed meanwhile.

    ``work`` gets what was typed, runs on another thread, and answers or raises what is told.
    """

    def __init__(
        self,
        parent: tk.Misc,
        loop: UiLoop,
        wanted: Wanted,
        work: Callable[[str], str],
        *,
        on_close: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent, wanted.title, on_close=on_close)
        self._loop, self._wanted, self._work = loop, wanted, work
        px = self.look.px
        ttk.Label(self.body, text=wanted.title, style="Title.TLabel").grid(row=0, sticky="w")
        wrapped(self.body, wanted.text).grid(row=1, sticky="ew", pady=(px(8), 0))
        self.field = Field(self.body, wanted.label, hint=wanted.hint)
        self._bar = ttk.Progressbar(self.body, mode="indeterminate")
        self.banner = Banner(self.body)
        row = _buttons_row(self)
        self._leave = button(row, "&Cancelar", self.close)
        self.act = button(row, wanted.verb, self._begin, primary=True)
        self._leave.pack(side="left")
        self.act.pack(side="left", padx=(px(8), 0))
        self._lay_out(px(12))

    def _lay_out(self, gap: int) -> None:
        self.body.columnconfigure(0, weight=1, minsize=self.look.px(_WIDTH))
        if self._wanted.label:
            self.field.grid(row=2, sticky="ew", pady=(gap, 0))
            self.field.entry.bind("<Return>", lambda _: self.act.invoke())
        self.first = self.field.entry if self._wanted.label else self.act
        self._bar.grid(row=3, sticky="ew", pady=(gap, 0))
        self._bar.grid_remove()
        self.banner.grid(row=4, sticky="ew", pady=(gap, 0))
        self.banner.grid_remove()

    def _begin(self) -> None:
        typed = self.field.value.strip()
        self.act.state(["disabled"])
        self.field.entry.state(["disabled"])
        self.banner.hide()
        self._bar.grid()
        self._bar.start()
        self._loop.background(lambda: self._work(typed), self._done, self._failed)

    def _rest(self) -> None:
        self._bar.stop()
        self._bar.grid_remove()

    def _done(self, told: str) -> None:
        self._rest()
        self.banner.show(Kind.OK, "Feito", told)
        self.act.pack_forget()
        self._leave.configure(text="Fechar", underline=-1, style="Primary.TButton")
        self._leave.focus_set()

    def _failed(self, error: IntegratorError) -> None:
        self._rest()
        self.banner.show(Kind.BAD, error.title, error.message)
        self.act.state(["!disabled"])
        self.field.entry.state(["!disabled"])
        (self.field.entry if self._wanted.label else self.act).focus_set()


def send_now(
    parent: tk.Misc,
    loop: UiLoop,
    engine: Engine,
    shops: Sequence[str] = (),
    *,
    on_close: Callable[[], object] = lambda: None,
) -> Doing:
    """The window that asks before the queue begins to leave, of ``shops`` or of every one. Shown by ``present``."""
    wanted = Wanted("Enviar agora?", _SEND_NOW.format(of=f" de {format_list(shops)}" if shops else ""), "&Enviar agora")
    return Doing(parent, loop, wanted, lambda _: engine.send_now(shops), on_close=on_close)


def send_test(parent: tk.Misc, loop: UiLoop, engine: Engine, *, on_close: Callable[[], object] = lambda: None) -> Doing:
    """The window that asks for a mobile phone and queues a test message to it. Shown by ``present``."""
    wanted = Wanted("Enviar teste", _SEND_TEST, "&Enviar teste", "Ce&lular com DDD", "Por exemplo (49) 98859-0187.")
    window = Doing(parent, loop, wanted, engine.send_test, on_close=on_close)

    def suggest(number: str) -> None:
        if number and not window.field.value:
            window.field.value = format_phone(number)
            window.field.entry.select_range(0, "end")

    loop.background(engine.test_number, suggest, lambda _: None)
    return window


def _buttons_row(window: Window) -> ttk.Frame:
    row = ttk.Frame(window.body)
    row.grid(row=9, sticky="e", pady=(window.look.px(16), 0))
    return row


def _above(window: Window, parent: tk.Misc) -> None:
    """Over the window that asks, which hears neither mouse nor keyboard until it is answered."""
    asking = parent.winfo_toplevel()
    if asking.winfo_viewable():
        window.transient(asking)
        window.bind("<Map>", lambda _: window.grab_set(), add=True)
