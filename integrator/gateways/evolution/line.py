"""How the instance's line to WhatsApp stands, and whose number and name it has. Asked at most every few seconds.

``connectionState`` is the server's honest word; ``fetchInstances`` still says ``open`` while WhatsApp is away, and
its reason of disconnection stays after the number was paired again: it counts only while the line is closed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import requests

from integrator.gateways.account_name import account_name
from integrator.gateways.evolution.server import Answer, Server, path_of, unknown_instance
from integrator.sending.gateway import Condition, GatewayState

#: Connecting and reading together stay under five seconds, with the second question included.
_ASK_S: Final = 1.5
_FRESH: Final = timedelta(seconds=4)
_SILENCE: Final = timedelta(seconds=60)
_NUMBERLESS: Final = frozenset({GatewayState.NEEDS_PAIRING, GatewayState.LOGGED_OUT, GatewayState.BANNED})
_BANNED: Final = 403
_AWAY: Final = "a Evolution API não respondeu: confira se o servidor dela está ligado e se o endereço está certo"
_ELSEWHERE: Final = "o endereço em servidor responde, mas não como uma Evolution API: confira o endereço"
_KEY: Final = "a Evolution API não aceitou a chave deste número: guarde a chave de novo"
_SILENT: Final = "o WhatsApp não respondeu ao último envio: o próximo espera um minuto"


@dataclass(frozen=True, slots=True)
class Registration:
    """What the server keeps of the instance. ``number`` and ``name`` are empty until it was first paired."""

    number: str = ""
    name: str = field(default="", repr=False)
    status: str = ""
    reason: int = 0


class Line:
    """The line of one instance. Safe to share between threads."""

    def __init__(self, instance: str, server: Server, clock: Callable[[], datetime]) -> None:
        self._instance = instance
        self._server = server
        self._clock = clock
        self._lock = threading.Lock()
        self._known = Condition(GatewayState.STOPPED)
        self._asked = datetime.min
        self._silent_since = datetime.min
        self._number = self._name = ""

    def condition(self) -> Condition:
        """How it stands now; never raises."""
        with self._lock:
            now = self._clock()
            if not timedelta() <= now - self._asked < _FRESH:
                self._known = self._read(now)
                self._asked = now
            return self._known

    def sender(self) -> str:
        """The paired number, E.164 digits; the last known one while the server is away."""
        state = self.condition().state
        return "" if state in _NUMBERLESS else self._number

    def name(self) -> str:
        """What the account calls itself; empty with :meth:`sender`, or when the server does not know it."""
        return self._name if self.sender() else ""

    def changed(self) -> None:
        """Something happened to the line: the next question goes to the server."""
        with self._lock:
            self._asked = datetime.min

    def fell_silent(self) -> None:
        """A send got no answer from WhatsApp, though the server may go on saying ``open`` for a minute."""
        with self._lock:
            self._asked = datetime.min
            self._silent_since = self._clock()

    def recovered(self) -> None:
        """WhatsApp answered after all."""
        with self._lock:
            self._silent_since = datetime.min

    def _read(self, now: datetime) -> Condition:
        try:
            answer = self._server.ask("GET", path_of("instance/connectionState", self._instance), _ASK_S)
            if not answer.fine:
                return _refused(answer)
            return self._meaning(_state(answer.body), now)
        except requests.RequestException as error:
            return Condition(GatewayState.OFFLINE, detail=repr(error), told=_AWAY)

    def _meaning(self, state: str, now: datetime) -> Condition:
        was_connected = self._known.state is GatewayState.CONNECTED and self._number
        known = Registration(self._number, self._name)
        registered = known if state == "open" and was_connected else self._registration()
        if registered.number:
            self._number, self._name = registered.number, registered.name
        match state or registered.status:
            case "open" if timedelta() <= now - self._silent_since < _SILENCE:
                return Condition(GatewayState.OFFLINE, detail="open, but the last send was not answered", told=_SILENT)
            case "open":
                return Condition(GatewayState.CONNECTED)
            case "connecting" if registered.status == "open":
                return Condition(GatewayState.CONNECTING)
            case "connecting":
                return Condition(GatewayState.NEEDS_PAIRING)
            case "close":
                return _closed(registered)
            case other:
                return Condition(GatewayState.OFFLINE, detail=f"unknown state {other!r}")

    def _registration(self) -> Registration:
        """Raises :class:`requests.RequestException` when no answer came."""
        query = {"instanceName": self._instance}
        answer = self._server.ask("GET", "/instance/fetchInstances", _ASK_S, query=query)
        rows = answer.body if isinstance(answer.body, list) else [answer.body]
        for row in rows:
            match row:
                case {"name": name, "connectionStatus": status} if name == self._instance:
                    return Registration(_owner(row), _profile(row), str(status), _reason(row))
        return Registration()


def digits_of(jid: object) -> str:
    """The number in ``554988590187:12@s.whatsapp.net``; empty for everything that is no person's number."""
    if not isinstance(jid, str):
        return ""
    user, _, domain = jid.partition("@")
    number = user.partition(":")[0]
    return number if domain == "s.whatsapp.net" and number.isdigit() else ""


def _owner(row: object) -> str:
    match row:
        case {"ownerJid": jid}:
            return digits_of(jid)
        case _:
            return ""


def _profile(row: object) -> str:
    match row:
        case {"profileName": str(name)}:
            return account_name(name)
        case _:
            return ""


def _reason(row: object) -> int:
    match row:
        case {"disconnectionReasonCode": int(reason)}:
            return reason
        case _:
            return 0


def _state(body: object) -> str:
    match body:
        case {"instance": {"state": str(state)}}:
            return state
        case _:
            return ""


def _refused(answer: Answer) -> Condition:
    detail = f"HTTP {answer.status}"
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Condition(GatewayState.AUTH, detail=detail, told=_KEY)
    if unknown_instance(answer):
        return Condition(GatewayState.NEEDS_PAIRING, detail="the instance does not exist yet")
    return Condition(GatewayState.OFFLINE, detail=detail, told=_ELSEWHERE)


def _closed(registered: Registration) -> Condition:
    """A line that ended for good: every other end is followed by a new attempt of the server itself."""
    detail = f"closed, reason {registered.reason}"
    if not registered.number:
        return Condition(GatewayState.NEEDS_PAIRING, detail=detail)
    if registered.reason == _BANNED:
        return Condition(GatewayState.BANNED, detail=detail)
    return Condition(GatewayState.LOGGED_OUT, detail=detail)
