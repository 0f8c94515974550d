"""Whether a contact may receive a message: the flag of the ERP's contact and our own register of consent.

Nobody receives by default. A recorded "não" wins over everything; otherwise the contact's flag in the ERP ("Recebe
aviso de débitos", "Aceita notificações de WhatsApp") or a recorded "sim" for that very purpose is required
(Lei 13.709/2018, art. 7 and 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrator.domain.message import Purpose

_PURPOSE_NAMES = {
    Purpose.COLLECTION: "avisos de débito",
    Purpose.SERVICE: "avisos de serviço",
    Purpose.PROMOTION: "mensagens promocionais",
}


@dataclass(frozen=True, slots=True)
class Consent:
    """What the holder of a phone (E.164 digits) last said about one purpose, when (local time) and where."""

    phone: str
    purpose: Purpose
    accepts: bool
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """The message may go, as far as consent is concerned."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The message must not go; ``reason`` is for people, in Portuguese."""

    reason: str


def may_send(accepts: bool | None, registered: Consent | None, purpose: Purpose) -> Allowed | Refused:
    """Decide from the ERP's flag (``None``: the ERP has no such flag for the contact) and the last recorded answer.

    An answer recorded for another purpose says nothing about this one.
    """
    kind = _PURPOSE_NAMES[purpose]
    answer = registered if registered is not None and registered.purpose is purpose else None
    if answer is not None and not answer.accepts:
        return Refused(
            f"O contato pediu em {answer.at:%d/%m/%Y} para não receber {kind} ({answer.source}). "
            "Só volta a receber se ele mesmo autorizar."
        )
    if accepts or answer is not None:
        return Allowed()
    if accepts is None:
        return Refused(
            f"O cadastro não informa se o contato aceita receber {kind} por WhatsApp. "
            "Marque a opção no contato do cliente, com a autorização dele."
        )
    return Refused(
        f"O contato não está marcado para receber {kind} por WhatsApp. "
        "Marque a opção no contato do cliente, com a autorização dele."
    )
