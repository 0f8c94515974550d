"""What the library tells, in the protocol's words. Lives in the worker.

Groups, status posts, the shop's own devices, reactions and the like concern nobody here and are dropped where they
arrive; whose chats are kept is decided by the daemon.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from integrator.gateways.embedded.protocol import Failure, Named, Situation, Told, Written
from integrator.sending.gateway import GatewayState, ReceiptKind

PHONE_SERVER: Final = "s.whatsapp.net"
#: What is told when another process connected with a copy of this session.
REPLACED: Final = "replaced"
_HIDDEN_SERVER: Final = "lid"
#: More seconds than this lie thousands of years ahead.
_MILLISECONDS: Final = 10**11
_SERVER_ERROR = re.compile(r"server returned error (\d+)")
_ERRORS: Final = {"463": Failure.RESTRICTED, "429": Failure.TOO_FAST, "400": Failure.REFUSED, "479": Failure.REFUSED}
_WORDS: Final = (
    ("no LID found", Failure.NO_WHATSAPP),
    ("not on whatsapp", Failure.NO_WHATSAPP),
    ("timed out waiting", Failure.NO_ANSWER),
    ("not connected", Failure.NOT_READY),
    ("not logged in", Failure.NOT_READY),
)
_NOT_WRITTEN: Final = (
    "protocolMessage",
    "reactionMessage",
    "encReactionMessage",
    "pollUpdateMessage",
    "keepInChatMessage",
    "pinInChatMessage",
)


def account(device: Any) -> Named:
    """What the account calls itself: its profile's name, which comes a while after the pairing, or that of its shop."""
    return Named(str(device.PushName or device.BussinessName))


def failure_of(error: str) -> Failure:
    """What the library's error on sending means."""
    code = _SERVER_ERROR.search(error)
    if code:
        return _ERRORS.get(code[1], Failure.SERVER_BUSY)
    return next((failure for words, failure in _WORDS if words in error), Failure.OTHER)


def receipt(event: Any) -> Told | None:
    """A receipt of what we sent to one person; None for all others."""
    source, kinds = event.MessageSource, type(event)
    kind = {
        kinds.DELIVERED: ReceiptKind.DELIVERED,
        kinds.READ: ReceiptKind.READ,
        kinds.PLAYED: ReceiptKind.READ,
    }.get(event.Type)
    if kind is None or source.IsFromMe or source.IsGroup or not _of_a_person(source.Chat):
        return None
    return Told(tuple(event.MessageIDs), kind.value, _seconds(event.Timestamp))


def written(event: Any, phone_of: Callable[[Any], str]) -> Written | None:
    """What a person wrote to us; None for all else. ``sender`` is empty when the number behind it is not known."""
    info, message = event.Info, event.Message
    source = info.MessageSource
    if source.IsFromMe or source.IsGroup or not _of_a_person(source.Chat):
        return None
    if any(message.HasField(name) for name in _NOT_WRITTEN):
        return None
    text = message.conversation or message.extendedTextMessage.text
    return Written(info.ID, _phone(source, phone_of), text, _seconds(info.Timestamp), info.Pushname)


def logged_out(event: Any) -> Situation:
    """The phone removed this device, or WhatsApp did."""
    reason = type(event).DESCRIPTOR.fields_by_name["Reason"].enum_type.values_by_number.get(event.Reason)
    return Situation(GatewayState.LOGGED_OUT.value, detail=reason.name if reason else "")


def banned(event: Any) -> Situation:
    """WhatsApp banned the number for a while."""
    code = type(event).DESCRIPTOR.fields_by_name["Code"].enum_type.values_by_number.get(event.Code)
    return Situation(GatewayState.BANNED.value, seconds=float(event.Expire), detail=code.name if code else "")


def _seconds(told: int) -> float:
    """Unix seconds: of receipts the library tells seconds, of messages milliseconds."""
    return told / 1000 if told > _MILLISECONDS else float(told)


def _of_a_person(chat: Any) -> bool:
    return chat.Server in (PHONE_SERVER, _HIDDEN_SERVER)


def _phone(source: Any, phone_of: Callable[[Any], str]) -> str:
    for jid in (source.Sender, source.SenderAlt):
        if jid.Server == PHONE_SERVER and jid.User:
            return str(jid.User)
    return phone_of(source.Sender)
