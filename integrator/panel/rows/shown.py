"""A row as a line of a list: phone, reason and moment in the words that people read."""

from __future__ import annotations

import re
from datetime import datetime

from integrator.domain.errors import PhoneError
from integrator.domain.lifecycle import State
from integrator.domain.phone import format_phone, parse_phones
from integrator.erp.desk_list import ListedRow, RowRef
from integrator.messages.formatting import format_datetime
from integrator.panel.render import phone

_TOKEN = re.compile(r"([0-9]{1,9}):([0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})")
#: Rows that a list offers to decide about with others; an uncertain one asks that somebody looks at the phone.
DECIDABLE = frozenset({State.AWAITING, State.PENDING, State.HELD})


def phone_of(row: ListedRow, area: str) -> str:
    """Where it went, else the first phone that the ERP wrote; what is no phone as it was typed."""
    if row.destination:
        return phone(row.destination)
    try:
        found = parse_phones(row.phones, area)
    except PhoneError:
        return row.phones
    more = f" e mais {len(found) - 1}" if len(found) > 1 else ""
    return format_phone(found[0].e164) + more


def when(row: ListedRow, now: datetime) -> str:
    """The moment that matters in its state."""
    match row.state:
        case State.PENDING if row.not_before and row.not_before > now:
            return f"a partir de {format_datetime(row.not_before)}"
        case State.PENDING:
            return f"na fila desde {format_datetime(row.created_at)}"
        case State.SENT | State.DELIVERED | State.READ if row.sent_at:
            return f"enviada {format_datetime(row.sent_at)}"
        case _:
            return format_datetime(row.changed_at)


def token(ref: RowRef) -> str:
    """Which row a form is about."""
    return f"{ref.id}:{ref.guid}"


def read_token(text: str) -> RowRef | None:
    """From a form; None for what :func:`token` did not write."""
    found = _TOKEN.fullmatch(text)
    return RowRef(int(found[1]), found[2]) if found else None
