"""The whole shop at a glance: what needs a person, the numbers that send, who works on the queue, the last closings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from integrator.domain.lifecycle import State
from integrator.domain.money import to_money
from integrator.erp import rows
from integrator.erp.connection import Database, Session
from integrator.erp.sql import QUERIES
from integrator.sending.gateway import GatewayState

_HEALTH_DAYS: Final = 7
#: Integrators beat every half minute; silent for so long, one is taken for gone.
_SILENT_S: Final = 600


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows in one state for one reason. ``code`` is ``WA_FILA.MOTIVO_CODIGO``, empty where none was given."""

    state: State
    code: str
    rows: int


@dataclass(frozen=True, slots=True)
class Health:
    """What became of a number's messages of the last seven days."""

    sent: int
    delivered: int
    read: int
    failed: int
    last_receipt: datetime | None
    last_failure: datetime | None


NO_HEALTH: Final = Health(0, 0, 0, 0, None, None)


@dataclass(frozen=True, slots=True)
class Instance:
    """A row of ``WA_INSTANCIA``. ``state`` is None while nobody told it; ``qr`` is empty when there is no code."""

    name: str
    number: str
    state: GatewayState | None
    engine: str
    qr: str
    qr_until: datetime | None
    told_at: datetime | None
    sent_today: int
    last_sent: datetime | None
    health: Health


@dataclass(frozen=True, slots=True)
class Integrator:
    """One that works, or worked, on the queue. ``silent_s``: seconds since its last sign of life."""

    owner: str
    computer: str
    version: str
    instance: str
    status: str
    beat_at: datetime
    silent_s: int

    @property
    def alive(self) -> bool:
        """Whether it gave a sign of life lately."""
        return self.silent_s < _SILENT_S


@dataclass(frozen=True, slots=True)
class Closing:
    """One closing of ours: for which day, when, and what it did."""

    day: date | None
    run_at: datetime
    new: int
    renewed: int
    repeated: int
    held: int
    wrong: int


def needing_a_person(database: Database) -> tuple[Waiting, ...]:
    """What waits for somebody's decision, most rows first."""
    found = database.read(lambda session: session.rows(QUERIES["needing_a_person"]))
    kinds = (Waiting(State(state.strip()), str(code).strip(), int(count)) for state, code, count in found)
    return tuple(sorted(kinds, key=lambda kind: (-kind.rows, kind.state, kind.code)))


def instances(database: Database, now: datetime, *, health: bool = True) -> tuple[Instance, ...]:
    """Every number, as the ERP's own screens see it. Without ``health`` its figures are zeros, not asked."""
    today, since = datetime.combine(now.date(), datetime.min.time()), now - timedelta(days=_HEALTH_DAYS)

    def work(session: Session) -> tuple[Instance, ...]:
        found = session.rows(QUERIES["instances"], (today, today))
        return tuple(
            _instance(row, _health(session, rows.lenient(row[0]), since) if health else NO_HEALTH) for row in found
        )

    return database.read(work)


def integrators(database: Database) -> tuple[Integrator, ...]:
    """Whoever gave a sign of life, the latest first."""
    found = database.read(lambda session: session.rows(QUERIES["integrators"]))
    return tuple(
        Integrator(
            str(owner).strip(),
            rows.lenient(computer),
            str(version or "").strip(),
            rows.lenient(instance),
            rows.lenient(status),
            beat_at,
            int(silent),
        )
        for owner, computer, version, instance, status, beat_at, silent in found
    )


def closings(database: Database) -> tuple[Closing, ...]:
    """The last five, the latest first; none where the ERP fills the queue itself."""
    found = database.read(lambda session: session.rows(QUERIES["closings"]))
    return tuple(
        Closing(day.date() if isinstance(day, datetime) else day, run_at, *map(int, figures))
        for day, run_at, *figures in found
    )


def set_qr(database: Database, instance: str, text: str, until: datetime | None) -> None:
    """Show a code to pair that number with on the ERP's screens and ours; empty: there is none any more."""
    parameters = (text or None, until, rows.storable(instance, 40))
    database.run(lambda session: session.execute(QUERIES["set_qr"], parameters))


def _instance(row: tuple[Any, ...], health: Health) -> Instance:
    name, number, state, engine, qr, until, told_at, today, last = row
    known = str(state or "").strip()
    return Instance(
        rows.lenient(name),
        str(number or "").strip(),
        next((each for each in GatewayState if each.value == known), None),
        str(engine or "").strip(),
        str(qr or "").strip(),
        until,
        told_at,
        int(today or 0),
        last,
        health,
    )


def _health(session: Session, name: str, since: datetime) -> Health:
    row = session.row(QUERIES["instance_health"], (name, since))
    if row is None:
        return NO_HEALTH
    sent, delivered, read, failed, receipt, failure = row
    return Health(int(sent or 0), int(delivered or 0), int(read or 0), int(failed or 0), receipt, failure)


def rows_of_parts(database: Database, provider_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """The row's number and its customer's name, by the id by which WhatsApp knows a part; unknown ones are left out."""

    def work(session: Session) -> dict[str, tuple[int, str]]:
        found = {each: session.row(QUERIES["row_of_part"], (each[:120],)) for each in provider_ids}
        return {each: (int(row[0]), rows.lenient(row[1])) for each, row in found.items() if row is not None}

    return database.read(work)


def reminded(database: Database, day: date) -> tuple[int, Decimal]:
    """The collection messages that left on that day, and the reais that they spoke of."""
    start = datetime.combine(day, datetime.min.time())
    found = database.read(lambda session: session.row(QUERIES["reminded"], (start, start + timedelta(days=1))))
    count, amount = found or (0, None)
    return int(count or 0), to_money(amount or 0)
