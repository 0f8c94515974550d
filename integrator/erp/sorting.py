"""Whom the pending rows are for (known or cold contacts), and by which number the rule of modules lets them leave.

Part of :class:`integrator.erp.queue.FirebirdQueue`. A row that was not looked at has an empty ``CONTATO`` and is not
taken by the engine; the trigger ``WA_FILA_BU_CONTATO`` empties it again when phone or module change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from integrator.domain.errors import PhoneError
from integrator.domain.message import Purpose
from integrator.domain.phone import PhoneCandidate, parse_phones, with_ninth_digit
from integrator.domain.sender import MEMORY_DAYS, Contact, DayUse
from integrator.erp import rows
from integrator.erp.connection import Database, Row, Session
from integrator.erp.contacts import known
from integrator.erp.sql import QUERIES
from integrator.sending.ports import NumberFor

#: Batches of 500 in one call: a closing that queues more is looked at in several ticks.
_BATCHES: Final = 8


class Sorting:
    """Sorts the pending rows of one database, in one short transaction for each batch."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._ruled = False

    def sort(self, default_area: str, number_for: NumberFor) -> int:
        """See :meth:`integrator.sending.ports.Queue.sort_waiting`."""
        if not self._ruled:
            # Until nothing is left to change: a row that the ERP holds at this moment is given its number later.
            self._ruled = not self._db.run(lambda session: _follow_rule(session, number_for))
        return sum(self._purpose(purpose, default_area, number_for) for purpose in Purpose)

    def _purpose(self, purpose: Purpose, default_area: str, number_for: NumberFor) -> int:
        sorted_rows, after = 0, 0
        for _ in range(_BATCHES):
            # Most ticks find nothing: they write nothing either.
            found = self._unsorted(purpose, after)
            if not found:
                break
            after = int(found[-1][0])
            sorted_rows += self._batch(found, default_area, number_for)
        return sorted_rows

    def _unsorted(self, purpose: Purpose, after: int) -> list[Row]:
        return self._db.read(lambda session: session.rows(QUERIES["unsorted"], (purpose.value, after)))

    def _batch(self, found: Sequence[Row], default_area: str, number_for: NumberFor) -> int:
        phones = {int(row[0]): _first(rows.lenient(row[1]), default_area) for row in found}

        def work(session: Session) -> int:
            wrote = known(session, {each for phone in phones.values() if phone for each in phone.alternatives})
            return sum(
                _done(session.row(QUERIES["sort_row"], _sorted(row, phones[int(row[0])], wrote, number_for)))
                for row in found
            )

        return self._db.run(work)


def person_wrote(session: Session, phone: str) -> int:
    """What waits for that phone (E.164 digits, any spelling) is for a known contact from now on; how many rows."""
    return _done(session.row(QUERIES["person_wrote"], (with_ninth_digit(phone),)))


def day_use(session: Session, number: str, now: datetime) -> DayUse:
    """Whom ``number`` wrote to on the day of ``now``."""
    today = datetime.combine(now.date(), time.min)
    contacts = session.row(QUERIES["contacts_of_day"], (number, today, today + timedelta(days=1)))
    people, cold = contacts or (0, 0)
    return DayUse(int(people), int(cold))


def days_of_sending(session: Session, number: str, now: datetime) -> int:
    """On how many days of the month before the day of ``now`` that number sent."""
    today = datetime.combine(now.date(), time.min)
    return _done(session.row(QUERIES["days_of_sending"], (today - timedelta(days=MEMORY_DAYS), today, number)))


def _sorted(row: Row, phone: PhoneCandidate | None, wrote: frozenset[str], number_for: NumberFor) -> tuple[object, ...]:
    """A phone that cannot be read goes with the known ones: its row is held at once, and nobody is written to."""
    is_cold = phone is not None and wrote.isdisjoint(phone.alternatives)
    kind = Contact.COLD if is_cold else Contact.KNOWN
    rule = number_for(rows.lenient(row[2])) or None
    return (row[0], row[1], kind.value, phone.e164 if phone is not None else None, rule)


def _follow_rule(session: Session, number_for: NumberFor) -> bool:
    """Rows that were given to another number than the rule now says are given to the right one; whether any were."""
    changed = [
        (module, number_for(rows.lenient(module)))
        for module, given in session.rows(QUERIES["rules_given"])
        if number_for(rows.lenient(module)) != rows.lenient(given)
    ]
    for module, number in changed:
        session.row(QUERIES["give_rule"], (module, number or None))
    return bool(changed)


def _first(phones: str, default_area: str) -> PhoneCandidate | None:
    try:
        return parse_phones(phones, default_area)[0]
    except PhoneError:
        return None


def _done(answer: Row | None) -> int:
    return int(answer[0]) if answer else 0
