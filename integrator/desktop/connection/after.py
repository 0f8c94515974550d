"""What follows once a connection is saved: our tables, the least-privilege user, and then WhatsApp."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from integrator.desktop.connection import words
from integrator.desktop.connection.administrator import INSTALL, MAKE_USER, AdministratorWindow, Deed
from integrator.desktop.connection.saving import Saved, adopt_user
from integrator.desktop.connection.stored import Stored, stored
from integrator.desktop.connection.trial import Outcome
from integrator.desktop.connection.tries import Progress
from integrator.desktop.connection.wire import Action, Installed, UserMade
from integrator.desktop.dialogs import Way
from integrator.desktop.kit.signs import Kind
from integrator.erp.schema.migrations import statements
from integrator.erp.schema.user import USER
from integrator.secrets import Source

if TYPE_CHECKING:
    from integrator.desktop.connection.window import ConnectionWindow

_NO_TABLES: Final = "Falta uma coisa: as tabelas do Integrador ainda não estão completas neste banco."
_USER: Final = "Melhor do que o usuário {user} é um usuário próprio do Integrador, o WAGATE, que só vê as tabelas dele."
_NEXT: Final = "O próximo passo é conectar o celular que envia as mensagens."


class Aftermath:
    """Of one window."""

    def __init__(self, window: ConnectionWindow) -> None:
        self._window = window

    def saved(self, saved: Saved, verdict: bool | None) -> None:
        """Say where things are now and offer what comes next; ``verdict`` of the last test, None: there was none."""
        told = _where(saved)
        if verdict:
            self.go_on(told)
        else:
            lacks = "Ela ainda não foi testada." if verdict is None else "O último teste não conseguiu entrar no banco."
            self._window.notice.show(Kind.WARN, "Conexão salva", f"{told} {lacks}".strip())

    def go_on(self, told: str = "") -> None:
        """Offer what the findings of the last test ask for."""
        window, findings = self._window, self._window.results.list.findings
        later = Way("Agora &não", lambda: self._offer_next(""))
        if words.wants_tables(findings):
            ways = (later, Way("&Instalar as tabelas…", self._ask_install))
            window.notice.show(Kind.INFO, "Conexão salva", f"{told} {_NO_TABLES}".strip(), *ways)
        elif self._may_make_user() and words.wants_user(user := window.form.user.value, findings):
            ways = (later, Way("Criar o usuário &WAGATE…", self._ask_user))
            window.notice.show(Kind.INFO, "Conexão salva", f"{told} {_USER.format(user=user)}".strip(), *ways)
        else:
            self._offer_next(told)

    def _offer_next(self, told: str) -> None:
        way = Way("Conectar &WhatsApp…", self._window.on_next)
        self._window.notice.show(Kind.OK, "Conexão salva", f"{told} {_NEXT}".strip(), way)

    def _may_make_user(self) -> bool:
        """A password that comes from the environment cannot be replaced from here."""
        known = self._window.stored
        return known is not None and known.password.source is not Source.ENVIRONMENT

    def _ask_install(self) -> None:
        steps = len(statements())
        self._ask(INSTALL, Action.INSTALL, Progress(steps, lambda _, made: f"Instalando: {made} de até {steps}"))

    def _ask_user(self) -> None:
        self._ask(MAKE_USER, Action.USER, Progress(1, lambda name, _: name))

    def _ask(self, deed: Deed, action: Action, progress: Progress) -> None:
        window = self._window

        def go(user: str, password: str) -> None:
            typed = window.checked()
            if typed is None or window.tries.busy:
                return
            request = window.request(action, typed, user=user, password=password)
            window.tries.begin(request, progress, lambda outcome: self._done(deed, outcome))

        AdministratorWindow(window, deed, window.form.user.value, go).present()

    def _done(self, deed: Deed, outcome: Outcome) -> None:
        told = words.after_deed(outcome, f"{deed.title}: não foi feito")
        match outcome:
            case Installed():
                self._window.tries.test(lambda good: self.go_on(f"{told.title}. {told.text}") if good else None)
            case UserMade():
                self._adopt(outcome.password)
            case _:
                later = Way("Agora &não", lambda: self._offer_next(""))
                retry = Way("&Tentar de novo…", self._ask_install if deed is INSTALL else self._ask_user)
                self._window.notice.show(told.kind, told.title, told.text, later, retry)

    def _adopt(self, password: str) -> None:
        window = self._window
        before = window.stored
        assert before is not None, "the connection was saved before"

        def work() -> tuple[Saved, Stored]:
            saved = adopt_user(window.place.config, before, password, keeper=window.place.keeper)
            return saved, stored(window.place.config, before.name)

        def done(result: tuple[Saved, Stored]) -> None:
            window.show_stored(result[1])
            told = f"O usuário {USER} está pronto, e a conexão passou a usá-lo. {_where(result[0])}".strip()
            window.tries.test(lambda good: self.go_on(told) if good else None)

        window.loop.background(
            work, done, lambda error: window.notice.show(Kind.BAD, "Não consegui salvar", error.message)
        )


def _where(saved: Saved) -> str:
    if saved.kept is None:
        return ""
    if saved.fell_back:
        return "O cofre de senhas do sistema não está disponível: a senha ficou no arquivo protegido da pasta de dados."
    return f"A senha ficou no {saved.kept.value}."
