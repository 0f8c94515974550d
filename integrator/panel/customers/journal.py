"""What the daemon's journal (``integrator.db``) knows of a phone: read for its owner, and forgotten.

The journal prevents sending twice by the row's GUID and key, never by the number: both stay. The engine's own
connection goes on beside this one; each use here is one short statement or transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from integrator.app import JOURNAL_FILE
from integrator.domain.errors import JournalError

_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Posted:
    """A part that left, by the journal; ``at`` is an ISO instant."""

    at: str
    kind: str
    file_name: str
    destination: str
    state: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What WhatsApp once answered about the number."""

    at: str
    number: str
    found: bool


@dataclass(frozen=True, slots=True)
class JournalOfPhone:
    """All that the journal holds of a phone."""

    posts: tuple[Posted, ...] = ()
    checks: tuple[Checked, ...] = ()


def read_journal(folder: Path, numbers: Sequence[str], guids: Sequence[str]) -> JournalOfPhone:
    """What left for those rows, and what was asked of the number, under any of its spellings.

    Raises :class:`JournalError`."""
    path = folder / JOURNAL_FILE
    if not path.is_file():
        return JournalOfPhone()
    marks = ", ".join("?" for _ in numbers)
    own = frozenset(guids)
    try:
        with closing(_open(path, "ro")) as db:
            posts = db.execute(
                "SELECT guid, at, kind, file_name, destination, state, sha256 FROM post "
                f"WHERE destination IN ({marks}) ORDER BY at",
                tuple(numbers),
            ).fetchall()
            checks = db.execute(
                f"SELECT at, query, found FROM number WHERE query IN ({marks}) OR canonical IN ({marks})",
                (*numbers, *numbers),
            ).fetchall()
    except sqlite3.Error as error:
        raise _unreadable(error) from error
    return JournalOfPhone(
        tuple(Posted(*row) for guid, *row in posts if guid in own),
        tuple(Checked(at, number, bool(found)) for at, number, found in checks),
    )


def forget_in_journal(folder: Path, numbers: Sequence[str], guids: Sequence[str], new_keys: Sequence[str]) -> None:
    """Take number and file name out of what left for the rows ``guids``, and the answers about ``numbers``.

    ``new_keys`` are the rows whose key was replaced in the queue; it is here too. Raises :class:`JournalError`, with
    nothing changed.
    """
    path = folder / JOURNAL_FILE
    if not path.is_file():
        return
    marks = ", ".join("?" for _ in numbers)
    try:
        with closing(_open(path, "rw")) as db, db:
            db.execute("PRAGMA secure_delete = ON")
            db.execute(
                "UPDATE post SET destination = '', file_name = '' WHERE guid IN (SELECT value FROM json_each(?))",
                (json.dumps(list(guids)),),
            )
            db.execute(
                "UPDATE post SET row_key = 'APAGADA|' || guid WHERE guid IN (SELECT value FROM json_each(?))",
                (json.dumps(list(new_keys)),),
            )
            if numbers:
                db.execute(
                    f"DELETE FROM number WHERE query IN ({marks}) OR canonical IN ({marks})", (*numbers, *numbers)
                )
    except sqlite3.Error as error:
        raise _unreadable(error) from error


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=_WAIT_S)


def _unreadable(error: Exception) -> JournalError:
    return JournalError(
        "Não consegui abrir o diário de envios, que o Integrador pode estar usando. Tente de novo em instantes.",
        detail=repr(error),
    )
