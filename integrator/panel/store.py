"""``painel.db``: what the panel must remember, apart from the journal so that no page ever delays a message.

SQLite in WAL mode. People, sessions, who did what, versions of texts, tokens. One connection, one lock: each use is
short.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from integrator.domain.errors import IntegratorError
from integrator.paths import packaged
from integrator.sqlite_file import NewerFile, migrate, transaction


class PanelStoreError(IntegratorError):
    """The panel's own file cannot be used. The sending of messages does not depend on it."""

    title = "Arquivo do painel indisponível"


class PanelStore:
    """Opened once per process; used by any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            _private(path)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10.0, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._db.execute("PRAGMA secure_delete=ON")  # an erased number is not left in free pages
            self._migrate()
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a SELECT. Raises :class:`PanelStoreError`."""
        with self._lock:
            try:
                return self._db.execute(sql, parameters).fetchall()
            except sqlite3.Error as error:
                raise self._unusable(error) from error

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end of the block, rolled back when it raises."""
        with self._lock:
            try:
                with transaction(self._db) as db:
                    yield db
            except sqlite3.Error as error:
                raise self._unusable(error) from error

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _migrate(self) -> None:
        try:
            migrate(self._db, packaged("panel", "migrations"))
        except NewerFile as error:
            raise PanelStoreError(
                "O arquivo do painel foi gravado por uma versão mais nova do integrador. Atualize o programa neste "
                "computador.",
                detail=f"user_version={error}",
            ) from error

    def _unusable(self, error: Exception) -> PanelStoreError:
        return PanelStoreError(
            f"Não consigo ler ou gravar o arquivo do painel ({self._path.name}). As mensagens continuam saindo. "
            "Confira se há espaço em disco e permissão na pasta de dados.",
            detail=repr(error),
        )


def _private(path: Path) -> None:
    """Passwords' hashes and secrets that sign are in it; SQLite gives its two companions the same permissions.

    On Windows the data folder's own permissions hold.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    if sys.platform != "win32":
        path.chmod(0o600)
