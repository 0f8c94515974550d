"""Everything that is known about one row: where it came from, what left, and what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrator.domain.lifecycle import State
from integrator.domain.message import Origin, PartKind
from integrator.erp import rows
from integrator.erp.connection import Session
from integrator.erp.desk_list import ListedRow, listed_row
from integrator.erp.sql import QUERIES
from integrator.sending.ports import PartState

_LISTED = 18


@dataclass(frozen=True, slots=True)
class SentPart:
    """One bubble as it was posted. ``sha256`` and ``size`` (bytes) are of its content."""

    order: int
    kind: PartKind
    file_name: str
    sha256: str
    size: int
    state: PartState
    reason: str
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None

    @property
    def left(self) -> bool:
        """Whether it left, or may have."""
        return self.state not in (PartState.PLANNED, PartState.REFUSED)


@dataclass(frozen=True, slots=True)
class RowEvent:
    """One line of ``WA_EVENTO``: who did what, and from which state to which where the state changed."""

    at: datetime
    action: str
    origin: State | None
    target: State | None
    who: str
    detail: str


@dataclass(frozen=True, slots=True)
class RowFacts:
    """``text`` is what was posted, exactly; empty while nothing was. ``sender`` and ``row.destination`` are E.164."""

    row: ListedRow
    contact: str
    origin: Origin
    text_version: str
    instance: str
    sender: str
    test: bool
    expires_at: datetime | None
    confirmed_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    attempts: int
    text: str
    erp_error: str
    cancel_request: str
    parts: tuple[SentPart, ...]
    events: tuple[RowEvent, ...]


def facts(session: Session, number: int) -> RowFacts | None:
    """The row with that number, or None."""
    row = session.row(QUERIES["desk_facts"], (number,))
    if row is None:
        return None
    (contact, user, station, rule, step, version, instance, sender, test, expires, confirmed, *rest) = row[_LISTED:]
    delivered, read, attempts, text, erp_error, cancel = rest
    return RowFacts(
        row=listed_row(row[:_LISTED], (0, None)),
        contact=rows.lenient(contact),
        origin=Origin(rows.lenient(user), rows.lenient(station), rows.lenient(rule), rows.lenient(step)),
        text_version=str(version or "").strip(),
        instance=rows.lenient(instance),
        sender=str(sender or "").strip(),
        test=str(test or "").strip() == "S",
        expires_at=expires,
        confirmed_at=confirmed,
        delivered_at=delivered,
        read_at=read,
        attempts=int(attempts),
        text=str(text or ""),
        erp_error=rows.lenient(erp_error),
        cancel_request=rows.lenient(cancel),
        parts=tuple(_part(part) for part in session.rows(QUERIES["desk_parts"], (number,))),
        events=tuple(_event(event) for event in session.rows(QUERIES["desk_events"], (number,))),
    )


def _part(row: Sequence[Any]) -> SentPart:
    order, kind, name, digest, size, state, reason, sent, delivered, read = row
    return SentPart(
        int(order),
        PartKind(kind.strip()),
        str(name or ""),
        digest.strip(),
        int(size),
        PartState(state.strip()),
        rows.lenient(reason),
        sent,
        delivered,
        read,
    )


def _event(row: Sequence[Any]) -> RowEvent:
    at, action, origin, target, who, detail = row
    return RowEvent(at, action.strip(), _state(origin), _state(target), rows.lenient(who), rows.lenient(detail))


def _state(value: str | None) -> State | None:
    """A state that the trigger refused may be any word."""
    try:
        return State(value.strip()) if value else None
    except ValueError:
        return None
