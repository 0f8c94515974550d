"""The sender numbers in ``integrator.db``: how long in use, what warned of them, and whom they wrote to on which day.

Kept by the paired number, not by the name of the instance: another phone in the same instance starts anew, the same
phone in another instance goes on. Whom a number wrote to is a digest, so that nothing here names a person.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from integrator.domain.errors import JournalError
from integrator.domain.sender import MEMORY_DAYS, SIGNS_TOGETHER, Contact, DayUse, SenderRecord, Stop, Used
from integrator.paths import packaged
from integrator.sqlite_file import NewerFile, migrate, transaction

_COLUMNS = "number, first_seen, used, failures, cold_until, stopped_at, stopped_why"


class SenderBook:
    """Implements :class:`integrator.sending.ports.Senders`. May be used from any thread and by several processes.

    Every method raises :class:`JournalError` when the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10.0, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            migrate(self._db, packaged("journal", "migrations"))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def record(self, number: str) -> SenderRecord | None:
        """What is known of a number; None when it was never met."""
        found = self._read(f"SELECT {_COLUMNS} FROM sender WHERE number = ?", (number,))
        if not found:
            return None
        signs = self._read("SELECT at FROM sender_sign WHERE number = ? ORDER BY at", (number,))
        return _record(found[0], tuple(datetime.fromisoformat(at) for (at,) in signs))

    def number_of(self, instance: str) -> str:
        """The number that was last met in that instance, E.164 digits; empty when none was."""
        found = self._read("SELECT number FROM sender WHERE instance = ? ORDER BY first_seen DESC LIMIT 1", (instance,))
        return str(found[0][0]) if found else ""

    def meet(self, number: str, instance: str, now: datetime) -> SenderRecord:
        """A number that is about to send from ``instance``, noted when it is met for the first time there."""
        known = self.record(number)
        if known is None or self.number_of(instance) != number:
            with self._change() as db:
                # The same phone in another instance goes on; the instance is of whoever was met in it last.
                db.execute("UPDATE sender SET instance = '' WHERE instance = ? AND number <> ?", (instance, number))
                db.execute(
                    "INSERT INTO sender (number, instance, first_seen) VALUES (?, ?, ?) "
                    "ON CONFLICT (number) DO UPDATE SET instance = excluded.instance",
                    (number, instance, now.isoformat()),
                )
        return known or SenderRecord(number, now)

    def declare(self, number: str, used: Used, now: datetime) -> None:
        """What the shop says of a number: new, or long in use with customers."""
        with self._change() as db:
            db.execute(
                "INSERT INTO sender (number, instance, first_seen, used) VALUES (?, '', ?, ?) "
                "ON CONFLICT (number) DO UPDATE SET used = excluded.used",
                (number, now.isoformat(), used.value),
            )

    def wrote(self, number: str, contact: str, kind: Contact, now: datetime) -> None:
        """The number is about to write to ``contact``: counted once a day, as what it was at the first time."""
        day, oldest = now.date().isoformat(), (now.date() - timedelta(days=MEMORY_DAYS)).isoformat()
        with self._change() as db:
            db.execute(
                "INSERT OR IGNORE INTO sender_contact (number, day, contact, cold) VALUES (?, ?, ?, ?)",
                (number, day, _digest(number, contact), int(kind is Contact.COLD)),
            )
            db.execute("DELETE FROM sender_contact WHERE number = ? AND day < ?", (number, oldest))

    def wrote_today(self, number: str, contact: str, now: datetime) -> bool:
        """Whether the number already wrote to ``contact`` on that day."""
        return bool(
            self._read(
                "SELECT 1 FROM sender_contact WHERE number = ? AND day = ? AND contact = ?",
                (number, now.date().isoformat(), _digest(number, contact)),
            )
        )

    def use(self, number: str, now: datetime) -> DayUse:
        """Whom the number wrote to on that day, and on how many days before it."""
        today, oldest = now.date().isoformat(), (now.date() - timedelta(days=MEMORY_DAYS)).isoformat()
        ((contacts, cold),) = self._read(
            "SELECT COUNT(*), COALESCE(SUM(cold), 0) FROM sender_contact WHERE number = ? AND day = ?", (number, today)
        )
        ((days,),) = self._read(
            "SELECT COUNT(DISTINCT day) FROM sender_contact WHERE number = ? AND day >= ? AND day < ?",
            (number, oldest, today),
        )
        return DayUse(int(contacts) - int(cold), int(cold), int(days))

    def failed(self, number: str) -> int:
        """One more part in a row was refused or is in doubt; how many now."""
        with self._change() as db:
            db.execute("UPDATE sender SET failures = failures + 1 WHERE number = ?", (number,))
        record = self.record(number)
        return record.failures if record is not None else 0

    def succeeded(self, number: str) -> None:
        """A part was accepted: failures in a row end here."""
        if self._read("SELECT 1 FROM sender WHERE number = ? AND failures > 0", (number,)):
            with self._change() as db:
                db.execute("UPDATE sender SET failures = 0 WHERE number = ?", (number,))

    def refused_late(self, number: str) -> int:
        """One more accepted part was refused afterwards; how many with none delivered in between."""
        with self._change() as db:
            db.execute("UPDATE sender SET late_failures = late_failures + 1 WHERE number = ?", (number,))
            found = db.execute("SELECT late_failures FROM sender WHERE number = ?", (number,)).fetchone()
        return int(found[0]) if found else 0

    def delivered(self, number: str) -> None:
        """A part arrived: late refusals in a row end here."""
        if self._read("SELECT 1 FROM sender WHERE number = ? AND late_failures > 0", (number,)):
            with self._change() as db:
                db.execute("UPDATE sender SET late_failures = 0 WHERE number = ?", (number,))

    def sign(self, number: str, at: datetime, why: str, cold_until: datetime) -> None:
        """WhatsApp restricts the number: no cold contact until then. A longer pause stays."""
        with self._change() as db:
            db.execute("INSERT INTO sender_sign (number, at, why) VALUES (?, ?, ?)", (number, at.isoformat(), why))
            db.execute("DELETE FROM sender_sign WHERE at < ?", ((at - SIGNS_TOGETHER).isoformat(),))
            db.execute(
                "UPDATE sender SET cold_until = MAX(COALESCE(cold_until, ''), ?) WHERE number = ?",
                (cold_until.isoformat(), number),
            )

    def halt(self, number: str, at: datetime, why: str) -> None:
        """Nothing leaves by the number until :meth:`resume`. The first reason stays."""
        with self._change() as db:
            db.execute(
                "UPDATE sender SET stopped_at = ?, stopped_why = ? WHERE number = ? AND stopped_at IS NULL",
                (at.isoformat(), why, number),
            )

    def resume(self, number: str) -> bool:
        """A person looked and lets it go on; whether it was stopped.

        The signs stay, and so does a pause of cold contacts: another sign within a week stops it again.
        """
        with self._change() as db:
            changed = db.execute(
                "UPDATE sender SET stopped_at = NULL, stopped_why = '', failures = 0, late_failures = 0 "
                "WHERE number = ? AND stopped_at IS NOT NULL",
                (number,),
            ).rowcount
        return changed == 1

    def _read(self, sql: str, parameters: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._told(), self._lock:
            return self._db.execute(sql, parameters).fetchall()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._told(), self._lock, transaction(self._db) as db:
            yield db

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, NewerFile) as error:
            raise JournalError(
                f"Não consigo ler ou gravar o diário de envios ({self._path.name}). Nada será enviado até isso ser "
                "resolvido. Confira se há espaço em disco e permissão na pasta de dados.",
                detail=repr(error),
            ) from error


def _record(row: tuple[Any, ...], signs: tuple[datetime, ...]) -> SenderRecord:
    number, first_seen, used, failures, cold_until, stopped_at, why = row
    return SenderRecord(
        number=number,
        first_seen=datetime.fromisoformat(first_seen),
        used=Used(used),
        failures=int(failures),
        signs=signs,
        cold_until=datetime.fromisoformat(cold_until) if cold_until else None,
        stop=Stop(datetime.fromisoformat(stopped_at), why) if stopped_at else None,
    )


def _digest(number: str, contact: str) -> str:
    return hashlib.sha256(f"{number} {contact}".encode()).hexdigest()[:32]
