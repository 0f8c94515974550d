"""Who did what in the panel, and when. No message bodies, no phones in full, no secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrator.panel.store import PanelStore


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody did; ``action`` and ``detail`` in Portuguese, for people."""

    at: datetime
    who: str
    address: str
    action: str
    detail: str


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

    def latest(self, limit: int = 200, *, before: int | None = None) -> tuple[Deed, ...]:
        """The newest first; ``before`` is the id of one already shown."""
        rows = self._store.read(
            "SELECT at, who, address, action, detail FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
            (before if before is not None else 2**62, limit),
        )
        return tuple(Deed(datetime.fromisoformat(at), *rest) for at, *rest in rows)
