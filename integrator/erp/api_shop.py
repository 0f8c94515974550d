"""What the HTTP API shows and writes beside the queue: sending numbers and the register of consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrator.erp import rows
from integrator.erp.connection import Database
from integrator.erp.sql import QUERIES


@dataclass(frozen=True, slots=True)
class Instance:
    """One sending number as it stands."""

    name: str
    number: str
    state: str


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of the register of consent.

    ``phone`` in E.164 digits; ``word`` as the column ``ACEITA`` holds it; ``at`` None, to be written: now.
    """

    phone: str
    purpose: str
    word: str
    at: datetime | None
    source: str


def consents(database: Database, phone: str) -> tuple[Said, ...]:
    """The register of one phone, newest first."""
    found = database.read(lambda session: session.rows(QUERIES["api_consents"], (phone,)))
    return tuple(
        Said(rows.lenient(number), rows.lenient(purpose), rows.lenient(accepts), at, rows.lenient(source))
        for number, purpose, accepts, at, source in found
    )


def add_consent(database: Database, said: Said) -> None:
    """Write one answer down; it stands beside the older ones."""
    parameters = (said.phone, said.purpose, said.word, said.at, rows.storable(said.source, 200))
    database.run(lambda session: session.execute(QUERIES["api_add_consent"], parameters))


def instances(database: Database) -> tuple[Instance, ...]:
    """The sending numbers that the database knows."""
    found = database.read(lambda session: session.rows(QUERIES["api_instances"]))
    return tuple(Instance(*map(rows.lenient, row)) for row in found)
