"""Erasures that have begun and are not through, in ``painel.db``: noted before the queue forgets its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from integrator.panel.store import PanelStore


@dataclass(frozen=True, slots=True)
class Begun:
    """``numbers``: spellings of the number, empty where another customer shares it; ``rows``: ids with their GUIDs."""

    id: int
    shop: str
    numbers: tuple[str, ...]
    rows: tuple[tuple[int, str], ...]


class ErasureBook:
    """Used by any thread."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def begin(self, shop: str, numbers: Sequence[str]) -> int:
        """Note that a person's data is about to be erased; its number here."""
        with self._store.change() as db:
            sql = "INSERT INTO erasure (shop, numbers) VALUES (?, ?)"
            return int(db.execute(sql, (shop, json.dumps(list(numbers)))).lastrowid or 0)

    def note(self, erasure: int, rows: Iterable[tuple[int, str]]) -> None:
        """These rows are about to be erased."""
        with self._store.change() as db:
            lines = [(erasure, row, guid) for row, guid in rows]
            db.executemany("INSERT OR IGNORE INTO erasure_row (erasure, row, guid) VALUES (?, ?, ?)", lines)

    def begun(self) -> tuple[Begun, ...]:
        """Those that are not through, oldest first."""
        found = self._store.read("SELECT id, shop, numbers FROM erasure ORDER BY id")
        return tuple(
            Begun(number, shop, tuple(json.loads(numbers)), self._rows(number)) for number, shop, numbers in found
        )

    def through(self, erasure: int) -> None:
        """Nothing of it is left to do: what was noted for it is forgotten."""
        with self._store.change() as db:
            db.execute("DELETE FROM erasure WHERE id = ?", (erasure,))

    def _rows(self, erasure: int) -> tuple[tuple[int, str], ...]:
        found = self._store.read("SELECT row, guid FROM erasure_row WHERE erasure = ? ORDER BY row", (erasure,))
        return tuple((int(row), str(guid)) for row, guid in found)
