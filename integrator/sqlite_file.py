"""What our SQLite files have in common: numbered migrations, and transactions that end one way or the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NewerFile(Exception):
    """The file was written by a newer program; the argument is its version."""


def migrate(db: sqlite3.Connection, scripts: Path) -> None:
    """Apply the ``NNNN_name.sql`` of that folder which the file has not seen; ``user_version`` tells which it has.

    Raises :class:`NewerFile` and ``sqlite3.Error``.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    numbered = sorted((int(script.name[:4]), script) for script in scripts.glob("*.sql"))
    if version > numbered[-1][0]:
        raise NewerFile(version)
    for number, script in numbered:
        if number > version:
            sql = script.read_text(encoding="utf-8")
            db.executescript(f"BEGIN;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Committed at the end of the block, rolled back when it raises. Raises ``sqlite3.Error``."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
