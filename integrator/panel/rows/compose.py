"""One row composed as the engine would: what a customer would get now, or what can be drawn again of what was sent."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.domain.errors import IntegratorError, MessageError
from integrator.domain.message import Composed, Message
from integrator.domain.phone import format_phone
from integrator.erp.desk_list import RowRef
from integrator.panel.premises import Shop
from integrator.policies import compose_policy, pump_policy
from integrator.sending.debts import Pointless, debts_of
from integrator.sending.destination import consenting
from integrator.sending.ports import Reservation

log = logging.getLogger(__name__)

_DEFECT: Final = "O programa não conseguiu montar esta mensagem, por um erro que não conhecia. Chame o suporte."


@dataclass(frozen=True, slots=True)
class Made:
    """``message`` is None when the row itself cannot be read; ``problem`` is why nothing was composed."""

    message: Message | None
    composed: Composed | None
    pointless: str = ""
    problem: str = ""


def make(shop: Shop, ref: RowRef, now: datetime) -> Made:
    """Compose the row as the pump would at ``now``; what is wrong with it is an answer, not an error.

    Raises the database's errors.
    """
    message: Message | None = None
    try:
        queue = shop.queue()
        message = queue.load(Reservation(ref.id, ref.guid, token="")).message
        from integrator.sending.compose import Composer

        composed = Composer(compose_policy(shop.settings)).compose(message, now, debts_of(queue.config()))
    except MessageError as error:
        return Made(message, None, problem=error.message)
    except IntegratorError:
        raise
    except Exception:
        # As in the pump: a defect that one message brings to light is that message's, and its facts are still shown.
        log.exception("action=defect row=%s", ref.id)
        return Made(message, None, problem=_DEFECT)
    if isinstance(composed, Pointless):
        return Made(message, None, pointless=composed.reason)
    return Made(message, composed)


def obstacle(shop: Shop, message: Message) -> str:
    """Why it would be held whatever it says: no usable phone, or a contact who does not want it. Empty: nothing."""
    try:
        consenting(shop.queue(), message, shop.settings.whatsapp.default_area)
    except MessageError as error:
        return error.message
    return ""


def asks_first(shop: Shop, message: Message) -> bool:
    """Whether the shop wants to be asked before messages of this kind leave."""
    return not message.confirmed and compose_policy(shop.settings).choices.asks_about(message.module, message.kind)


def test_number(shop: Shop) -> str:
    """Where everything goes in test mode, for people; empty outside of it."""
    number = pump_policy(shop.settings, None).test_number
    return format_phone(number) if number else ""


def known_contents(made: Made) -> dict[str, bytes]:
    """Whatever of the row can still be shown, by its hash: parts drawn again, the ERP's files, codes to pay by."""
    found = {part.sha256: part.content for part in made.composed.parts} if made.composed else {}
    if made.message is not None:
        loose = [item.content for item in made.message.attachments if item.content]
        loose += [title.pix.encode() for title in made.message.titles if title.pix]
        loose += [digits.encode() for title in made.message.titles if (digits := _digits(title.linha_digitavel))]
        found |= {hashlib.sha256(content).hexdigest(): content for content in loose}
    return found


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
