"""Rows of the queue as the HTTP API answers them, and the words for what became of what it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from integrator.domain.lifecycle import State
from integrator.erp import rows
from integrator.erp.connection import Session
from integrator.erp.sql import QUERIES


class Outcome(StrEnum):
    """What became of a message that was asked for, or of a decision on it: the contract's own words."""

    NEW = "NOVA"
    UPDATED = "ATUALIZADA"
    REPEATED = "REPETIDA"
    ERROR = "ERRO"
    OK = "OK"
    HELD = "RETIDA"
    NOT_RELEASED = "NAO_LIBERADA"
    RESERVED = "JA_RESERVADA"
    SENT = "JA_ENVIADA"
    CANCELLED = "JA_CANCELADA"
    NOT_FOUND = "NAO_ENCONTRADA"


@dataclass(frozen=True, slots=True)
class ApiRow:
    """One row of the queue as the API answers it. Texts of the ERP are read leniently."""

    id: int
    guid: str
    key: str
    state: State
    reason: str
    reason_code: str
    purpose: str
    module: str
    kind: str
    company: str
    customer_code: str
    customer_name: str
    phones: str
    accepts: bool
    priority: int
    not_before: datetime | None
    expires_at: datetime | None
    instance: str
    created_at: datetime
    updated_at: datetime
    confirmed_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    destination: str
    sender: str
    test: bool
    cancel_asked: bool


@dataclass(frozen=True, slots=True)
class SentPart:
    """One bubble of a message, without its content."""

    order: int
    kind: str
    file_name: str
    sha256: str
    size: int
    state: str
    reason: str
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None


def find_row(session: Session, guid: str) -> ApiRow | None:
    """The row of that GUID."""
    return _first(session, "GUID = ?", guid)


def row_of_key(session: Session, key: str) -> ApiRow | None:
    """The row of that ``CHAVE``."""
    return _first(session, "CHAVE = ?", key)


def row_of_id(session: Session, row_id: int) -> ApiRow | None:
    """The row of that ``ID``."""
    return _first(session, "ID = ?", row_id)


def _first(session: Session, condition: str, value: object) -> ApiRow | None:
    found = session.row(f"{QUERIES['api_row']} WHERE {condition}", (value,))
    return api_row(found) if found else None


def api_row(found: Sequence[Any]) -> ApiRow:
    """One row of the statement ``api_row``."""
    number, guid, key, state, reason, code, purpose, module, kind, company, customer, name, phones = found[:13]
    accepts, priority, not_before, expires, instance, created, updated, confirmed, sent, delivered, read = found[13:24]
    destination, sender, test, cancel = found[24:]
    text = rows.lenient
    return ApiRow(
        id=int(number),
        guid=text(guid),
        key=text(key),
        state=State(state.strip()),
        reason=text(reason),
        reason_code=text(code),
        purpose=text(purpose),
        module=text(module),
        kind=text(kind),
        company=text(company),
        customer_code=text(customer),
        customer_name=text(name),
        phones=text(phones),
        accepts=text(accepts) == "S",
        priority=int(priority),
        not_before=not_before,
        expires_at=expires,
        instance=text(instance),
        created_at=created,
        updated_at=updated,
        confirmed_at=confirmed,
        sent_at=sent,
        delivered_at=delivered,
        read_at=read,
        destination=text(destination),
        sender=text(sender),
        test=text(test) == "S",
        cancel_asked=bool(cancel),
    )


def sent_part(found: Sequence[Any]) -> SentPart:
    """One row of the statement ``api_parts``."""
    order, kind, name, digest, size, state, reason, sent, delivered, read = found
    text = rows.lenient
    return SentPart(
        int(order), text(kind), text(name), text(digest), int(size), text(state), text(reason), sent, delivered, read
    )
