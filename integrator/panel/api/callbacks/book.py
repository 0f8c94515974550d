"""Who is called back, and what is still to be told: in ``painel.db``, so that nothing is forgotten at a restart."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from integrator.panel.store import PanelStore

#: Told so late, it helps nobody any more; the ERP can still ask.
PATIENCE: Final = timedelta(hours=24)
_KEPT: Final = timedelta(days=7)
#: How long is waited after each attempt that failed; the last one repeats.
_WAITS_S: Final = (10, 30, 60, 120, 300, 600, 1800, 3600)
_SECRET: Final = "itgs_"


@dataclass(frozen=True, slots=True)
class Callback:
    """Where the owner of a key wants to be told. ``database``: that of the key, empty for all."""

    key: str
    url: str
    secret: str
    all_rows: bool
    database: str
    last_at: datetime | None
    last_answer: str


@dataclass(frozen=True, slots=True)
class Telling:
    """One change to be told: ``event`` names it for ever, ``message`` is the row's GUID, ``body`` is JSON."""

    key: str
    event: str
    message: str
    body: str


@dataclass(frozen=True, slots=True)
class Due:
    """A telling whose turn it is."""

    id: int
    telling: Telling
    created_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How one callback stands. ``given_up`` of the last week."""

    pending: int
    oldest: datetime | None
    given_up: int


class Book:
    """All callbacks. Used by any thread."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def callbacks(self) -> tuple[Callback, ...]:
        """Those of the keys that may be used."""
        found = self._store.read(
            "SELECT c.key, c.url, c.secret, c.all_rows, k.database, c.last_at, c.last_answer FROM api_callback c "
            "JOIN api_key k ON k.id = c.key WHERE k.revoked_at IS NULL ORDER BY k.created_at"
        )
        return tuple(_callback(*row) for row in found)

    def register(self, key: str, url: str, *, all_rows: bool) -> Callback:
        """Tell ``url`` from now on. What still waited goes there, with the secret that was."""
        before = next((each for each in self.callbacks() if each.key == key), None)
        secret = before.secret if before else _SECRET + secrets.token_urlsafe(32)
        with self._store.change() as db:
            if not db.execute("SELECT COUNT(*) FROM api_callback").fetchone()[0]:
                # Nobody was told meanwhile: what happened since then is not told either.
                db.execute("DELETE FROM api_cursor")
            db.execute(
                "INSERT INTO api_callback (key, url, secret, all_rows) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET url = excluded.url, all_rows = excluded.all_rows",
                (key, url, secret, all_rows),
            )
        return next(each for each in self.callbacks() if each.key == key)

    def renew_secret(self, key: str) -> bool:
        """Sign with another secret from now on; False for a key that is not called back."""
        with self._store.change() as db:
            secret = _SECRET + secrets.token_urlsafe(32)
            return db.execute("UPDATE api_callback SET secret = ? WHERE key = ?", (secret, key)).rowcount == 1

    def forget(self, key: str) -> bool:
        """Tell nobody any more for that key; what waited is forgotten."""
        with self._store.change() as db:
            return db.execute("DELETE FROM api_callback WHERE key = ?", (key,)).rowcount == 1

    def forget_rows(self, guids: Sequence[str], new_keys: Sequence[str]) -> None:
        """A person's rows were erased: what was told of them goes, what is still to be told says who no more.

        ``new_keys`` are the rows whose key named the person, and was replaced.
        """
        with self._store.change() as db:
            marks = [(guid,) for guid in guids]
            db.executemany(
                "DELETE FROM api_delivery WHERE message = ? AND (done_at IS NOT NULL OR given_up_at IS NOT NULL)", marks
            )
            db.executemany(
                "UPDATE api_delivery SET body = json_set(body, '$.motivo', '', '$.mensagem.cliente_codigo', '') "
                "WHERE message = ?",
                marks,
            )
            db.executemany(
                "UPDATE api_delivery SET body = json_set(body, '$.mensagem.chave', 'APAGADA|' || message) "
                "WHERE message = ?",
                [(guid,) for guid in new_keys],
            )

    def add(self, db: sqlite3.Connection, tellings: Iterable[Telling], now: datetime) -> None:
        """To be told, in this order; ``db`` is the transaction in which the caller keeps how far it has read."""
        at = now.isoformat()
        db.executemany(
            "INSERT INTO api_delivery (key, event, message, body, created_at, next_at) VALUES (?, ?, ?, ?, ?, ?)",
            [(each.key, each.event, each.message, each.body, at, at) for each in tellings],
        )

    def due(self, key: str, now: datetime, limit: int) -> tuple[Due, ...]:
        """The oldest that is still to be told of each message, where its turn has come; oldest first."""
        found = self._store.read(
            "SELECT d.id, d.key, d.event, d.message, d.body, d.created_at, d.attempts FROM api_delivery d JOIN "
            "(SELECT MIN(id) AS first FROM api_delivery WHERE key = ? AND done_at IS NULL AND given_up_at IS NULL "
            "GROUP BY message) f ON f.first = d.id JOIN api_callback c ON c.key = d.key "
            "WHERE d.next_at <= ? AND c.quiet_until <= ? ORDER BY d.id LIMIT ?",
            (key, now.isoformat(), now.isoformat(), limit),
        )
        return tuple(
            Due(number, Telling(key, event, message, body), datetime.fromisoformat(at), attempts)
            for number, key, event, message, body, at, attempts in found
        )

    def next_at(self) -> datetime | None:
        """When the next attempt is to be made; None: nothing waits."""
        sql = (
            "SELECT MIN(MAX(d.next_at, c.quiet_until)) FROM api_delivery d JOIN api_callback c ON c.key = d.key "
            "JOIN (SELECT MIN(id) AS first FROM api_delivery WHERE done_at IS NULL AND given_up_at IS NULL "
            "GROUP BY key, message) f ON f.first = d.id"
        )
        return _moment(self._store.read(sql)[0][0])

    def told(self, due: Due, answer: str, now: datetime) -> None:
        """It arrived."""
        with self._store.change() as db:
            db.execute(
                "UPDATE api_delivery SET done_at = ?, answer = ?, attempts = attempts + 1 WHERE id = ?",
                (now.isoformat(), answer, due.id),
            )
            self._answered(db, due, answer, now, away=False)

    def failed(self, due: Due, answer: str, now: datetime, *, away: bool) -> None:
        """It did not: later again, until a day has passed. ``away``: nobody answers there, and the others wait too."""
        at = now + _wait(due.attempts)
        given_up = now.isoformat() if at > due.created_at + PATIENCE else None
        with self._store.change() as db:
            db.execute(
                "UPDATE api_delivery SET next_at = ?, answer = ?, attempts = attempts + 1, given_up_at = ? "
                "WHERE id = ?",
                (at.isoformat(), answer, given_up, due.id),
            )
            tries = self._answered(db, due, answer, now, away=away)
            if away:
                quiet = (now + _wait(tries - 1)).isoformat()
                db.execute("UPDATE api_callback SET quiet_until = ? WHERE key = ?", (quiet, due.telling.key))

    def hurry(self, key: str, now: datetime) -> int:
        """Whatever waits for its turn is tried now; how many."""
        with self._store.change() as db:
            db.execute("UPDATE api_callback SET quiet_until = '', away = 0 WHERE key = ?", (key,))
            return db.execute(
                "UPDATE api_delivery SET next_at = ? WHERE key = ? AND done_at IS NULL AND given_up_at IS NULL",
                (now.isoformat(), key),
            ).rowcount

    def figures(self, key: str) -> Figures:
        """How that callback stands."""
        ((pending, oldest, given_up),) = self._store.read(
            "SELECT COALESCE(SUM(given_up_at IS NULL), 0), MIN(CASE WHEN given_up_at IS NULL THEN created_at END), "
            "COALESCE(SUM(given_up_at IS NOT NULL), 0) FROM api_delivery WHERE key = ? AND done_at IS NULL",
            (key,),
        )
        return Figures(pending, _moment(oldest), given_up)

    def purge(self, now: datetime) -> None:
        """Give up what waited for a day, and forget what was over a week ago."""
        late, before = (now - PATIENCE).isoformat(), (now - _KEPT).isoformat()
        with self._store.change() as db:
            db.execute(
                "UPDATE api_delivery SET given_up_at = ? "
                "WHERE done_at IS NULL AND given_up_at IS NULL AND created_at < ?",
                (now.isoformat(), late),
            )
            db.execute("DELETE FROM api_delivery WHERE done_at < ? OR given_up_at < ?", (before, before))

    def _answered(self, db: sqlite3.Connection, due: Due, answer: str, now: datetime, *, away: bool) -> int:
        """Note it; how many attempts in a row nobody has answered."""
        key = due.telling.key
        db.execute(
            "UPDATE api_callback SET last_at = ?, last_answer = ?, away = CASE WHEN ? THEN away + 1 ELSE 0 END "
            "WHERE key = ?",
            (now.isoformat(), answer, away, key),
        )
        found = db.execute("SELECT away FROM api_callback WHERE key = ?", (key,)).fetchone()
        return int(found[0]) if found else 1


def _wait(tries: int) -> timedelta:
    return timedelta(seconds=_WAITS_S[min(tries, len(_WAITS_S) - 1)])


def _callback(
    key: str, url: str, secret: str, all_rows: int, database: str, last_at: str | None, last_answer: str
) -> Callback:
    return Callback(key, url, secret, bool(all_rows), database, _moment(last_at), last_answer)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
