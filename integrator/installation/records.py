"""What the ERP's database knows of the installations that serve it: authorisations in ``WA_CONFIG``, and heartbeats."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.erp import rows
from integrator.erp.connection import Database, Session
from integrator.installation.identity import Installation, place_of

#: ``AUT:`` and the id of a journal: the 40 characters that ``WA_CONFIG.CHAVE`` holds.
PREFIX: Final = "AUT:"
#: Integrators beat every half minute; silent for so long, one is taken for gone (as in ``erp/queue.py``).
SILENT_S: Final = 600

_PLACE = (
    "SELECT S.BANCO_GUID, CAST(M.MON$DATABASE_NAME AS VARCHAR(1024) CHARACTER SET OCTETS) "
    "FROM WA_SCHEMA S, MON$DATABASE M WHERE S.ID = 1"
)
_GRANTED = (
    "SELECT CHAVE, CAST(VALOR AS VARCHAR(1000) CHARACTER SET OCTETS) FROM WA_CONFIG "
    f"WHERE CHAVE STARTING WITH '{PREFIX}' ORDER BY CHAVE"
)
_BEATS = (
    "SELECT DONO, CAST(MAQUINA AS VARCHAR(80) CHARACTER SET OCTETS), BATIDA_EM, "
    "DATEDIFF(SECOND, BATIDA_EM, CAST('NOW' AS TIMESTAMP)) FROM WA_BATIMENTO ORDER BY BATIDA_EM DESC, DONO"
)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """The journal ``journal`` may send from one computer, to one place. All but the key are empty when unreadable."""

    journal: str
    machine: str = ""
    place: str = ""
    computer: str = ""
    at: datetime = datetime.min

    @property
    def key(self) -> str:
        """The ``CHAVE`` in ``WA_CONFIG``."""
        return f"{PREFIX}{self.journal}"

    @property
    def value(self) -> str:
        """The ``VALOR``: ASCII, so that no charset can harm it."""
        kept = {"maquina": self.machine, "banco": self.place, "computador": self.computer}
        return json.dumps(kept | {"quando": self.at.isoformat(timespec="seconds")})


@dataclass(frozen=True, slots=True)
class Beat:
    """The last sign of life of one integrator. ``at`` and ``silent_s`` are by the server's clock."""

    owner: str
    computer: str
    at: datetime
    silent_s: int

    @property
    def alive(self) -> bool:
        return self.silent_s <= SILENT_S


@dataclass(frozen=True, slots=True)
class Noticed:
    """What was found in the database. ``place`` is where it is, as seen from the computer that looked."""

    place: str
    granted: tuple[Authorisation, ...]
    beats: tuple[Beat, ...]

    def of(self, journal: str) -> Authorisation | None:
        """The authorisation of that journal."""
        return next((each for each in self.granted if each.journal == journal), None)

    def others(self, owner: str) -> tuple[Beat, ...]:
        """Integrators other than ``owner`` that ever worked here, the newest first."""
        return tuple(beat for beat in self.beats if beat.owner != owner)


def look(database: Database, us: Installation) -> Noticed:
    """Read it all, writing nothing. Raises the database's errors."""
    return database.read(lambda session: look_in(session, us, database.target.host))


def look_in(session: Session, us: Installation, host: str) -> Noticed:
    """:func:`look` in a transaction that is open already."""
    found = session.row(_PLACE)
    guid, name = found if found is not None else ("", b"")
    return Noticed(
        place_of(str(guid), bytes(name or b""), host, us.machine),
        tuple(_read(str(key), rows.lenient(value)) for key, value in session.rows(_GRANTED)),
        tuple(
            Beat(str(owner).strip(), rows.lenient(computer), at, int(silent_s))
            for owner, computer, at, silent_s in session.rows(_BEATS)
        ),
    )


def _read(key: str, value: str) -> Authorisation:
    journal = key.strip().removeprefix(PREFIX).lower()
    try:
        kept = json.loads(value)
        machine, place, computer = (str(kept[name]) for name in ("maquina", "banco", "computador"))
        return Authorisation(journal, machine, place, computer, datetime.fromisoformat(kept["quando"]))
    except (ValueError, KeyError, TypeError):
        return Authorisation(journal)
