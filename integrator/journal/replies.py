"""Automatic answers to what people write, in ``integrator.db`` beside the journal: each message has at most one.

An answer is claimed before it is posted; what a crash interrupts after that stays unanswered. The texts themselves are
never kept: a digest tells whether the same one comes again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from integrator.domain.errors import JournalError
from integrator.domain.phone import spellings, with_ninth_digit
from integrator.paths import packaged
from integrator.sending.gateway import Inbound
from integrator.sqlite_file import NewerFile, migrate, transaction

#: People say "ok" and "obrigado" again and again: shorter texts are not compared.
_LONG: Final = 15
_KEPT_HEARD: Final = timedelta(days=2)
_KEPT_REPLIES: Final = timedelta(days=60)


class ReplyKind(StrEnum):
    """Why something is posted."""

    WORD = "palavra"  # the program obeyed and says so
    FIXED = "resposta"
    FORWARD = "encaminhada"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of a person; ``digest`` is the same for the same text, empty for a short one."""

    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went back and forth with one phone since a moment: what it wrote, and when anything was posted to it."""

    heard: tuple[Heard, ...]
    posted: tuple[datetime, ...]
    answers: int


class ReplyBook:
    """The answers of all numbers and databases of this installation. Used by one thread.

    Every method but :meth:`close` raises :class:`JournalError` when the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10.0, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA secure_delete=ON")
            migrate(self._db, packaged("journal", "migrations"))
        except (sqlite3.Error, OSError, NewerFile) as error:
            raise self._unusable(error) from error

    def note(self, instance: str, inbound: Inbound, at: datetime) -> None:
        """Remember for two days that a person wrote, for :meth:`exchange`; noted again it is one message."""
        text = " ".join(inbound.text.split()).lower()
        is_long = len(text) >= _LONG
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16] if is_long else ""
        cells = (instance, inbound.id, with_ninth_digit(inbound.sender), digest, inbound.at.isoformat())
        try:
            with transaction(self._db) as db:
                db.execute("DELETE FROM heard WHERE at < ?", ((at - _KEPT_HEARD).isoformat(),))
                db.execute(
                    "INSERT OR IGNORE INTO heard (instance, inbound_id, phone, digest, at) VALUES (?, ?, ?, ?, ?)",
                    cells,
                )
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def exchange(self, phone: str, since: datetime) -> Exchange:
        """With that phone, whichever number of ours it wrote to and whichever way it is spelled."""
        full, start = with_ninth_digit(phone), since.isoformat()
        try:
            heard = self._db.execute(
                "SELECT digest, at FROM heard WHERE phone = ? AND at >= ? ORDER BY at", (full, start)
            ).fetchall()
            replies = self._db.execute(
                "SELECT at FROM reply WHERE phone = ? AND at >= ? AND kind <> ?", (full, start, ReplyKind.FORWARD.value)
            ).fetchall()
            posts = [
                row
                for each in spellings(phone)
                for row in self._db.execute("SELECT at FROM post WHERE destination = ? AND at >= ?", (each, start))
            ]
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        posted = sorted(datetime.fromisoformat(at) for (at,) in (*replies, *posts))
        told = tuple(Heard(digest, datetime.fromisoformat(at)) for digest, at in heard)
        return Exchange(told, tuple(posted), len(replies))

    def forwards_since(self, since: datetime, phone: str = "") -> int:
        """How many messages were passed on since then, of everybody or of one phone."""
        sql = "SELECT COUNT(*) FROM reply WHERE kind = ? AND at >= ? AND (? = '' OR phone = ?)"
        full = with_ninth_digit(phone) if phone else ""
        try:
            ((count,),) = self._db.execute(sql, (ReplyKind.FORWARD.value, since.isoformat(), full, full)).fetchall()
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return int(count)

    def claim(self, instance: str, inbound: Inbound, kind: ReplyKind, at: datetime) -> bool:
        """Whether the answer to that message is this caller's to post; durable on return, and only ever true once."""
        cells = (instance, inbound.id, with_ninth_digit(inbound.sender), kind.value, at.isoformat())
        try:
            with transaction(self._db) as db:
                db.execute("DELETE FROM reply WHERE at < ?", ((at - _KEPT_REPLIES).isoformat(),))
                claimed = db.execute(
                    "INSERT OR IGNORE INTO reply (instance, inbound_id, phone, kind, provider_id, state, at) "
                    "VALUES (?, ?, ?, ?, '', 'prometida', ?)",
                    cells,
                ).rowcount
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return claimed == 1

    def answered(self, instance: str, inbound_id: str, state: str, provider_id: str) -> None:
        """What became of a claimed answer; an empty ``provider_id`` leaves the one that is known."""
        try:
            with transaction(self._db) as db:
                db.execute(
                    "UPDATE reply SET state = ?, provider_id = CASE WHEN ? = '' THEN provider_id ELSE ? END "
                    "WHERE instance = ? AND inbound_id = ?",
                    (state, provider_id, provider_id, instance, inbound_id),
                )
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def forget(self, phone: str) -> int:
        """Delete what is kept of one person (E.164 digits, any spelling); how many lines."""
        full = with_ninth_digit(phone)
        try:
            with transaction(self._db) as db:
                heard = db.execute("DELETE FROM heard WHERE phone = ?", (full,)).rowcount
                return heard + db.execute("DELETE FROM reply WHERE phone = ?", (full,)).rowcount
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _unusable(self, error: Exception) -> JournalError:
        return JournalError(
            f"Não consigo ler ou gravar as respostas automáticas ({self._path.name}). Confira se há espaço em disco e "
            "permissão na pasta de dados.",
            detail=repr(error),
        )
