"""Who did what in the panel, and when. No message bodies, no phones in full, no secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.panel.store import PanelStore

_NEWEST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody did; ``action`` and ``detail`` in Portuguese, for people. ``id``: once written down."""

    at: datetime
    who: str
    address: str
    action: str
    detail: str
    id: int = 0


class Audit:
    """The record of deeds; nothing in it is ever changed."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def record(self, deed: Deed) -> None:
        """Write one down."""
        with self._store.change() as db:
            db.execute(
                "INSERT INTO audit (at, who, address, action, detail) VALUES (?, ?, ?, ?, ?)",
                (deed.at.isoformat(), deed.who, deed.address, deed.action, deed.detail),
            )

    def latest(self, limit: int = 200, *, before: int = _NEWEST, who: str = "") -> tuple[Deed, ...]:
        """The newest first; of those older than the deed ``before``, and of that person only if one is named."""
        rows = self._store.read(
            "SELECT at, who, address, action, detail, id FROM audit WHERE id < ? AND (? = '' OR who = ?) "
            "ORDER BY id DESC LIMIT ?",
            (min(before, _NEWEST), who, who, limit),
        )
        return tuple(Deed(datetime.fromisoformat(at), *rest) for at, *rest in rows)

    def people(self) -> tuple[str, ...]:
        """Everybody who ever did something, by name."""
        return tuple(row[0] for row in self._store.read("SELECT DISTINCT who FROM audit ORDER BY who COLLATE NOCASE"))
