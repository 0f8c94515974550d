"""Every text that the shop had, with who wrote it and when; also those written straight into ``config.toml``."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from integrator.messages.catalogue import Situation
from integrator.panel.store import PanelStore

#: Versions that a page lists.
SHOWN: Final = 100
_COLUMNS: Final = "id, text, who, at"


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a situation; ``text`` empty is the program's own, ``who`` empty somebody outside of the panel."""

    id: int
    text: str
    who: str
    at: datetime


class Versions:
    """Those of all situations."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def of(self, situation: Situation) -> tuple[Version, ...]:
        """The newest first, as many as are shown."""
        rows = self._store.read(
            f"SELECT {_COLUMNS} FROM text_version WHERE module = ? AND kind = ? ORDER BY id DESC LIMIT {SHOWN}",
            (situation.module, situation.kind),
        )
        return tuple(map(_version, rows))

    def get(self, situation: Situation, number: int) -> Version | None:
        """The one with that id, if it is of that situation."""
        rows = self._store.read(
            f"SELECT {_COLUMNS} FROM text_version WHERE module = ? AND kind = ? AND id = ?",
            (situation.module, situation.kind, number),
        )
        return _version(rows[0]) if rows else None

    def latest(self) -> Mapping[tuple[str, str], Version]:
        """The newest of each situation, by module and kind."""
        rows = self._store.read(
            f"SELECT module, kind, {_COLUMNS} FROM text_version WHERE id IN "
            "(SELECT MAX(id) FROM text_version GROUP BY module, kind)"
        )
        return {(module, kind): _version(rest) for module, kind, *rest in rows}

    def saved(self, situation: Situation, text: str, who: str, at: datetime) -> None:
        """Somebody saved ``text``; the same again is no new version."""
        with self._store.change() as db:
            _add(db, situation, text, who, at)

    def noticed(self, present: Mapping[Situation, str], at: datetime) -> None:
        """``present`` is what the configuration says now: what is not the newest version was written outside."""
        latest = self.latest()
        for situation, text in present.items():
            known = latest.get((situation.module, situation.kind))
            if text != (known.text if known else ""):
                with self._store.change() as db:
                    _add(db, situation, text, "", at)


def _add(db: sqlite3.Connection, situation: Situation, text: str, who: str, at: datetime) -> None:
    found = db.execute(
        "SELECT text FROM text_version WHERE module = ? AND kind = ? ORDER BY id DESC LIMIT 1",
        (situation.module, situation.kind),
    ).fetchone()
    if text != (found[0] if found else ""):
        db.execute(
            "INSERT INTO text_version (module, kind, text, who, at) VALUES (?, ?, ?, ?, ?)",
            (situation.module, situation.kind, text, who, at.isoformat()),
        )


def _version(row: Sequence[Any]) -> Version:
    number, text, who, at = row
    return Version(number, text, who, datetime.fromisoformat(at))
