"""Messages of which a person gets one a year: what tells the person and the year apart."""

from __future__ import annotations

from typing import Final

from integrator.domain.message import Message
from integrator.messages.catalogue import Situation, find_situation, module_named

REPEATED: Final = "Este cliente já recebeu esta mensagem neste ano; ela sai só uma vez por pessoa e ano."
REPEATED_CODE: Final = "repetida_no_ano"


def claim_of(message: Message, destination: str, year: int) -> str:
    """``ANIVERSARIANTES|ANIVERSÁRIO|1|4711|2026``, or empty for a message that may be repeated.

    Names are the catalogue's, whatever the ERP calls them. A person is the ERP's code in that company, else the phone
    (``destination``, E.164 digits): who changed phones is still the same. ``year`` is the one in which it leaves.
    """
    situation = find_situation(message.module, message.kind) or _only_one(message.module)
    if situation is None or not situation.once_a_year:
        return ""
    who = message.customer.code or destination
    return "|".join((situation.module, situation.kind, message.company.code, who, str(year)))


def _only_one(module: str) -> Situation | None:
    """The situation of a module that has no other: whatever the ERP calls it."""
    found = module_named(module)
    return found.situations[0] if found is not None and len(found.situations) == 1 else None
