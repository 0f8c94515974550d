"""What WhatsApp engines have in common: the message id that we choose, and the words for doubt and refusal.

An id of our own is what makes a crash harmless: it is known before the first byte leaves, so an engine that keeps
what it accepted can be asked about it afterwards, and posting it twice reaches the customer once.
"""

from __future__ import annotations

import hashlib
from typing import Final

from integrator.domain.message import Part
from integrator.domain.phone import format_phone

_PREFIX: Final = "3EB0"
_PLACE_DIGITS: Final = 12
_CONTENT_DIGITS: Final = 8
_LENGTH: Final = len(_PREFIX) + _PLACE_DIGITS + _CONTENT_DIGITS


def own_message_id(row_guid: str, part: Part) -> str:
    """The id of ``part`` of the row, always the same: ``3EB0`` as WhatsApp's own web client, then 20 hex digits.

    The first twelve depend on row and order only, so that :func:`place_of` tells a part that was composed anew and
    posted again; the last eight depend on what the bubble shows, caption included.
    """
    place = hashlib.sha256(f"{row_guid.strip().upper()}|{part.order}".encode()).hexdigest()[:_PLACE_DIGITS]
    shown = f"{part.kind}|{part.sha256}" + (f"|{part.caption}" if part.caption else "")
    content = hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:_CONTENT_DIGITS]
    return f"{_PREFIX}{place}{content}".upper()


def place_of(message_id: str) -> str:
    """The digits of an :func:`own_message_id` that stand for row and order; empty for an id that an engine chose."""
    is_own = len(message_id) == _LENGTH and message_id.startswith(_PREFIX)
    return message_id[: len(_PREFIX) + _PLACE_DIGITS] if is_own else ""


def no_whatsapp_reason(number: str) -> str:
    """Why nothing was sent to ``number`` (E.164 digits), for the row."""
    return (
        f"Este número não tem WhatsApp: {format_phone(number)}. "
        "Corrija o celular no cadastro do cliente; a mensagem fica retida até lá."
    )


def no_answer_reason(timeout_s: float) -> str:
    """Why it is unknown whether the message left: the engine did not answer in ``timeout_s`` seconds."""
    return f"O WhatsApp não respondeu em {timeout_s:g} s. {IN_DOUBT}"


IN_DOUBT: Final = "A mensagem pode ter sido entregue; confira no celular e decida."
