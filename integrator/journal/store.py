"""The journal in ``integrator.db``: SQLite in WAL mode with ``synchronous=FULL``.

It is the last line of defence against sending twice: :meth:`SqliteJournal.intend` refuses a part that was ever posted
and not proven refused, whatever the ERP's database says after a restored backup.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from integrator.domain.errors import JournalError
from integrator.domain.message import Part, PartKind
from integrator.machine import digest, this_machine
from integrator.paths import packaged
from integrator.sending.gateway import NumberCheck
from integrator.sending.ports import PartRecord, PartState, Post, SentCount
from integrator.sqlite_file import NewerFile, migrate, transaction

_REPEATABLE = {PartState.REFUSED.value}


class SqliteJournal:
    """Implements :class:`integrator.sending.ports.Journal`. One per process, used by the engine's thread."""

    def __init__(self, path: Path, now: datetime) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10.0, check_same_thread=False)
        except (sqlite3.Error, OSError) as error:
            raise _unusable(path, error) from error
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            _migrate(self._db)
            journal = self._identify(now)
            self._owner = f"{journal[:8]}-{_machine(path)}"
        except (sqlite3.Error, OSError) as error:
            self._db.close()
            raise _unusable(path, error) from error
        except JournalError:
            self._db.close()
            raise

    @property
    def owner(self) -> str:
        return self._owner

    def close(self) -> None:
        self._db.close()

    def intend(self, post: Post, part: Part, message_id: str, at: datetime) -> None:
        with self._change() as db:
            found = db.execute(
                "SELECT state FROM post WHERE database = ? AND (guid = ? OR row_key = ?) AND part = ?",
                (post.database, post.guid, post.key, part.order),
            ).fetchall()
            if any(state not in _REPEATABLE for (state,) in found):
                raise JournalError(
                    "O diário de envios diz que esta parte da mensagem já saiu deste computador; ela não será "
                    "repetida.",
                    detail=f"guid={post.guid} part={part.order}",
                )
            db.execute(
                "INSERT OR REPLACE INTO post (database, guid, row_key, part, parts, kind, sha256, size, "
                "file_name, destination, "
                "provider_id, state, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)",
                (
                    post.database,
                    post.guid,
                    post.key,
                    part.order,
                    post.parts,
                    part.kind.value,
                    part.sha256,
                    len(part.content),
                    part.file_name,
                    post.to,
                    message_id,
                    PartState.PLANNED.value,
                    at.isoformat(),
                ),
            )

    def assign(self, post: Post, order: int, message_id: str) -> None:
        with self._change() as db:
            changed = db.execute(
                "UPDATE post SET provider_id = ? WHERE database = ? AND guid = ? AND part = ? AND state = ?",
                (message_id, post.database, post.guid, order, PartState.PLANNED.value),
            ).rowcount
            if changed != 1:
                raise JournalError("O diário de envios perdeu uma anotação.", detail=f"guid={post.guid} part={order}")

    def answer(self, post: Post, order: int, state: PartState, provider_id: str, reason: str, at: datetime) -> None:
        with self._change() as db:
            changed = db.execute(
                "UPDATE post SET state = ?, provider_id = CASE WHEN ? = '' THEN provider_id ELSE ? END, reason "
                "= ?, at = ? "
                "WHERE database = ? AND (guid = ? OR row_key = ?) AND part = ?",
                (
                    state.value,
                    provider_id,
                    provider_id,
                    reason,
                    at.isoformat(),
                    post.database,
                    post.guid,
                    post.key,
                    order,
                ),
            ).rowcount
            if changed != 1:
                raise JournalError("O diário de envios perdeu uma anotação.", detail=f"guid={post.guid} part={order}")

    def posted(self, database: str, guid: str, key: str) -> tuple[tuple[PartRecord, ...], int]:
        rows = self._read(
            "SELECT part, kind, sha256, size, file_name, state, provider_id, reason, at, parts FROM post "
            "WHERE database = ? AND (guid = ? OR row_key = ?) ORDER BY part",
            (database, guid, key),
        )
        records = tuple(
            PartRecord(
                order,
                PartKind(kind),
                sha256,
                size,
                name,
                PartState(state),
                provider,
                reason,
                datetime.fromisoformat(at),
            )
            for order, kind, sha256, size, name, state, provider, reason, at, _ in rows
        )
        return records, max((row[9] for row in rows), default=0)

    def last_post(self, database: str) -> datetime | None:
        ((latest,),) = self._read("SELECT MAX(at) FROM post WHERE database = ?", (database,))
        return datetime.fromisoformat(latest) if latest else None

    def count_row(self, instance: str, guid: str, at: datetime) -> None:
        with self._change() as db:
            db.execute(
                "INSERT OR IGNORE INTO sent_row (instance, guid, at) VALUES (?, ?, ?)", (instance, guid, at.isoformat())
            )

    def sent_since(self, instance: str, since: datetime) -> SentCount:
        start, end = since.isoformat(), (since + timedelta(days=1)).isoformat()
        ((rows, counted),) = self._read(
            "SELECT COUNT(*), MAX(at) FROM sent_row WHERE instance = ? AND at >= ? AND at < ?", (instance, start, end)
        )
        # A row that a crash interrupted was never counted, but its parts left: the gap begins after them.
        newest = self._read(
            "SELECT at FROM post WHERE state <> ? ORDER BY rowid DESC LIMIT 1", (PartState.REFUSED.value,)
        )
        times = [at for at in (counted, *(row[0] for row in newest)) if at and start <= at < end]
        return SentCount(rows, datetime.fromisoformat(max(times)) if times else None)

    def number(self, query: str, not_older_than: datetime) -> NumberCheck | None:
        rows = self._read(
            "SELECT found, canonical FROM number WHERE query = ? AND at >= ?", (query, not_older_than.isoformat())
        )
        return NumberCheck(query, bool(rows[0][0]), rows[0][1]) if rows else None

    def asked_since(self, since: datetime) -> SentCount:
        ((asked, latest),) = self._read("SELECT COUNT(*), MAX(at) FROM number WHERE at >= ?", (since.isoformat(),))
        return SentCount(int(asked), datetime.fromisoformat(latest) if latest else None)

    def remember_number(self, check: NumberCheck, at: datetime) -> None:
        with self._change() as db:
            db.execute(
                "INSERT OR REPLACE INTO number (query, found, canonical, at) VALUES (?, ?, ?, ?)",
                (check.query, int(check.exists), check.canonical, at.isoformat()),
            )

    def cursor(self, instance: str) -> int:
        rows = self._read("SELECT value FROM cursor WHERE instance = ?", (instance,))
        return int(rows[0][0]) if rows else 0

    def set_cursor(self, instance: str, cursor: int) -> None:
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO cursor (instance, value) VALUES (?, ?)", (instance, cursor))

    def _identify(self, now: datetime) -> str:
        rows = self._db.execute("SELECT id FROM journal").fetchall()
        if not rows:
            self._db.execute("INSERT INTO journal (id, began) VALUES (?, ?)", (str(uuid.uuid4()), now.isoformat()))
            return self._identify(now)
        return str(rows[0][0])

    def _read(self, sql: str, parameters: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise _unusable(self._path, error) from error

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One durable change: on return it is on the disk."""
        try:
            with transaction(self._db) as db:
                yield db
        except sqlite3.Error as error:
            raise _unusable(self._path, error) from error


def _machine(path: Path) -> str:
    """This computer and folder, so that a copy of the journal is not taken for its original.

    Neither its name nor its network cards count: both change without anything having moved.
    """
    return digest("pasta", this_machine(path.parent).id, str(path.parent.resolve()))[:12]


def _migrate(db: sqlite3.Connection) -> None:
    """Apply the numbered scripts of ``migrations/`` that this file has not seen."""
    try:
        migrate(db, packaged("journal", "migrations"))
    except NewerFile as error:
        raise JournalError(
            "O diário de envios foi gravado por uma versão mais nova do integrador. Atualize o programa neste "
            "computador.",
            detail=f"user_version={error}",
        ) from error


def _unusable(path: Path, error: Exception) -> JournalError:
    return JournalError(
        f"Não consigo ler ou gravar o diário de envios ({path.name}). Nada será enviado até isso ser resolvido. "
        "Confira se há espaço em disco e permissão na pasta de dados.",
        detail=repr(error),
    )
