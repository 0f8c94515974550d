"""Pairing as WhatsApp does it: a code that changes every minute, read by a phone, ended by either side.

:class:`PairingDesk` is the simulator's own; :class:`PairingControl` asks it from another process.
"""

from __future__ import annotations

import json
import secrets
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from integrator.domain.errors import GatewayError
from integrator.gateways.account_name import account_name
from integrator.gateways.simulator import wire
from integrator.sending.gateway import Code, GatewayState, Pairing

#: WhatsApp's own codes live for twenty seconds to a minute.
CODE_S: Final = 60
_ASK_S: Final = 5.0


class PairingDesk:
    """The codes of one simulated number; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._code: Code | None = None

    def code(self, now: datetime) -> Code:
        """The code of this moment; a new one when the last one's time is over."""
        with self._lock:
            if self._code is None or not self._code.until - timedelta(seconds=CODE_S) <= now < self._code.until:
                text = f"2@{secrets.token_urlsafe(66)},{secrets.token_urlsafe(33)},SIMULADOR"
                self._code = Code(text, now + timedelta(seconds=CODE_S))
            return self._code

    def reads(self, text: str, now: datetime) -> bool:
        """Whether a phone that reads ``text`` is let in; the code then counts no more."""
        with self._lock:
            known, self._code = self._code, None
            return (
                known is not None and secrets.compare_digest(known.text.encode(), text.encode()) and now < known.until
            )


class PairingControl:
    """The pairing of the simulator that runs in ``folder``.

    Every method raises :class:`GatewayError` when the simulator cannot be reached.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def look(self, now: datetime) -> Pairing:
        """How it stands; while a phone is waited for, with the code of this moment."""
        return self._ask("look", now)

    def begin(self, now: datetime, phone: str = "") -> Pairing:
        """Wait for a phone. The pretended phone types no codes: ``phone`` is not asked for one."""
        del phone
        return self._ask("begin", now)

    def read(self, text: str, now: datetime) -> Pairing:
        """Let the pretended phone read a code; nothing happens when it is no longer the one that is shown."""
        return self._ask("read", now, text)

    def end(self, now: datetime) -> Pairing:
        """Disconnect the phone."""
        return self._ask("end", now)

    def _ask(self, deed: str, now: datetime, text: str = "") -> Pairing:
        import requests  # here and not above: the simulator's own process serves HTTP and asks nobody

        from integrator.gateways.simulator.transport import Transport, fields_of

        card = wire.read_card(self._folder)
        transport = Transport(card.url, card.token)
        try:
            body = json.dumps({"do": deed, "now": now.isoformat(), "text": text}).encode("ascii")
            answer = transport.post(wire.PAIRING, _ASK_S, body)
            answer.raise_for_status()
            return pairing_from_json(fields_of(answer))
        except (requests.RequestException, KeyError, TypeError, ValueError) as error:
            raise GatewayError(
                "O simulador de WhatsApp não respondeu. Confira se o integrador está em execução.", detail=repr(error)
            ) from error
        finally:
            transport.close()


def pairing_to_json(pairing: Pairing) -> dict[str, Any]:
    """As it travels between the processes."""
    code = pairing.code
    return {
        "state": pairing.state,
        "number": pairing.number,
        "code": [code.text, code.until.isoformat()] if code else None,
        "name": pairing.name,
    }


def pairing_from_json(raw: dict[str, Any]) -> Pairing:
    """The reverse. Raises KeyError, TypeError or ValueError."""
    code = Code(str(raw["code"][0]), datetime.fromisoformat(raw["code"][1])) if raw["code"] else None
    return Pairing(GatewayState(raw["state"]), str(raw["number"]), code, name=account_name(str(raw["name"])))
