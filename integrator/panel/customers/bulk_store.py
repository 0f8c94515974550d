"""The record of answers written many at once: who did it, when, on what word, and what became of each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from integrator.domain.message import Purpose
from integrator.erp.consents import Written
from integrator.messages.formatting import format_datetime
from integrator.panel.customers.words import PURPOSE_NAMES
from integrator.panel.store import PanelStore

_COLUMNS = "id, at, who, shop, kind, purposes, origin, source, undone_at, undone_by, withdrawn"


@dataclass(frozen=True, slots=True)
class Bulk:
    """One such deed. ``source`` is what stands in the register; ``withdrawn``: answers that undoing it took back."""

    id: int
    at: datetime
    who: str
    shop: str
    kind: str
    purposes: tuple[Purpose, ...]
    origin: str
    source: str
    undone_at: datetime | None
    undone_by: str
    withdrawn: int


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What became of one phone (E.164 digits; empty once its data was erased) for one purpose."""

    phone: str
    purpose: Purpose
    outcome: Written


class BulkStore:
    """In ``painel.db``."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def begin(self, at: datetime, who: str, shop: str, kind: str, purposes: Sequence[Purpose], origin: str) -> Bulk:
        """A new record without lines; its source names it by its number."""
        with self._store.change() as db:
            cursor = db.execute(
                "INSERT INTO consent_bulk (at, who, shop, kind, purposes, origin, source) "
                "VALUES (?, ?, ?, ?, ?, ?, '')",
                (at.isoformat(), who, shop, kind, " ".join(purposes), origin),
            )
            number = int(cursor.lastrowid or 0)
            source = f"Lote {number}: {origin}"
            db.execute("UPDATE consent_bulk SET source = ? WHERE id = ?", (source, number))
        return Bulk(number, at, who, shop, kind, tuple(purposes), origin, source, None, "", 0)

    def fill(self, bulk: Bulk, outcomes: Mapping[tuple[str, Purpose], Written]) -> None:
        """Write down what becomes of each line; again, in the same order, once it is known better."""
        rows = [
            (bulk.id, number, phone, purpose.value, outcome.name)
            for number, ((phone, purpose), outcome) in enumerate(outcomes.items(), start=1)
        ]
        with self._store.change() as db:
            db.executemany("INSERT OR REPLACE INTO consent_bulk_line VALUES (?, ?, ?, ?, ?)", rows)

    def latest(self, shop: str, limit: int = 20) -> tuple[tuple[Bulk, int], ...]:
        """The newest records of a database, each with how many answers it wrote."""
        found = self._store.read(
            f"SELECT {_COLUMNS}, (SELECT COUNT(*) FROM consent_bulk_line WHERE bulk = id AND outcome = 'NEW') "
            "FROM consent_bulk WHERE shop = ? ORDER BY id DESC LIMIT ?",
            (shop, limit),
        )
        return tuple((_bulk(row[:-1]), int(row[-1])) for row in found)

    def find(self, number: int, shop: str) -> Bulk | None:
        """A record of that database."""
        found = self._store.read(f"SELECT {_COLUMNS} FROM consent_bulk WHERE id = ? AND shop = ?", (number, shop))
        return _bulk(found[0]) if found else None

    def lines(self, bulk: Bulk) -> tuple[BulkLine, ...]:
        """What became of each, in order."""
        found = self._store.read(
            "SELECT phone, purpose, outcome FROM consent_bulk_line WHERE bulk = ? ORDER BY number", (bulk.id,)
        )
        return tuple(BulkLine(phone, Purpose(purpose), Written[outcome]) for phone, purpose, outcome in found)

    def undone(self, bulk: Bulk, at: datetime, who: str, withdrawn: int) -> None:
        """Write down that it was taken back."""
        with self._store.change() as db:
            db.execute(
                "UPDATE consent_bulk SET undone_at = ?, undone_by = ?, withdrawn = COALESCE(withdrawn, 0) + ? "
                "WHERE id = ?",
                (at.isoformat(), who, withdrawn, bulk.id),
            )

    def about(self, numbers: Sequence[str]) -> tuple[str, ...]:
        """Sentences on each line of these numbers, for their owner."""
        marks = ", ".join("?" for _ in numbers)
        found = self._store.read(
            "SELECT b.at, b.source, l.purpose, l.outcome FROM consent_bulk_line l JOIN consent_bulk b ON b.id = l.bulk "
            f"WHERE l.phone IN ({marks}) ORDER BY b.id",
            tuple(numbers),
        )
        return tuple(
            f"{format_datetime(datetime.fromisoformat(at))}  {source}; {PURPOSE_NAMES[Purpose(purpose)]}: "
            f"{Written[outcome].value}"
            for at, source, purpose, outcome in found
        )

    def forget(self, numbers: Sequence[str]) -> None:
        """Take the number, in these spellings, out of every record; the lines still count."""
        marks = ", ".join("?" for _ in numbers)
        with self._store.change() as db:
            db.execute(f"UPDATE consent_bulk_line SET phone = '' WHERE phone IN ({marks})", tuple(numbers))


def _bulk(row: Sequence[object]) -> Bulk:
    number, at, who, shop, kind, purposes, origin, source, undone_at, undone_by, withdrawn = row
    return Bulk(
        id=int(str(number)),
        at=datetime.fromisoformat(str(at)),
        who=str(who),
        shop=str(shop),
        kind=str(kind),
        purposes=tuple(map(Purpose, str(purposes).split())),
        origin=str(origin),
        source=str(source),
        undone_at=datetime.fromisoformat(str(undone_at)) if undone_at else None,
        undone_by=str(undone_by or ""),
        withdrawn=int(str(withdrawn or 0)),
    )
