"""The simulator as a :class:`~integrator.sending.ports.Gateway`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import requests

from integrator.domain.errors import GatewayError
from integrator.domain.message import Part
from integrator.domain.outcome import (
    CannotTell,
    Confirmation,
    Confirmed,
    NotFound,
    Outcome,
    Rejected,
    Restricted,
    Sent,
    TryLater,
    Unknown,
)
from integrator.gateways.base import IN_DOUBT, no_answer_reason, own_message_id
from integrator.gateways.http import never_left
from integrator.gateways.simulator import wire
from integrator.gateways.simulator.pairing import PairingControl
from integrator.gateways.simulator.posts import Mode, Post
from integrator.gateways.simulator.transport import Transport, fields_of
from integrator.sending.gateway import (
    Assigned,
    Capabilities,
    Condition,
    EventBatch,
    GatewayState,
    NumberCheck,
    Pairable,
    StatusNews,
    Webhook,
    nobody,
)

_RETRY_S: Final = 60.0
_ASK_S: Final = 10.0
_NOT_RUNNING: Final = "O simulador de WhatsApp não está em execução. A mensagem volta para a fila."
_REFUSED: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
)


class SimulatorGateway:
    """A number of the simulator that listens at ``url``.

    ``timeout_s`` is how long an answer to a send is waited for; ``clock`` dates messages and decides which receipts
    are due (naive local time). ``mode`` is asked of the simulator when it is not given. ``folder`` is the simulator's;
    without it the number cannot be paired from here.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout_s: float = 75.0,
        clock: Callable[[], datetime],
        mode: Mode | None = None,
        folder: Path | None = None,
    ) -> None:
        self._transport = Transport(url, token)
        self._timeout_s = timeout_s
        self._clock = clock
        self._mode = mode
        self._folder = folder

    @property
    def name(self) -> str:
        """The engine's name, as in ``WA_INSTANCIA.MOTOR``."""
        return "simulador"

    @property
    def capabilities(self) -> Capabilities:
        """By mode. Raises :class:`GatewayError` while the mode is unknown and the simulator out of reach."""
        confirms = self._known_mode() is Mode.CONFIRMS
        return Capabilities(
            own_message_id=confirms,
            confirms_by_id=confirms,
            number_check=True,
            pairs_by_qr=True,
            status=StatusNews.POLL,
            inbound=True,
        )

    def condition(self) -> Condition:
        """Condition of the number; ``OFFLINE`` when the simulator is out of reach."""
        try:
            return Condition(GatewayState(self._ask(wire.STATE)["state"]))
        except (requests.RequestException, KeyError, ValueError) as error:
            return Condition(GatewayState.OFFLINE, detail=repr(error))

    def sender(self) -> str:
        """The pretended number; empty when unpaired or out of reach."""
        try:
            return str(self._ask(wire.STATE)["sender"])
        except (requests.RequestException, KeyError):
            return ""

    def check_numbers(self, numbers: Sequence[str]) -> tuple[NumberCheck, ...]:
        """By the rule of ``numbers.py``. Raises :class:`GatewayError` when out of reach or not connected."""
        try:
            body = json.dumps({"numbers": list(numbers)}).encode("ascii")
            response = self._transport.post(wire.NUMBER_CHECK, _ASK_S, body)
            response.raise_for_status()
            found: list[str] = fields_of(response)["canonical"]
        except (requests.RequestException, KeyError) as error:
            raise _unreachable(error) from error
        return tuple(NumberCheck(query, bool(known), known) for query, known in zip(numbers, found, strict=True))

    def new_message_id(self, row_guid: str, part: Part) -> str:
        """By row, order and content; empty when the simulator chooses. Raises as :attr:`capabilities`."""
        return own_message_id(row_guid, part) if self._known_mode() is Mode.CONFIRMS else ""

    def send(self, to: str, part: Part, message_id: str, assigned: Assigned = nobody) -> Outcome:
        """Post one part; never raises."""
        del assigned  # the id is known all along, or only with the answer
        post = Post(message_id, to, part.kind, part.content, self._clock(), part.file_name, part.mime, part.caption)
        try:
            response = self._transport.post(wire.MESSAGES, self._timeout_s, wire.pack_post(post))
        except requests.RequestException as error:
            return self._outcome_of_failure(error)
        return _outcome(response)

    def confirm(self, message_id: str) -> Confirmation:
        """Whether the simulator has the message; never raises."""
        try:
            fields = self._ask(f"{wire.MESSAGES}/{quote(message_id, safe='')}")
        except requests.RequestException:
            return CannotTell()
        match fields:
            case {"answer": "confirmed", "id": str(provider_id)}:
                return Confirmed(provider_id)
            case {"answer": "not_found"}:
                return NotFound()
            case _:
                return CannotTell()

    def events(self, after: int) -> EventBatch:
        """Receipts due by the clock, and what was written back; an empty batch when none, or out of reach."""
        try:
            fields = self._ask(wire.EVENTS, {"after": str(after), "now": self._clock().isoformat()})
            return EventBatch(tuple(map(wire.unpack_event, fields["events"])), int(fields["cursor"]))
        except (requests.RequestException, KeyError, TypeError, ValueError):
            return EventBatch((), after)

    def pairing(self) -> Pairable | None:
        """The pretended phone's; None where the simulator's folder is not known."""
        return None if self._folder is None else PairingControl(self._folder)

    def webhook(self) -> Webhook | None:
        """None: the simulator is asked."""
        return None

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _known_mode(self) -> Mode:
        if self._mode is None:
            try:
                self._mode = Mode(self._ask(wire.STATE)["mode"])
            except (requests.RequestException, KeyError, ValueError) as error:
                raise _unreachable(error) from error
        return self._mode

    def _ask(self, path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
        response = self._transport.get(path, _ASK_S, query)
        response.raise_for_status()
        return fields_of(response)

    def _outcome_of_failure(self, error: requests.RequestException) -> Outcome:
        if never_left(error):
            return TryLater(_NOT_RUNNING, _RETRY_S, repr(error))
        if isinstance(error, requests.Timeout):
            return Unknown(no_answer_reason(self._timeout_s), repr(error))
        return Unknown(f"A conexão com o WhatsApp caiu durante o envio. {IN_DOUBT}", repr(error))


def _outcome(response: requests.Response) -> Outcome:
    """What the simulator's answer means; one that cannot be understood leaves the message in doubt."""
    status = response.status_code
    detail = f"HTTP {status}"
    try:
        fields = fields_of(response)
    except requests.RequestException as error:
        return Unknown(f"O WhatsApp deu uma resposta que não se entende. {IN_DOUBT}", f"{detail} {error!r}")
    reason = str(fields.get("reason", ""))
    if status == HTTPStatus.OK and fields.get("id"):
        return Sent(str(fields["id"]))
    if status in _REFUSED:
        return Rejected(reason or "O WhatsApp recusou a mensagem.", f"{detail} {fields.get('detail', '')}".strip())
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        after_s = fields.get("after_s")
        wait_s = float(after_s) if isinstance(after_s, int | float) else _RETRY_S
        return TryLater(reason or "O WhatsApp pediu para tentar mais tarde.", wait_s, detail)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _not_now(status, reason, detail)
    return Unknown(f"O WhatsApp respondeu com erro. {IN_DOUBT}", detail)


def _not_now(status: int, reason: str, detail: str) -> Outcome:
    if status == HTTPStatus.LOCKED:
        return Restricted(reason or "O WhatsApp restringiu este número.", detail)
    return TryLater(reason or "O simulador não aceitou o pedido.", _RETRY_S, detail)


def _unreachable(error: Exception) -> GatewayError:
    return GatewayError(
        "O simulador de WhatsApp não respondeu. Confira se ele está em execução e conectado.", detail=repr(error)
    )
