"""Customers as the queue knows them: by the newest message of each, and every row of one phone.

The queue has no table of customers. Pages look at the newest rows alone, which is quick however long the history is;
whoever must have all of them says so, and waits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from integrator.domain.errors import PhoneError
from integrator.domain.lifecycle import State
from integrator.domain.money import to_money
from integrator.domain.phone import PhoneCandidate, parse_phones
from integrator.erp import rows
from integrator.erp.connection import Database, Row, Session
from integrator.erp.sql import QUERIES

#: How many of the newest rows a page looks at.
NEWEST: Final = 5_000
_TAIL: Final = 8
_FEWEST_DIGITS: Final = 4
_NAME: Final = 120
_NOT_DIGIT: Final = re.compile(r"[^0-9]")
_PHONE_LIKE: Final = re.compile(r"[\d\s()+./-]+")


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A customer by the newest message. ``flag`` is what the ERP's register said then; None where it said nothing."""

    row: int
    company: str
    code: str
    name: str
    contact: str
    phones: str
    flag: bool | None
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class PhoneOfCustomer:
    """A phone as typed in the queue, of one customer."""

    code: str
    name: str
    phones: str
    flag: bool | None


@dataclass(frozen=True, slots=True)
class RowOfPhone:
    """One row of the queue that went to a phone, or is meant for it. ``destination`` is empty until it leaves."""

    row: int
    guid: str
    key: str
    state: State
    phones: str
    destination: str
    created: datetime
    sent: datetime | None
    name: str
    code: str
    module: str
    kind: str
    flag: bool | None
    reason: str

    @property
    def owner(self) -> str:
        """Which customer it is about: several may share a phone."""
        return self.code or self.name

    def key_names(self, phone: PhoneCandidate) -> bool:
        """Whether the row's key holds the phone, as keys do that the queue derives by itself."""
        return phone.e164[-_TAIL:] in _NOT_DIGIT.sub("", self.key)


def known_customers(
    database: Database, search: str, first: int, count: int, *, everywhere: bool = False
) -> tuple[KnownCustomer, ...]:
    """Customers by their newest message, from the ``first`` (1 is the newest) on, at most ``count``.

    ``search``: a part of the name, the code, or the last digits of a phone in any writing; empty: all. Only the
    :data:`NEWEST` rows are looked at, or ``everywhere``.
    """

    def work(session: Session) -> list[Row]:
        after = 0 if everywhere else newest_row(session) - NEWEST
        if not search:
            return session.rows(QUERIES["customers_newest"], (after, first, first + count - 1))
        words, tail = rows.storable(search, _NAME), _tail_of(search)
        return session.rows(
            QUERIES["customers_found"], (after, words, words, tail, tail, tail, first, first + count - 1)
        )

    return tuple(map(_customer, database.read(work)))


def newest_row(session: Session) -> int:
    """The highest id of the queue; 0 while it is empty."""
    found = session.row(QUERIES["newest_row"])
    return int(found[0] or 0) if found else 0


def erased_keys(database: Database, phone: PhoneCandidate, before: datetime) -> tuple[tuple[int, str], ...]:
    """Id and GUID of rows made before then whose data was erased, and whose key still holds the phone's digits."""
    found = database.read(lambda session: session.rows(QUERIES["erased_keys"], (phone.e164[-_TAIL:],)))
    return tuple((int(row), str(guid).strip()) for row, guid, created in found if created < before)


def phones_since(database: Database, since: datetime) -> tuple[PhoneOfCustomer, ...]:
    """Customers and phones of every message since then, oldest first: reads the whole queue."""
    found = database.read(lambda s: s.rows(QUERIES["customer_phones"], (since,)))
    return tuple(
        PhoneOfCustomer(rows.lenient(code), rows.lenient(name), rows.lenient(phones), _flag(flag))
        for code, name, phones, flag, _ in found
    )


def rows_of_phone(
    database: Database, phone: PhoneCandidate, default_area: str, *, newest_only: bool = False
) -> tuple[RowOfPhone, ...]:
    """The rows of that very phone, newest first: those that went there, and those whose typed phones have it.

    ``newest_only`` looks at the :data:`NEWEST` rows alone; otherwise the whole queue is read. Rows whose data was
    erased belong to nobody.
    """

    def work(session: Session) -> list[Row]:
        after = newest_row(session) - NEWEST if newest_only else 0
        numbers = (phone.alternatives[0], phone.alternatives[-1])
        return session.rows(QUERIES["rows_of_phone"], (after, *numbers, phone.e164[-_TAIL:]))

    found = map(_row_of_phone, database.read(work))
    return tuple(row for row in found if _is_of(row, phone, default_area))


def open_debts(database: Database, ids: Sequence[int]) -> dict[int, tuple[int, Decimal]]:
    """How many titles of each row are open, and what they owe, in reais."""

    def work(session: Session) -> dict[int, tuple[int, Decimal]]:
        found = {row: session.row(QUERIES["debt_of_row"], (row,)) for row in ids}
        return {row: (int(each[0]), to_money(each[1] or 0)) for row, each in found.items() if each}

    return database.read(work)


def sender_numbers(database: Database) -> tuple[str, ...]:
    """The numbers that send, E.164 digits, the connected ones first."""
    found = database.read(lambda session: session.rows(QUERIES["sender_numbers"]))
    return tuple(dict.fromkeys(str(number).strip() for (number,) in found))


def phone_of(text: str, default_area: str = "") -> PhoneCandidate | None:
    """The first usable phone of a field, or None."""
    try:
        return parse_phones(text, default_area)[0]
    except PhoneError:
        return None


def _is_of(row: RowOfPhone, phone: PhoneCandidate, default_area: str) -> bool:
    if row.destination in phone.alternatives:
        return True
    try:
        return any(each.e164 == phone.e164 for each in parse_phones(row.phones, default_area))
    except PhoneError:
        return False


def _tail_of(search: str) -> str:
    """The digits by which a phone is looked for; empty when what was typed is no phone."""
    digits = _NOT_DIGIT.sub("", search)
    return digits[-_TAIL:] if _PHONE_LIKE.fullmatch(search) and len(digits) >= _FEWEST_DIGITS else ""


def _customer(row: Row) -> KnownCustomer:
    number, company, code, name, contact, phones, flag, state, at = row
    return KnownCustomer(
        row=int(number),
        company=rows.lenient(company),
        code=rows.lenient(code),
        name=rows.lenient(name),
        contact=rows.lenient(contact),
        phones=rows.lenient(phones),
        flag=_flag(flag),
        state=State(str(state).strip()),
        at=at,
    )


def _row_of_phone(row: Row) -> RowOfPhone:
    number, guid, key, state, phones, to, created, sent, name, code, module, kind, flag, reason = row
    return RowOfPhone(
        row=int(number),
        guid=str(guid).strip(),
        key=rows.lenient(key),
        state=State(str(state).strip()),
        phones=rows.lenient(phones),
        destination=str(to or "").strip(),
        created=created,
        sent=sent,
        name=rows.lenient(name),
        code=rows.lenient(code),
        module=rows.lenient(module),
        kind=rows.lenient(kind),
        flag=_flag(flag),
        reason=rows.lenient(reason),
    )


def _flag(raw: object) -> bool | None:
    return {"S": True, "N": False}.get(str(raw or "").strip())
