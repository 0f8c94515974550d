"""The window "Conexão com o banco": fields at the left, what a test of them found at the right.

Nothing slow happens on Tk's thread, and what was typed stays whatever fails.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tkinter import ttk
from typing import Final

from integrator.desktop.connection import repair, words
from integrator.desktop.connection.after import Aftermath
from integrator.desktop.connection.fields import Fields, problems, tidy
from integrator.desktop.connection.form import Form, Wishes
from integrator.desktop.connection.notice import Notice
from integrator.desktop.connection.results import Results
from integrator.desktop.connection.saving import Keeper, OwnKeeper, Saved, save
from integrator.desktop.connection.stored import Stored, stored
from integrator.desktop.connection.trial import Trial
from integrator.desktop.connection.tries import Tries
from integrator.desktop.connection.wire import Action, Request
from integrator.desktop.dialogs import Question, Way
from integrator.desktop.kit.pieces import Choice, Field, button, wrapped
from integrator.desktop.kit.window import Window
from integrator.desktop.loop import UiLoop
from integrator.desktop.outside import Kinds, open_outside, pick_file
from integrator.domain.errors import IntegratorError
from integrator.erp.client import find_client
from integrator.settings.editing import ConfigChanged, ConfigFile

_TITLE: Final = "Conexão com o banco"
_SAVING: Final = "Salvar a conexão"
_COLUMN: Final = 410
_DATABASES: Final = (
    ("Bancos do Firebird", ("*.fdb", "*.gdb", "*.ib", "*.FDB", "*.GDB", "*.IB")),
    ("Todos os arquivos", ("*",)),
)
_LIBRARIES: Final = (("Bibliotecas", ("*.dll", "*.so", "*.so.*")), ("Todos os arquivos", ("*",)))


@dataclass(frozen=True, slots=True)
class Place:
    """What the window works on: the configuration, where passwords go, and its ways to the outside."""

    config: ConfigFile
    keeper: Keeper = OwnKeeper()  # noqa: RUF009  # it has no state
    trial: Callable[[], Trial] = Trial
    pick: Callable[[tk.Misc, str, Kinds], str] = pick_file
    open_file: Callable[[Path], None] = open_outside


class ConnectionWindow(Window):
    """``on_next``: the person wants to go on to WhatsApp. What is stored is read at once, in the background."""

    def __init__(
        self,
        root: tk.Misc,
        loop: UiLoop,
        place: Place,
        *,
        on_next: Callable[[], object],
        on_close: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(root, "Conexão com o banco", on_close=on_close)
        self.loop, self.place, self.on_next = loop, place, on_next
        self.stored: Stored | None = None
        self.tries = Tries(self)
        self._build()
        self.after_saving = Aftermath(self)
        self.lock(locked=True)
        self.load()

    def load(self, name: str = "", *, keep: bool = False) -> None:
        """Read what is stored of that database (empty: the first); ``keep``: under what is typed, which stays.

        What is typed before anything was read stays, too.
        """
        keeps = keep or self.stored is None

        def show(found: Stored) -> None:
            typed, password = self.form.fields, self.form.password.value
            self.show_stored(found)
            if keeps:
                self.form.keep(typed, password)

        self.loop.background(lambda: stored(self.place.config, name), show, lambda error: repair.offer(self, error))

    def show_stored(self, found: Stored) -> None:
        """Show that in place of what is typed."""
        self.stored = found
        self.form.show(found)
        self._heading.configure(text=_TITLE if found.configured else "Bem-vindo ao Integrador")
        self._welcome.configure(text="" if found.configured else words.WELCOME)
        (self._welcome.grid_remove if found.configured else self._welcome.grid)()
        self.databases.offer(found.names)
        self.databases.at = found.names.index(found.name)
        (self.databases.grid if len(found.names) > 1 else self.databases.grid_remove)()
        self.lock(locked=self.tries.busy)

    def save(self) -> None:
        """Keep what is typed; what was not tried, or did not work, is asked about first."""
        typed = self.checked()
        if typed is None or self.tries.busy:
            return
        match self.tries.verdict(typed, self.form.password.value):
            case True:
                self.keep()
            case False:
                text = "O teste não conseguiu entrar no banco. Sem a conexão nenhuma mensagem sai."
                Question(self, _SAVING, text, Way("Salvar &mesmo assim", self.keep), self._stay).present()
            case None:
                text = "A conexão ainda não foi testada com estes dados. O teste leva poucos segundos."
                test = Way("&Testar e salvar", lambda: self.tries.test(lambda good: self.keep() if good else None))
                Question(self, _SAVING, text, self._stay, Way("Salvar &sem testar", self.keep), test).present()

    def keep(self, *, over: bool = False) -> None:
        """Write it down. ``over``: also when somebody else changed the configuration meanwhile."""
        before, typed = self.stored, self.checked()
        if before is None or typed is None:
            return
        password = self.form.password.value
        verdict = self.tries.verdict(typed, password)

        def work() -> tuple[Saved, Stored]:
            done = save(self.place.config, before, typed, password, keeper=self.place.keeper, over=over)
            return done, stored(self.place.config, before.name)

        def saved(result: tuple[Saved, Stored]) -> None:
            self.show_stored(result[1])
            self.tries.adopt(result[1].fields, verdict)
            self.after_saving.saved(result[0], verdict)

        self.lock(locked=True)
        self.loop.background(work, saved, self._unsaved)

    def checked(self) -> Fields | None:
        """What is typed, tidied and without problems; None after saying what is wrong."""
        if self.stored is None:
            return None
        typed = tidy(self.form.fields)
        self.form.fields = typed
        wrong = problems(typed)
        self.form.complain(wrong)
        unreadable = "" if self.form.password.value else self.stored.password.problem
        if unreadable:
            self.form.password.complain(unreadable)
        if not (wrong or unreadable):
            return typed
        self.notice.hide()  # what it said was of other values
        return None

    def request(self, action: Action, typed: Fields, *, user: str = "", password: str = "") -> Request:
        """What the process is told. Without a password the one that is kept is meant."""
        assert self.stored is not None
        kept = self.stored.password
        is_own = user.upper() in ("", typed.user.upper())
        return Request(
            action,
            typed.server,
            int(typed.port),
            typed.path,
            user or typed.user,
            password or kept.value,
            None if password else kept.source,
            typed.client,
            self.stored.role if is_own else "",
        )

    def lock(self, *, locked: bool) -> None:
        """While something runs nothing else is begun."""
        for each in (self.test_button, self.save_button):
            each.state(["disabled" if locked else "!disabled"])

    def focus_after_test(self, *, good: bool) -> None:
        """The keyboard goes to what is mostly done next."""
        (self.save_button if good else self.test_button).focus_set()

    def close(self) -> None:
        """Ask first when something typed would be lost."""
        if self._has_unsaved():
            way = Way("&Descartar", self._leave)
            Question(self, "Fechar sem salvar", "O que você digitou ainda não foi salvo.", way, self._stay).present()
        else:
            self._leave()

    def _leave(self) -> None:
        self.tries.forget()
        super().close()

    @property
    def _stay(self) -> Way:
        return Way("&Voltar", self.focus_force)

    def _has_unsaved(self) -> bool:
        if self.stored is None:
            return False
        return tidy(self.form.fields) != self.stored.fields or bool(self.form.password.value)

    def _unsaved(self, error: IntegratorError) -> None:
        self.lock(locked=False)
        if isinstance(error, ConfigChanged):
            repair.changed_by_others(self)
        else:
            repair.offer(self, error)

    def _choose(self) -> None:
        if self.stored is None:
            return
        name, shown = self.stored.names[self.databases.at], self.stored.name
        self.databases.at = self.stored.names.index(shown)
        if name == shown or self.tries.busy:
            return
        if self._has_unsaved():
            way = Way("&Descartar", lambda: self._switch(name))
            Question(self, "Outro banco", "O que você digitou deste banco não foi salvo.", way, self._stay).present()
        else:
            self._switch(name)

    def _switch(self, name: str) -> None:
        self.tries.forget()
        self.notice.hide()
        self.load(name)

    def _pick(self, field: Field, title: str, kinds: Kinds) -> None:
        chosen = self.place.pick(self, title, kinds)
        if chosen:
            field.value = chosen
            field.entry.focus_set()

    def _look_at_library(self, typed: str) -> None:
        self.loop.background(
            lambda: find_client(typed),
            lambda choice: self.form.show_library(choice) if typed == self.form.client.value.strip() else None,
            lambda error: self.form.client.complain(error.message),
        )

    def _build(self) -> None:
        self._heading = ttk.Label(self.body, text=_TITLE, style="Title.TLabel")
        self.databases = Choice(self.body, "&Qual banco", self._choose, width=18)
        self._welcome = wrapped(self.body)
        wishes = Wishes(
            lambda: self._pick(self.form.path, "O banco do ERP", _DATABASES),
            lambda: self._pick(self.form.client, "A biblioteca cliente do Firebird", _LIBRARIES),
            self._look_at_library,
        )
        self.form = Form(self.body, wishes)
        self.results = Results(self.body, self.tries.cancel)
        self.notice = Notice(self.body)
        row = ttk.Frame(self.body)
        self.test_button = button(row, "&Testar conexão", self.tries.test)
        self.save_button = button(row, "Sal&var", self.save, primary=True)
        for each in (button(row, "&Fechar", self.close), self.test_button, self.save_button):
            each.pack(side="left", padx=(self.look.px(8), 0))
        self._lay_out(row)
        for field in (*self.form.by_key.values(), self.form.password):
            field.entry.bind("<Return>", lambda _: self.save_button.invoke())
        self.first = self.form.server.entry

    def _lay_out(self, buttons: ttk.Frame) -> None:
        px = self.look.px
        self._heading.grid(row=0, column=0, sticky="w")
        self.databases.grid(row=0, column=1, sticky="e")
        self.databases.box.grid(row=0, column=1, padx=(px(8), 0))  # beside its label: height is scarce
        self._welcome.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(px(4), 0))
        self.form.grid(row=2, column=0, sticky="new", pady=(px(12), 0), padx=(0, px(24)))
        self.results.grid(row=2, column=1, sticky="nsew", pady=(px(18), 0))
        self.notice.grid(row=3, column=0, columnspan=2, sticky="ew", pady=(px(12), 0))
        buttons.grid(row=4, column=0, columnspan=2, sticky="e", pady=(px(16), 0))
        for hidden in (self.databases, self._welcome, self.notice):
            hidden.grid_remove()
        for column in (0, 1):
            self.body.columnconfigure(column, weight=1, minsize=px(_COLUMN), uniform="side")
        self.body.rowconfigure(2, weight=1)
