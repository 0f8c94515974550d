"""Whether anything changed in a database, at the price of a few indexed rows: live pages ask every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from integrator.erp import rows
from integrator.erp.connection import Database, Session
from integrator.erp.sql import QUERIES

#: Events of transactions that began long before the newest one still count.
_LATE: Final = 5_000
#: Counting from further back than this is no longer cheap.
_LONGEST: Final = 20_000

Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """From which event and which answer on the changes of a database are counted."""

    event: int
    consent: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """Two that are equal: nothing changed in between. ``state`` is what numbers and integrators say of themselves."""

    mark: Mark
    queue: Rows
    consents: Rows
    config: Rows
    state: Rows


def read_pulse(database: Database, last: Pulse | None) -> Pulse:
    """Look now; ``last`` is what was seen before, and saves looking at what is older."""

    def work(session: Session) -> Pulse:
        mark = _next_mark(session, last)
        return Pulse(
            mark,
            _rows(session, "pulse_events", mark.event),
            _rows(session, "pulse_consents", mark.consent),
            tuple(sorted((str(key), rows.lenient(value)) for key, value in session.rows(QUERIES["config"]))),
            _rows(session, "pulse_instances") + _rows(session, "pulse_beats"),
        )

    return database.read(work)


def _next_mark(session: Session, last: Pulse | None) -> Mark:
    if last is not None and last.queue[0][0] + last.consents[0][0] < _LONGEST:
        return last.mark
    event, consent = session.row(QUERIES["pulse_marks"]) or (0, 0)
    return Mark(max(0, (event or 0) - _LATE), max(0, (consent or 0) - _LATE))


def _rows(session: Session, name: str, *parameters: object) -> Rows:
    return tuple(map(tuple, session.rows(QUERIES[name], parameters)))
