"""What the Evolution server pushes: receipts, messages of people, and changes of the line.

A token in a header tells whether they come from our server (``hook.py``). The body carries the instance's own key: it
is never logged. Notices come more than once, in any order, and are repeated after any answer but a few 4xx.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from integrator.domain.errors import GatewayError
from integrator.gateways.events.log import EventLog
from integrator.gateways.evolution.hook import TOKEN_HEADER
from integrator.gateways.evolution.line import Line, digits_of
from integrator.gateways.evolution.pairing import QrPairing
from integrator.gateways.evolution.statuses import Awaited, receipt_of
from integrator.sending.gateway import HookAnswer, Inbound

#: Neither is something a person wrote: a mark on a message, and what the apps tell one another.
_NOT_WRITTEN: Final = frozenset({"reactionMessage", "protocolMessage"})
_WRAPPERS: Final = ("ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "documentWithCaptionMessage")
_OK: Final = HookAnswer(HTTPStatus.OK)
_MALFORMED: Final = HookAnswer(HTTPStatus.BAD_REQUEST)


class EvolutionWebhook:
    """The receiver of one instance's notices. Called from any thread."""

    def __init__(
        self,
        instance: str,
        token: str,
        *,
        clock: Callable[[], datetime],
        events: EventLog,
        awaited: Awaited,
        line: Line,
        pairing: QrPairing,
    ) -> None:
        self._instance = instance
        self._token = token.encode()
        self._clock = clock
        self._events = events
        self._awaited = awaited
        self._line = line
        self._pairing = pairing

    def check(self, query: Mapping[str, str]) -> HookAnswer:
        """This server proves no address: nobody asks with GET."""
        del query
        return HookAnswer(HTTPStatus.METHOD_NOT_ALLOWED)

    def receive(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        """Take one notice: 401 without our token, 400 for what is none, 500 (it comes again) when it cannot be kept."""
        if not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode("utf-8", "surrogateescape"), self._token):
            return HookAnswer(HTTPStatus.UNAUTHORIZED)
        try:
            notice = json.loads(body)
        except (ValueError, RecursionError):
            return _MALFORMED
        try:
            match notice:
                case {"event": str(event), "instance": self._instance, "data": data}:
                    return self._take(event, data)
                case {"event": str(), "instance": str()}:
                    return _OK  # another instance's, or without contents
                case _:
                    return _MALFORMED
        except GatewayError:
            return HookAnswer(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _take(self, event: str, data: object) -> HookAnswer:
        match event, data:
            case "messages.update", dict():
                return self._take_status(data)
            case "messages.upsert", dict():
                return self._take_message(data)
            case "messages.update" | "messages.upsert", _:
                return _MALFORMED
            case "connection.update", {"state": "refused"}:
                self._pairing.given_up()
            case "qrcode.updated", {"qrcode": {"code": str(code)}}:
                self._pairing.shown(code, self._clock())
            case "qrcode.updated", {"statusCode": _}:
                self._pairing.given_up()
            case _:
                pass  # what is left is known once the line is asked, or does not concern us
        if event in {"connection.update", "logout.instance", "qrcode.updated"}:
            self._line.changed()
        return _OK

    def _take_status(self, data: dict[str, Any]) -> HookAnswer:
        receipt = receipt_of(data, self._clock())
        if receipt is not None:
            self._events.append(self._instance, receipt)
            self._awaited.heard(receipt.provider_id, frozenset({receipt.kind}), receipt.at)
        return _OK

    def _take_message(self, data: dict[str, Any]) -> HookAnswer:
        inbound = inbound_of(data, self._clock())
        if inbound is not None:
            self._events.append(self._instance, inbound)
        return _OK


def inbound_of(data: Mapping[str, Any], now: datetime) -> Inbound | None:
    """What a person wrote to the number; None for our own messages, groups, channels and status.

    Where WhatsApp hides the number behind an id of its own (``…@lid``), the number stands beside it.
    """
    key = data.get("key")
    if not isinstance(key, dict) or key.get("fromMe") is not False or data.get("messageType") in _NOT_WRITTEN:
        return None
    message_id, jids = key.get("id"), (key.get("remoteJid"), key.get("remoteJidAlt"))
    if not isinstance(message_id, str) or not message_id or not _from_a_person(jids[0]):
        return None
    sender = next((number for number in map(digits_of, jids) if number), "")
    if not sender:
        return None
    name = data.get("pushName")
    at = _local_time(data.get("messageTimestamp"), now)
    return Inbound(message_id, sender, _text(data.get("message")), at, name if isinstance(name, str) else "")


def _from_a_person(jid: object) -> bool:
    return isinstance(jid, str) and jid.endswith(("@s.whatsapp.net", "@lid"))


def _text(message: object) -> str:
    """The text of a message, unwrapped from those that vanish; empty for audio, pictures and the like."""
    for wrapper in _WRAPPERS:
        match message:
            case {**fields}:
                match fields.get(wrapper):
                    case {"message": inner}:
                        message = inner
    match message:
        case {"conversation": str(text)} | {"extendedTextMessage": {"text": str(text)}}:
            return text
        case _:
            return ""


def _local_time(seconds: object, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(seconds) if isinstance(seconds, int | float) else now
    except (ValueError, OverflowError, OSError):
        return now
