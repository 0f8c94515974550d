"""What Meta's webhooks tell, as events of the port. Pure: who may tell it is :mod:`.webhook`'s business."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.gateways.cloud_api.errors import STOPPING, class_of, sentence
from integrator.gateways.cloud_api.reading import at, items_at, number_at, text_at
from integrator.sending.gateway import Inbound, Receipt, ReceiptKind

_KINDS: Final = {
    "sent": ReceiptKind.SENT,
    "delivered": ReceiptKind.DELIVERED,
    "read": ReceiptKind.READ,
    "played": ReceiptKind.READ,
    "failed": ReceiptKind.FAILED,
}
#: Nobody wrote anything: a heart under a message, a changed number, a chat that was only opened.
_NOT_WRITTEN: Final = frozenset({"reaction", "system", "request_welcome"})
_LONGEST_NUMBER: Final = 15
_SHORTEST_NUMBER: Final = 8
_UNKNOWN_FAILURE: Final = "A Meta não entregou a mensagem e não disse por quê."


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a message. ``reference`` is ours where it came along; ``stops``: Meta restricts the number."""

    wamid: str
    reference: str
    kind: ReceiptKind
    at: datetime
    reason: str = ""
    detail: str = ""
    stops: bool = False

    def receipt(self, message_id: str) -> Receipt:
        """The receipt of the part with that id."""
        return Receipt(message_id, self.kind, self.at, self.reason)


@dataclass(frozen=True, slots=True)
class Nameless:
    """A person wrote whose phone Meta does not tell (only a user name): nobody whom the queue could know."""


@dataclass(frozen=True, slots=True)
class TemplateNews:
    """Meta decided about a template."""

    name: str
    language: str
    event: str
    reason: str


@dataclass(frozen=True, slots=True)
class NumberNews:
    """Something about the number or the account changed: it is to be looked at again."""

    field: str
    event: str


News = Status | Inbound | Nameless | TemplateNews | NumberNews


def news_of(payload: object, phone_id: str, account_id: str, now: datetime) -> Iterator[News]:
    """What a webhook's body tells about that number, in its order. What is about others or not understood is nothing.

    ``now`` dates what comes without a time.
    """
    for entry in items_at(payload, "entry"):
        ours = not account_id or text_at(entry, "id") == account_id
        for change in items_at(entry, "changes"):
            field, value = text_at(change, "field"), at(change, "value")
            if field == "messages" and text_at(value, "metadata", "phone_number_id") == phone_id:
                yield from _messages(value, now)
            elif field == "message_template_status_update" and ours:
                yield TemplateNews(
                    text_at(value, "message_template_name"),
                    text_at(value, "message_template_language"),
                    text_at(value, "event"),
                    text_at(value, "reason"),
                )
            elif field in _NUMBER_FIELDS and ours:
                yield NumberNews(field, text_at(value, "event") or text_at(value, "decision"))


_NUMBER_FIELDS: Final = frozenset(
    {"phone_number_quality_update", "phone_number_name_update", "account_update", "business_capability_update"}
)


def _messages(value: object, now: datetime) -> Iterator[News]:
    for status in items_at(value, "statuses"):
        kind = _KINDS.get(text_at(status, "status"))
        if kind is not None and text_at(status, "id"):
            yield _status(status, kind, now)
    names = {text_at(who, "wa_id"): text_at(who, "profile", "name") for who in items_at(value, "contacts")}
    for written in items_at(value, "messages"):
        if text_at(written, "type") in _NOT_WRITTEN or text_at(written, "group_id") or not text_at(written, "id"):
            continue
        sender = text_at(written, "from")
        if not _is_phone(sender):
            yield Nameless()
            continue
        yield Inbound(text_at(written, "id"), sender, _text(written), _time(written, now), names.get(sender, ""))


def _status(status: object, kind: ReceiptKind, now: datetime) -> Status:
    reason = detail = ""
    stops = False
    if kind is ReceiptKind.FAILED:
        code = number_at(status, "errors", 0, "code")
        found = None if code is None else class_of(code)
        stops = found in STOPPING
        reason = _UNKNOWN_FAILURE if found is None else sentence(found, text_at(status, "recipient_id"))
        said = text_at(status, "errors", 0, "error_data", "details") or text_at(status, "errors", 0, "title")
        detail = f"code={code} {said[:300]}"
    return Status(
        text_at(status, "id"),
        text_at(status, "biz_opaque_callback_data"),
        kind,
        _time(status, now),
        reason,
        detail,
        stops,
    )


_TEXTS: Final[dict[str, Callable[[object], str]]] = {
    "text": lambda written: text_at(written, "text", "body"),
    "button": lambda written: text_at(written, "button", "text"),
    "interactive": lambda written: (
        text_at(written, "interactive", "button_reply", "title")
        or text_at(written, "interactive", "list_reply", "title")
    ),
}


def _text(written: object) -> str:
    read = _TEXTS.get(text_at(written, "type"))
    return "" if read is None else read(written)


def _time(value: object, now: datetime) -> datetime:
    """Meta's seconds since 1970 as naive local time."""
    seconds = number_at(value, "timestamp")
    try:
        return now if seconds is None else datetime.fromtimestamp(seconds)
    except (OverflowError, OSError, ValueError):
        return now


def _is_phone(sender: str) -> bool:
    return sender.isascii() and sender.isdigit() and _SHORTEST_NUMBER <= len(sender) <= _LONGEST_NUMBER
