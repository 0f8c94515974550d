"""Pairing of the embedded engine: a code or digits for a phone, in a worker that is new each time.

A worker that showed codes cannot be told to stop showing them, so that it is ended; the next attempt has its own.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from integrator.domain.errors import GatewayError
from integrator.gateways.embedded import session
from integrator.gateways.embedded.child import Child, Talk, WorkerGone, WorkerSilent
from integrator.gateways.embedded.protocol import AskDigits, Digits, LogOut
from integrator.gateways.embedded.standing import ANOTHER, FINAL, Standing, View
from integrator.gateways.embedded.supervisor import Supervisor
from integrator.sending.gateway import Code, GatewayState, Pairing

_CODE_S: Final = 15.0
_ANSWER_S: Final = 10.0
#: What is in the way is of this computer: the phone still knows it. (Of a number that is banned another one is wanted.)
_STILL_PAIRED: Final = frozenset({GatewayState.OUTDATED, GatewayState.STOPPED})
_NO_DIGITS: Final = "O WhatsApp não deu um código para este celular. Confira o número, ou leia o QR com o celular."


class EmbeddedPairing:
    """Implements :class:`~integrator.sending.gateway.Pairable` for the session in ``folder``."""

    def __init__(self, folder: Path, standing: Standing, supervisor: Supervisor) -> None:
        self._folder = folder
        self._standing = standing
        self._supervisor = supervisor
        self._one = threading.Lock()

    def look(self, now: datetime) -> Pairing:
        """How it stands; while a phone is waited for, with the code of this moment."""
        return _pairing(self._standing.view(), now)

    def begin(self, now: datetime, phone: str = "") -> Pairing:
        """Wait for a phone, unless one is paired and wanted; with ``phone`` also ask for digits.

        A session is given up only when it is void or of the wrong phone, not because something else is in the way.
        """
        with self._one:
            view = self._standing.view()
            if view.waiting and view.code is not None and not (phone and view.digits):
                return self._with_digits(now, phone)
            if session.paired_number(self._folder) and view.state not in FINAL:
                return _pairing(view, now)
            self._supervisor.stop()
            if session.paired_number(self._folder) and view.state in _STILL_PAIRED and view.detail != ANOTHER:
                return self._again(view, now)
            session.delete(self._folder)
            session.make_private(self._folder)
            self._standing.set(View(GatewayState.CONNECTING, waiting=True))
            self._supervisor.start()
            self._standing.wait(lambda view: view.code is not None or not view.waiting, _CODE_S)
            return self._with_digits(now, phone)

    def end(self, now: datetime) -> Pairing:
        """Disconnect the phone: unlinked where WhatsApp can be reached, and the session's files are gone."""
        with self._one:
            child = self._supervisor.child
            if child is not None and self._standing.view().state is GatewayState.CONNECTED:
                _log_out(child)
            self._supervisor.stop()
            session.delete(self._folder)
            self._standing.set(View(GatewayState.NEEDS_PAIRING))
            return self.look(now)

    def _again(self, view: View, now: datetime) -> Pairing:
        """One more attempt with the session that there is: without it the shop would have to find its phone."""
        self._standing.set(View(GatewayState.CONNECTING, number=view.number))
        self._supervisor.start()
        return _pairing(self._standing.wait(lambda view: view.state is not GatewayState.CONNECTING, _CODE_S), now)

    def _with_digits(self, now: datetime, phone: str) -> Pairing:
        view, child = self._standing.view(), self._supervisor.child
        if not phone or view.code is None or child is None:
            return _pairing(view, now)
        digits = _digits(child, phone)
        view = replace(self._standing.view(), digits=digits, problem="" if digits else _NO_DIGITS)
        self._standing.set(view)
        return _pairing(view, now)


def _pairing(view: View, now: datetime) -> Pairing:
    code: Code | None = view.code if view.code is not None and now < view.code.until else None
    name = view.name if view.number else ""
    return Pairing(view.state, view.number, code, view.digits, view.problem, name)


def _digits(child: Child, phone: str) -> str:
    reply = _answer(child.ask(lambda number: AskDigits(number, phone)))
    return reply.digits if isinstance(reply, Digits) else ""


def _log_out(child: Child) -> None:
    try:
        _answer(child.ask(LogOut))
    except GatewayError:
        return  # the phone lists the device until a person removes it there; here it is forgotten all the same


def _answer(talk: Talk) -> object:
    try:
        return talk.next(_ANSWER_S)
    except (WorkerGone, WorkerSilent) as error:
        raise GatewayError("O motor do WhatsApp não respondeu. Tente de novo.", detail=str(error)) from error
    finally:
        talk.close()
