"""How the number stands at Meta: its state, quality and limits, asked for at most once a minute."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import requests

from integrator.gateways.cloud_api.errors import ErrorClass, Refusal, sentence
from integrator.gateways.cloud_api.graph import Graph, body_of, unreachable
from integrator.gateways.cloud_api.reading import text_at
from integrator.sending.gateway import Condition, GatewayState

_FRESH: Final = timedelta(seconds=60)
#: The thread that asks serves all numbers of all databases: a Meta that hangs must not hold it up.
_ASK_S: Final = 5.0
#: How long news of a restriction count, when Meta does not say until when it lasts.
_RESTRICTED: Final = timedelta(hours=24)
_FIELDS: Final = "display_phone_number,verified_name,quality_rating,status"
_LIMIT: Final = "whatsapp_business_manager_messaging_limit"
_STATES: Final = {
    "BANNED": GatewayState.BANNED,
    "RESTRICTED": GatewayState.RESTRICTED,
    "RATE_LIMITED": GatewayState.RESTRICTED,
    "DELETED": GatewayState.LOGGED_OUT,
    "DISCONNECTED": GatewayState.LOGGED_OUT,
    "MIGRATED": GatewayState.LOGGED_OUT,
    "PENDING": GatewayState.LOGGED_OUT,
    "UNVERIFIED": GatewayState.LOGGED_OUT,
}
#: "No such object, or not for this token": code 100 of a question about the number is about ids and token.
_NO_SUCH_OBJECT: Final = 100


@dataclass(frozen=True, slots=True)
class PhoneFacts:
    """What Meta says of the number. ``quality``: ``GREEN``, ``YELLOW``, ``RED`` or ``UNKNOWN``.

    ``limit`` is how many people the portfolio may write to first in 24 hours, as Meta names it (``TIER_2K``); empty
    when it did not say.
    """

    number: str
    verified_name: str
    quality: str
    status: str
    limit: str = ""


def read_facts(graph: Graph, phone_id: str) -> PhoneFacts:
    """Everything, asked now. Raises :class:`~integrator.domain.errors.GatewayError`."""
    try:
        body = body_of(graph.get(phone_id, {"fields": _FIELDS}))
        limit = graph.get(phone_id, {"fields": _LIMIT})
    except requests.RequestException as error:
        raise unreachable(error) from error
    return PhoneFacts(
        number=_digits(text_at(body, "display_phone_number")),
        verified_name=text_at(body, "verified_name"),
        quality=text_at(body, "quality_rating") or "UNKNOWN",
        status=text_at(body, "status"),
        # Asked alone, because Meta has renamed this field before and refuses a question with an unknown one.
        limit="" if limit.refused else text_at(limit.body, _LIMIT),
    )


class Health:
    """Asks and remembers. Safe to share between threads."""

    def __init__(self, graph: Graph, phone_id: str, now: Callable[[], datetime]) -> None:
        self._graph = graph
        self._phone_id = phone_id
        self._now = now
        self._lock = threading.Lock()
        self._looked_at = datetime.min
        self._known = Condition(GatewayState.CONNECTING)
        self._restricted_until = datetime.min
        self._number = ""

    def condition(self) -> Condition:
        """The condition now; never raises."""
        with self._lock:
            now = self._now()
            if now < self._restricted_until:
                told = sentence(ErrorClass.RESTRICTED)
                return Condition(GatewayState.RESTRICTED, self._restricted_until, "told by Meta", told)
            if not timedelta(0) <= now - self._looked_at < _FRESH:
                self._known = self._look()
                self._looked_at = self._now()  # not when it was asked: a slow answer, too, counts for a minute
            return self._known

    def number(self) -> str:
        """The number, digits only; empty while it is not known."""
        if not self._number:
            self.condition()
        return self._number

    def refused(self, found: Refusal) -> None:
        """A message was refused: what that says of the number counts until it is looked at again."""
        if found.kind is ErrorClass.AUTH:
            with self._lock:
                self._known, self._looked_at = _of_refusal(found), self._now()

    def restricted(self) -> None:
        """Meta told that it restricts the number."""
        with self._lock:
            self._restricted_until = self._now() + _RESTRICTED

    def look_again(self) -> None:
        """Something about the number changed at Meta."""
        with self._lock:
            self._looked_at = datetime.min

    def _look(self) -> Condition:
        try:
            answer = self._graph.get(self._phone_id, {"fields": _FIELDS}, _ASK_S)
        except requests.RequestException as error:
            return Condition(GatewayState.OFFLINE, detail=type(error).__name__)
        if answer.refused is not None:
            return _of_refusal(answer.refused)
        self._number = _digits(text_at(answer.body, "display_phone_number"))
        if not self._number:
            return Condition(GatewayState.OFFLINE, detail="answer without display_phone_number")
        status = text_at(answer.body, "status")
        quality = text_at(answer.body, "quality_rating")
        return Condition(_STATES.get(status, GatewayState.CONNECTED), detail=f"status={status} quality={quality}")


def _of_refusal(found: Refusal) -> Condition:
    if found.kind is ErrorClass.AUTH or found.code == _NO_SUCH_OBJECT:
        return Condition(GatewayState.AUTH, detail=found.detail, told=sentence(ErrorClass.AUTH))
    if found.kind is ErrorClass.RESTRICTED:
        return Condition(GatewayState.RESTRICTED, detail=found.detail, told=sentence(ErrorClass.RESTRICTED))
    return Condition(GatewayState.OFFLINE, detail=found.detail)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isascii() and char.isdigit())
