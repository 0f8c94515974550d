"""HTTP around :class:`~integrator.gateways.simulator.simulation.Simulation`, run by ``server.py``."""

from __future__ import annotations

import hmac
import json
import logging
import socket
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, assert_never
from urllib.parse import parse_qs, unquote, urlsplit

from integrator.domain.outcome import CannotTell, Confirmed, NotFound
from integrator.gateways.simulator import wire
from integrator.gateways.simulator.faults import fault_from_json
from integrator.gateways.simulator.pairing import pairing_to_json
from integrator.gateways.simulator.posts import Accepted, HungUp, Mode, Postponed, Refused, Reply, Silent, Warned
from integrator.gateways.simulator.simulation import Simulation
from integrator.sending.gateway import GatewayState

_SILENCE_LIMIT_S: Final = 600.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    fields: dict[str, Any]


_OK: Final = _Answer(HTTPStatus.OK, {})


class SimulatorServer(ThreadingHTTPServer):
    """Serves one :class:`Simulation` on the loopback address, to those who know the token."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, simulation: Simulation, port: int, token: str) -> None:
        super().__init__((wire.HOST, port), _Handler)
        self.simulation = simulation
        self.token = token

    def stop_soon(self) -> None:
        """End ``serve_forever`` after the request that is being answered."""
        threading.Thread(target=self.shutdown, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: SimulatorServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one piece

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: requests carry phone numbers, and the ledger already tells."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > wire.LARGEST_BODY:
            self.close_connection = True
            return self._answer(_problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A mensagem é grande demais."))
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return None
        presented = self.headers.get("Authorization", "").encode("utf-8")
        if not hmac.compare_digest(presented, f"Bearer {self.server.token}".encode()):
            return self._answer(_problem(HTTPStatus.UNAUTHORIZED, "O simulador não reconheceu a senha de acesso."))
        if self.command == "POST" and self.path == wire.MESSAGES:
            return self._take_post(body)
        return self._answer(self._do(body))

    def _do(self, body: bytes) -> _Answer:
        """Everything but a send."""
        target = urlsplit(self.path)
        simulation = self.server.simulation
        try:
            match self.command, target.path:
                case "GET", wire.STATE:
                    return self._state()
                case "GET", wire.EVENTS:
                    return _events(simulation, parse_qs(target.query))
                case "GET", path if path.startswith(f"{wire.MESSAGES}/"):
                    return _confirm(simulation, unquote(path.removeprefix(f"{wire.MESSAGES}/")))
                case "POST", wire.NUMBER_CHECK:
                    return _check_numbers(simulation, json.loads(body)["numbers"])
                case _:
                    return self._control(target.path, body)
        except (ValueError, KeyError, TypeError) as error:
            return _problem(HTTPStatus.BAD_REQUEST, "O simulador não entendeu o pedido.", repr(error))

    def _control(self, path: str, body: bytes) -> _Answer:
        """What a test or the demo asks of the simulation itself."""
        simulation = self.server.simulation
        match self.command, path:
            case "POST", wire.PAIRING:
                raw = json.loads(body)
                pairing = simulation.pair(raw["do"], raw["text"], datetime.fromisoformat(raw["now"]))
                return _Answer(HTTPStatus.OK, pairing_to_json(pairing))
            case "POST", wire.WRITTEN:
                raw = json.loads(body)
                at = datetime.fromisoformat(raw["at"])
                simulation.write(str(raw["sender"]), str(raw["text"]), at, str(raw["name"]))
            case "POST", wire.STATE:
                simulation.set_state(GatewayState(json.loads(body)["state"]))
            case "POST", wire.NUMBERS:
                raw = json.loads(body)
                simulation.set_number(raw["number"], raw["canonical"])
            case "POST", wire.FAULTS:
                simulation.arm([fault_from_json(raw) for raw in json.loads(body)["faults"]])
            case "DELETE", wire.FAULTS:
                simulation.clear_faults()
            case "POST", wire.STOP:
                self.close_connection = True
                self.server.stop_soon()
            case _:
                return _problem(HTTPStatus.NOT_FOUND, "O simulador não conhece este pedido.", self.path)
        return _OK

    def _state(self) -> _Answer:
        simulation = self.server.simulation
        fields = {"state": simulation.state, "sender": simulation.sender, "mode": simulation.mode}
        return _Answer(HTTPStatus.OK, fields)

    def _take_post(self, body: bytes) -> None:
        try:
            post = wire.unpack_post(body)
        except (ValueError, KeyError, TypeError) as error:
            return self._answer(_problem(HTTPStatus.BAD_REQUEST, "O simulador não entendeu a mensagem.", repr(error)))
        if post.id and self.server.simulation.mode is Mode.CANNOT_CONFIRM:
            return self._answer(_problem(HTTPStatus.BAD_REQUEST, "Neste modo quem dá o código é o simulador."))
        return self._reply(self.server.simulation.post(post))

    def _reply(self, reply: Reply) -> None:
        match reply:
            case Accepted():
                self._answer(_Answer(HTTPStatus.OK, {"id": reply.id}))
            case Refused():
                self._answer(_problem(HTTPStatus.UNPROCESSABLE_ENTITY, reply.reason))
            case Postponed():
                fields = {"reason": reply.reason, "after_s": reply.after_s}
                self._answer(_Answer(HTTPStatus.SERVICE_UNAVAILABLE, fields))
            case Warned():
                self._answer(_problem(HTTPStatus.LOCKED, reply.reason))
            case HungUp():
                self.close_connection = True
            case Silent():
                self._wait_until_client_leaves()
            case _:
                assert_never(reply)

    def _wait_until_client_leaves(self) -> None:
        self.close_connection = True
        self.connection.settimeout(_SILENCE_LIMIT_S)
        try:
            self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            _log.debug("action=silent_connection_ended")

    def _answer(self, answer: _Answer) -> None:
        body = json.dumps(answer.fields).encode("ascii")
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _problem(status: HTTPStatus, reason: str, detail: str = "") -> _Answer:
    return _Answer(status, {"reason": reason, "detail": detail})


def _confirm(simulation: Simulation, message_id: str) -> _Answer:
    confirmation = simulation.confirm(message_id)
    match confirmation:
        case Confirmed():
            return _Answer(HTTPStatus.OK, {"answer": "confirmed", "id": confirmation.provider_id})
        case NotFound():
            return _Answer(HTTPStatus.OK, {"answer": "not_found"})
        case CannotTell():
            return _Answer(HTTPStatus.OK, {"answer": "cannot_tell"})
        case _:
            assert_never(confirmation)


def _check_numbers(simulation: Simulation, numbers: list[str]) -> _Answer:
    if simulation.state is not GatewayState.CONNECTED:
        return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "O número do WhatsApp não está conectado.")
    checks = simulation.check_numbers(numbers)
    return _Answer(HTTPStatus.OK, {"canonical": [check.canonical for check in checks]})


def _events(simulation: Simulation, query: dict[str, list[str]]) -> _Answer:
    events, cursor = simulation.events(int(query["after"][0]), datetime.fromisoformat(query["now"][0]))
    return _Answer(HTTPStatus.OK, {"events": [wire.pack_event(event) for event in events], "cursor": cursor})
