"""How the number stands, put together from what the worker tells. Shared by all threads of the engine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from integrator.domain.phone import format_phone, spellings, with_ninth_digit
from integrator.gateways.account_name import account_name
from integrator.gateways.embedded.protocol import End, Named, Scan, Situation
from integrator.sending.gateway import Code, GatewayState

#: Nothing that a worker could do by itself leads out of these: a person has to act, or time to pass.
FINAL: Final = frozenset(
    {
        GatewayState.LOGGED_OUT,
        GatewayState.BANNED,
        GatewayState.OUTDATED,
        GatewayState.PASSKEY,
        GatewayState.STOPPED,
    }
)
#: Detail of a number whose phone is another than the configured one.
ANOTHER: Final = "another number"
_PROBLEMS: Final = {
    GatewayState.LOGGED_OUT: "O celular desconectou este computador. Conecte o número de novo.",
    GatewayState.OUTDATED: (
        "O WhatsApp não aceita mais esta versão. Atualize o Integrador; até lá as mensagens esperam na fila."
    ),
    GatewayState.PASSKEY: (
        "O celular pediu uma chave de acesso (passkey), que só o WhatsApp oficial responde. Desative a chave de acesso "
        "no WhatsApp do celular, em Configurações, Conta, e conecte de novo; ou use outro motor."
    ),
    GatewayState.BANNED: "O WhatsApp bloqueou este número. Abra o WhatsApp no celular para ver o motivo e o prazo.",
    GatewayState.STOPPED: (
        "A sessão deste número foi aberta por outro programa ou por outro computador, com uma cópia da pasta de dados. "
        "Deixe só um deles em uso e conecte de novo."
    ),
}
_ENDS: Final = {
    End.OFFLINE.value: "Não consegui falar com o WhatsApp. Confira a internet e tente de novo.",
    End.CODE_EXPIRED.value: "O código venceu sem ser lido. Peça outro e leia-o com o celular.",
    End.NO_LIBRARY.value: (
        "Falta um arquivo do motor do WhatsApp. O antivírus pode tê-lo tirado: libere a pasta do Integrador nele e "
        "instale o programa de novo."
    ),
    End.IN_USE.value: "Outro processo do Integrador usa a sessão deste número. Feche-o e tente de novo.",
}
_FAULT: Final = "O motor do WhatsApp parou por um erro que não conhecia. Tente de novo; se repetir, chame o suporte."


@dataclass(frozen=True, slots=True)
class View:
    """The number at one moment. ``waiting``: a phone is waited for. ``unlink``: the wrong one was just paired.

    ``name`` is what the account calls itself, fit to be shown; it may be known before the number is.
    """

    state: GatewayState
    until: datetime | None = None
    detail: str = ""
    number: str = ""
    problem: str = ""
    waiting: bool = False
    unlink: bool = False
    code: Code | None = None
    digits: str = ""
    name: str = field(default="", repr=False)


class Standing:
    """The current :class:`View`. ``expected`` is the configured number, empty for any."""

    def __init__(self, now: Callable[[], datetime], expected: str, first: View) -> None:
        self._now = now
        self._expected = expected
        self._changed = threading.Condition()
        self._view = first

    def view(self) -> View:
        """As it is now."""
        with self._changed:
            return self._view

    def set(self, view: View) -> None:
        """Replace it, and wake whoever waits."""
        with self._changed:
            self._view = view
            self._changed.notify_all()

    def wait(self, good: Callable[[View], bool], timeout_s: float) -> View:
        """The first view that is ``good``, or the one that there is after that time."""
        with self._changed:
            self._changed.wait_for(lambda: good(self._view), timeout_s)
            return self._view

    def hear(self, news: Situation | Scan | Named) -> None:
        """What a worker told."""
        with self._changed:
            self._view = self._after(news)
            self._changed.notify_all()

    def trying(self) -> None:
        """A worker is being started, although the last one could not go on."""
        with self._changed:
            if self._view.state in FINAL:
                self._view = View(GatewayState.CONNECTING, number=self._view.number)
                self._changed.notify_all()

    def lost(self) -> None:
        """The worker is gone: whatever becomes of it, nothing can be sent now."""
        with self._changed:
            if self._view.state is GatewayState.CONNECTED:
                self._view = replace(self._view, state=GatewayState.CONNECTING)
                self._changed.notify_all()

    def failing(self, detail: str) -> None:
        """Worker after worker ended by a fault."""
        with self._changed:
            self._view = View(GatewayState.STOPPED, detail=detail, number=self._view.number, problem=_FAULT)
            self._changed.notify_all()

    def ended(self, why: str, detail: str) -> None:
        """The worker is gone; what was final stays so."""
        with self._changed:
            view = self._view
            if view.state in FINAL:
                return
            problem = _ENDS.get(why, _FAULT)
            if why in (End.NO_LIBRARY.value, End.IN_USE.value):
                view = replace(view, state=GatewayState.STOPPED)
            elif view.waiting:
                view = replace(view, state=GatewayState.NEEDS_PAIRING)
            else:
                view, problem = replace(view, state=GatewayState.OFFLINE), ""
            self._view = replace(view, detail=detail, problem=problem, waiting=False, code=None, digits="")
            self._changed.notify_all()

    def _after(self, news: Situation | Scan | Named) -> View:
        view = self._view
        if isinstance(news, Named):
            return replace(view, name=account_name(news.name))
        if isinstance(news, Scan):
            if not view.waiting:  # the session knows no phone any more
                return View(GatewayState.LOGGED_OUT, problem=_PROBLEMS[GatewayState.LOGGED_OUT])
            code = Code(news.text, self._now() + timedelta(seconds=news.seconds))
            return replace(view, state=GatewayState.NEEDS_PAIRING, code=code, problem="")
        try:
            state = GatewayState(news.state)
        except ValueError:
            return view
        if state is GatewayState.CONNECTED:
            return self._connected(news.number or view.number)
        until = self._now() + timedelta(seconds=news.seconds) if news.seconds else None
        problem = _PROBLEMS.get(state, "")
        number = "" if state is GatewayState.LOGGED_OUT else view.number
        waiting = view.waiting and state not in FINAL
        name = "" if state is GatewayState.LOGGED_OUT else view.name
        return View(state, until, news.detail, number, problem, waiting, name=name)

    def _connected(self, number: str) -> View:
        if self._expected and not set(spellings(self._expected)) & set(spellings(number)):
            problem = (
                f"O celular que leu o código é {_shown(number)}; este número está configurado como "
                f"{_shown(self._expected)}. Leia o código com o celular certo, ou corrija o número na configuração."
            )
            return View(GatewayState.STOPPED, detail=ANOTHER, problem=problem, unlink=self._view.waiting)
        return View(GatewayState.CONNECTED, number=number, name=self._view.name)


def _shown(number: str) -> str:
    return format_phone(with_ninth_digit(number))
