"""What is known of the person behind a phone, ``WA_CONTATO``: when that person wrote, and what follows from it.

One row per phone, under the number as people know it (with the ninth digit); every question may spell it either way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.domain.phone import with_ninth_digit
from integrator.erp.connection import Database, Row, Session
from integrator.erp.sql import QUERIES

_AT_ONCE: Final = 100
_ID: Final = 120


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """One phone (E.164 digits, with its ninth digit); all moments are naive local time, None: never.

    ``wrote_at`` counts everything that the person wrote, ``talked_at`` only what was neither a word that the program
    obeys nor a robot's. ``term_at``: when the consent term was queued. ``answered_at``: the last automatic answer.
    """

    phone: str
    wrote_at: datetime | None = None
    talked_at: datetime | None = None
    term_at: datetime | None = None
    wrong_at: datetime | None = None
    robot_at: datetime | None = None
    answered_at: datetime | None = None


def known(session: Session, phones: Iterable[str]) -> frozenset[str]:
    """Those of ``phones`` (E.164 digits, as they were asked) whose person ever wrote to the shop."""
    asked = {phone: with_ninth_digit(phone) for phone in phones}
    full = sorted(set(asked.values()))
    wrote: set[str] = set()
    for start in range(0, len(full), _AT_ONCE):
        chunk = full[start : start + _AT_ONCE]
        # Always as many marks: one statement, prepared once. No phone is empty.
        marks = chunk + [""] * (_AT_ONCE - len(chunk))
        sql = f"{QUERIES['contacts_known']} AND TELEFONE IN ({', '.join('?' for _ in marks)})"
        wrote |= {str(phone).strip() for (phone,) in session.rows(sql, marks)}
    return frozenset(phone for phone, spelled in asked.items() if spelled in wrote)


class Contacts:
    """``WA_CONTATO`` of one database. Every change is one short transaction; none goes backwards in time."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def known(self, phones: Sequence[str]) -> frozenset[str]:
        """See :func:`known`."""
        return self._db.read(lambda session: known(session, phones))

    def find(self, phone: str) -> ContactRecord:
        """What is known of a phone, whichever way it is spelled."""
        full = with_ninth_digit(phone)
        row = self._db.read(lambda session: session.row(QUERIES["contact"], (full,)))
        return ContactRecord(full) if row is None else _contact(row)

    def wrote(self, phone: str, at: datetime, *, talked: bool) -> None:
        """Its person wrote. ``talked``: to people, so that automatic messages wait a while."""
        full = with_ninth_digit(phone)

        def work(session: Session) -> None:
            session.execute(QUERIES["add_contact"], (full,))
            session.execute(QUERIES["contact_wrote"], (at, full, at))
            if talked:
                session.execute(QUERIES["contact_talks"], (at, full, at))

        self._db.run(work)

    def mark_robot(self, phone: str, at: datetime) -> None:
        """A program answers there: it holds nothing, and gets no automatic answer any more."""
        self._set("contact_is_robot", phone, at)

    def mark_wrong(self, phone: str, at: datetime | None) -> None:
        """Somebody else's number; None: it was said by mistake."""
        self._set("contact_is_wrong", phone, at)

    def claim_answer(self, phone: str, inbound_id: str, at: datetime, *, not_after: datetime) -> bool:
        """Whether the automatic answer to that message is this caller's: not if it had one, nor after ``not_after``."""
        full = with_ninth_digit(phone)

        def work(session: Session) -> bool:
            session.execute(QUERIES["add_contact"], (full,))
            cells = (inbound_id[:_ID], at, full, inbound_id[:_ID], not_after)
            return session.execute(QUERIES["contact_answer"], cells) == 1

        return self._db.run(work)

    def forget(self, phone: str) -> None:
        """Erase when that person wrote. Whom nobody may write to again stays known (LGPD, art. 16, I)."""
        full = with_ninth_digit(phone)
        self._db.run(lambda session: session.execute(QUERIES["contact_forget"], (full,)))

    def wrong_numbers(self) -> dict[str, datetime]:
        """Phones that turned out to be somebody else's, and since when."""
        found = self._db.read(lambda session: session.rows(QUERIES["wrong_numbers"]))
        return {str(phone).strip(): at for phone, at in found}

    def _set(self, statement: str, phone: str, at: datetime | None) -> None:
        full = with_ninth_digit(phone)

        def work(session: Session) -> None:
            session.execute(QUERIES["add_contact"], (full,))
            session.execute(QUERIES[statement], (at, full))

        self._db.run(work)


def _contact(row: Row) -> ContactRecord:
    phone, *moments = row
    return ContactRecord(str(phone).strip(), *moments)
