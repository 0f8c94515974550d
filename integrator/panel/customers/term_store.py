"""The record of consent terms asked from the panel: who asked, when, for what, and what became of each phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from integrator.domain.message import Purpose
from integrator.erp.term import Asked
from integrator.messages.formatting import format_datetime
from integrator.panel.store import PanelStore

_COLUMNS = "id, at, who, purposes, undone_at, undone_by, withdrawn"


@dataclass(frozen=True, slots=True)
class TermRun:
    """One such deed. ``withdrawn``: terms that undoing it kept from leaving."""

    id: int
    at: datetime
    who: str
    purposes: tuple[Purpose, ...]
    undone_at: datetime | None
    undone_by: str
    withdrawn: int


class TermStore:
    """In ``painel.db``."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def begin(self, at: datetime, who: str, shop: str, purposes: Sequence[Purpose]) -> int:
        """A new record without lines; its number."""
        with self._store.change() as db:
            sql = "INSERT INTO consent_term (at, who, shop, purposes) VALUES (?, ?, ?, ?)"
            return int(db.execute(sql, (at.isoformat(), who, shop, " ".join(purposes))).lastrowid or 0)

    def fill(self, run: int, outcomes: Mapping[str, Asked]) -> None:
        """Write down what becomes of each phone; again, in the same order, once it is known better."""
        rows = [(run, number, phone, asked.name) for number, (phone, asked) in enumerate(outcomes.items(), start=1)]
        with self._store.change() as db:
            db.executemany("INSERT OR REPLACE INTO consent_term_line VALUES (?, ?, ?, ?)", rows)

    def latest(self, shop: str, limit: int = 20) -> tuple[tuple[TermRun, int], ...]:
        """The newest records of a database, each with how many terms it queued."""
        found = self._store.read(
            f"SELECT {_COLUMNS}, (SELECT COUNT(*) FROM consent_term_line WHERE term = id AND outcome = 'QUEUED') "
            "FROM consent_term WHERE shop = ? ORDER BY id DESC LIMIT ?",
            (shop, limit),
        )
        return tuple((_run(row[:-1]), int(row[-1])) for row in found)

    def find(self, number: int, shop: str) -> TermRun | None:
        """A record of that database."""
        found = self._store.read(f"SELECT {_COLUMNS} FROM consent_term WHERE id = ? AND shop = ?", (number, shop))
        return _run(found[0]) if found else None

    def lines(self, run: TermRun) -> tuple[tuple[str, Asked], ...]:
        """Each phone (empty once its data was erased) and what became of it, in order."""
        found = self._store.read(
            "SELECT phone, outcome FROM consent_term_line WHERE term = ? ORDER BY number", (run.id,)
        )
        return tuple((str(phone), Asked[outcome]) for phone, outcome in found)

    def undone(self, run: TermRun, at: datetime, who: str, withdrawn: int) -> None:
        """Write down that it was taken back."""
        with self._store.change() as db:
            db.execute(
                "UPDATE consent_term SET undone_at = ?, undone_by = ?, withdrawn = COALESCE(withdrawn, 0) + ? "
                "WHERE id = ?",
                (at.isoformat(), who, withdrawn, run.id),
            )

    def about(self, numbers: Sequence[str]) -> tuple[str, ...]:
        """Sentences on each line of these numbers, for their owner."""
        marks = ", ".join("?" for _ in numbers)
        found = self._store.read(
            "SELECT t.at, t.who, l.outcome FROM consent_term_line l JOIN consent_term t ON t.id = l.term "
            f"WHERE l.phone IN ({marks}) ORDER BY t.id",
            tuple(numbers),
        )
        return tuple(
            f"{format_datetime(datetime.fromisoformat(at))}  Termo de consentimento, pedido por {who}: "
            f"{Asked[outcome].value}"
            for at, who, outcome in found
        )

    def forget(self, numbers: Sequence[str]) -> None:
        """Take the number, in these spellings, out of every record; the lines still count."""
        marks = ", ".join("?" for _ in numbers)
        with self._store.change() as db:
            db.execute(f"UPDATE consent_term_line SET phone = '' WHERE phone IN ({marks})", tuple(numbers))


def _run(row: Sequence[object]) -> TermRun:
    number, at, who, purposes, undone_at, undone_by, withdrawn = row
    return TermRun(
        id=int(str(number)),
        at=datetime.fromisoformat(str(at)),
        who=str(who),
        purposes=tuple(map(Purpose, str(purposes).split())),
        undone_at=datetime.fromisoformat(str(undone_at)) if undone_at else None,
        undone_by=str(undone_by or ""),
        withdrawn=int(str(withdrawn or 0)),
    )
