"""Pairing an instance with a phone: QR code or pair code, and the end of it.

A code lives 45 s. Right after the phone ended a connection the server still shows the code of the last pairing, so a
code from before is not shown, and one that comes at once for a number that was paired before is shown only when it
stays. After thirty codes the server gives up.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import requests

from integrator.gateways.evolution.instances import Instances, away, refused
from integrator.gateways.evolution.line import Line
from integrator.gateways.evolution.server import Answer, Server, path_of, unknown_instance
from integrator.logs import log_event
from integrator.sending.gateway import Code, GatewayState, Pairing

log = logging.getLogger(__name__)

_CODE_LIVES: Final = timedelta(seconds=45)
_SETTLING: Final = timedelta(seconds=5)
_STARTING: Final = timedelta(seconds=10)
_CONNECT_S: Final = 15.0
_GAVE_UP: Final = (
    "O tempo para ler o QR code acabou. Clique em conectar para gerar outro, com o celular já na tela de aparelhos "
    "conectados."
)
_NO_DIGITS: Final = (
    "A Evolution API não deu um código para este celular. Clique em desconectar e em conectar de novo, ou leia o QR "
    "code."
)


@dataclass(slots=True)
class _Attempt:
    """One wait for a phone. ``shows_at``: until then a code may be the dead one of the last pairing."""

    began: datetime
    shows_at: datetime
    phone: str
    code: Code | None = None
    first: str = ""
    digits: str = ""
    gave_up: bool = False


class QrPairing:
    """See :class:`~integrator.sending.gateway.Pairable`. Safe to share between threads."""

    def __init__(self, instance: str, server: Server, line: Line, instances: Instances) -> None:
        self._instance = instance
        self._server = server
        self._line = line
        self._instances = instances
        self._lock = threading.Lock()
        self._attempt: _Attempt | None = None
        self._latest = self._dead = ""

    def look(self, now: datetime) -> Pairing:
        """How it stands. Raises :class:`GatewayError` when the server is away."""
        with self._lock:
            return self._look(now)

    def begin(self, now: datetime, phone: str = "") -> Pairing:
        """Wait for a phone; makes the instance when it is missing. Raises :class:`GatewayError`."""
        with self._lock:
            self._line.changed()
            state = self._state()
            if state == "open":
                return self._look(now)
            if not state:
                self._instances.create()
            self._instances.listen()
            if state == "connecting" and (self._reconnects() or self._waits_for(phone)):
                return self._look(now)
            self._start(now, phone, was_closed=state != "connecting")
            return self._look(now)

    def end(self, now: datetime) -> Pairing:
        """Disconnect the phone; a number that is not connected stays so. Raises :class:`GatewayError`."""
        with self._lock:
            answer = self._ask("DELETE", "instance/logout")
            already = answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}
            if not answer.fine and not already:
                raise refused(answer)
            log_event(log, "logged_out", instance=self._instance, already=already)
            self._attempt = None
            self._line.changed()
            return self._look(now)

    def shown(self, code: str, now: datetime) -> None:
        """The server told a new code: certainly a living one."""
        with self._lock:
            if self._attempt is not None:
                self._attempt.shows_at = now
                self._note(self._attempt, code, now)

    def given_up(self) -> None:
        """The server waits no longer."""
        with self._lock:
            if self._attempt is not None:
                self._attempt.gave_up = True

    def _start(self, now: datetime, phone: str, *, was_closed: bool) -> None:
        if was_closed:
            self._dead = self._latest
        paired_before = was_closed and self._line.condition().state in {GatewayState.LOGGED_OUT, GatewayState.BANNED}
        self._attempt = _Attempt(now, now + _SETTLING if paired_before else now, phone)
        log_event(log, "pairing_begun", instance=self._instance, by_code=bool(phone))
        self._fetch(self._attempt, now)
        self._line.changed()

    def _reconnects(self) -> bool:
        """The server is busy with a number that is paired: the code that it would show is an old one."""
        return self._line.condition().state is GatewayState.CONNECTING

    def _waits_for(self, phone: str) -> bool:
        attempt = self._attempt
        return attempt is not None and attempt.phone == phone and not attempt.gave_up

    def _look(self, now: datetime) -> Pairing:
        state = self._state()
        attempt = self._attempt
        if state == "open":
            return self._connected()
        if attempt is None:
            return Pairing(self._line.condition().state, self._line.sender(), name=self._line.name())
        if state == "connecting" and not attempt.gave_up:
            self._fetch(attempt, now)
        if attempt.gave_up or (state != "connecting" and now - attempt.began > _STARTING):
            attempt.gave_up = True
            return Pairing(GatewayState.NEEDS_PAIRING, "", problem=_GAVE_UP)
        lacks_digits = attempt.phone and not attempt.digits and now - attempt.began > _STARTING
        problem = _NO_DIGITS if lacks_digits else ""
        return Pairing(GatewayState.NEEDS_PAIRING, "", attempt.code, attempt.digits, problem)

    def _connected(self) -> Pairing:
        if self._attempt is not None:
            self._attempt = None
            self._line.changed()
            log_event(log, "paired", instance=self._instance)
        return Pairing(GatewayState.CONNECTED, self._line.sender(), name=self._line.name())

    def _fetch(self, attempt: _Attempt, now: datetime) -> None:
        """The code of this moment; asking begins the wait where there is none yet."""
        query = {"number": attempt.phone} if attempt.phone else None
        answer = self._ask("GET", "instance/connect", query)
        if not answer.fine:
            raise refused(answer)
        match answer.body:
            case {"code": str(code)}:
                self._note(attempt, code, now)
        match answer.body:
            case {"pairingCode": str(digits)}:
                attempt.digits = digits

    def _note(self, attempt: _Attempt, code: str, now: datetime) -> None:
        attempt.first = attempt.first or code
        unsure = code == attempt.first and now < attempt.shows_at
        if code == self._dead or unsure:
            return
        if attempt.code is None or attempt.code.text != code:
            attempt.code = Code(code, now + _CODE_LIVES)
            self._latest = code

    def _state(self) -> str:
        """What the server says of the line; empty when there is no instance."""
        answer = self._ask("GET", "instance/connectionState")
        if unknown_instance(answer):
            return ""
        if not answer.fine:
            raise refused(answer)
        match answer.body:
            case {"instance": {"state": str(state)}}:
                return state
            case _:
                return "close"

    def _ask(self, method: str, action: str, query: dict[str, str] | None = None) -> Answer:
        try:
            return self._server.ask(method, path_of(action, self._instance), _CONNECT_S, query=query)
        except requests.RequestException as error:
            raise away(error) from error
