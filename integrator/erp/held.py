"""Rows that were held because nobody had said yes: they go back to the queue when the person says it.

Through ``WA_LIBERAR``, as when somebody of the shop lets one go on. The engine asks for the consent again before it
posts, so that a row with a second phone whose owner said no is held once more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from integrator.domain.errors import PhoneError
from integrator.domain.message import Purpose
from integrator.domain.phone import parse_phones, with_ninth_digit
from integrator.erp import rows
from integrator.erp.connection import Database, Row, Session
from integrator.erp.sql import QUERIES

#: ``WA_EVENTO.ACAO`` of a row that went on because of an answer.
BY_ANSWER: Final = "consentimento"
_TAIL: Final = 8


@dataclass(frozen=True, slots=True)
class HeldRows:
    """Of one database. Rows queued longer than ``fresh`` ago stay held: what they say is old."""

    database: Database
    default_area: str
    fresh: timedelta

    def release(self, phone: str, purposes: Collection[Purpose], now: datetime, source: str) -> int:
        """Let the rows of that phone (E.164 digits) and of those purposes go on; how many. One transaction for each.

        Rows that somebody else holds at this moment stay where they are.
        """
        if not purposes:
            return 0
        tail = phone[-_TAIL:]
        found = self.database.read(
            lambda session: session.rows(QUERIES["held_for_consent"], (now - self.fresh, now, tail))
        )
        meant = [row for row in found if str(row[3]).strip() in set(purposes) and self._is_of(row, phone)]
        return sum(self.database.run(partial(_released, row=row, source=source)) for row in meant)

    def _is_of(self, row: Row, phone: str) -> bool:
        try:
            candidates = parse_phones(rows.lenient(row[2]), self.default_area)
        except PhoneError:
            return False
        return any(with_ninth_digit(each.e164) == with_ninth_digit(phone) for each in candidates)


def _released(session: Session, row: Row, source: str) -> bool:
    answer = session.row(QUERIES["release"], (rows.lenient(row[1]),))
    if answer is None or str(answer[0]).strip() != "OK":
        return False
    session.execute(QUERIES["desk_event"], (BY_ANSWER, "WhatsApp", rows.storable(source, 200), row[0]))
    return True
