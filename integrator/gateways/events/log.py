"""``eventos.db``: receipts and messages of people as the engines told them, durable before the engine is answered.

Engines that push (the embedded one, webhooks) write here from any thread; :meth:`EventLog.since` is what their
:meth:`~integrator.sending.gateway.Gateway.events` answers. A duplicate is written once, whatever the order. What a
person wrote is kept only when the person is known (``Known``) or the text is one of the words that the program
obeys; everybody else's chats never reach the disk.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from integrator.domain.errors import GatewayError
from integrator.domain.outcome import CannotTell, Confirmation, Confirmed
from integrator.domain.phone import spellings
from integrator.paths import packaged
from integrator.sending.gateway import Event, EventBatch, Inbound, Receipt, ReceiptKind
from integrator.sqlite_file import NewerFile, migrate, transaction

EVENTS_FILE: Final = "eventos.db"
_KEPT_DAYS: Final = 30
_AT_ONCE: Final = 1000
_INBOUND: Final = "escrita"
_SWEEP_EVERY: Final = timedelta(hours=6)


#: Whether the person at that phone (E.164 digits) is one that the shop wrote to, or the text is a word that is obeyed.
Known = Callable[[str, str], bool]


def everybody(_phone: str, _text: str) -> bool:
    """Keeps everything: for tests."""
    return True


class EventLog:
    """The events of all numbers of this installation. Safe to share between threads.

    Every method but :meth:`close` raises :class:`GatewayError` when the file cannot be used.
    """

    def __init__(self, path: Path, now: Callable[[], datetime], known: Known) -> None:
        self._path = path
        self._now = now
        self._known = known
        self._lock = threading.Lock()
        self._swept = datetime.min
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10.0, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA secure_delete=ON")
            migrate(self._db, packaged("gateways", "events", "migrations"))
        except (sqlite3.Error, OSError, NewerFile) as error:
            raise self._unusable(error) from error

    def append(self, instance: str, event: Event) -> bool:
        """Keep an event; durable on return. False when it was there already, or is nobody's business here."""
        if isinstance(event, Inbound) and not self._known(event.sender, event.text):
            return False
        now = self._now()
        try:
            with self._lock, transaction(self._db) as db:
                self._sweep(db, now)
                added = db.execute(
                    "INSERT OR IGNORE INTO event (instance, token, kind, provider_id, sender, name, text, at, "
                    "stored_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (instance, *_row(event), event.at.isoformat(), now.isoformat()),
                ).rowcount
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return added == 1

    def since(self, instance: str, after: int) -> EventBatch:
        """Events of that number after the cursor, in order of arrival, at most a thousand."""
        rows = self._read(
            "SELECT seq, kind, provider_id, sender, name, text, at FROM event WHERE instance = ? AND seq > ? "
            "ORDER BY seq LIMIT ?",
            (instance, after, _AT_ONCE),
        )
        return EventBatch(tuple(_event(*row[1:]) for row in rows), rows[-1][0] if rows else after)

    def confirm(self, instance: str, message_id: str) -> Confirmation:
        """Whether a receipt told that the message was accepted. That none did proves nothing."""
        found = self._read(
            "SELECT 1 FROM event WHERE instance = ? AND provider_id = ? AND kind NOT IN (?, ?) LIMIT 1",
            (instance, message_id, _INBOUND, ReceiptKind.FAILED.value),
        )
        return Confirmed(message_id) if found else CannotTell()

    def heard(self, instance: str, phone: str) -> datetime | None:
        """When the person at that number (E.164 digits, however spelled) last wrote; None: not within the days kept."""
        forms = spellings(phone)
        marks = ", ".join("?" * len(forms))
        found = self._read(
            f"SELECT at FROM event WHERE instance = ? AND sender IN ({marks}) ORDER BY at DESC LIMIT 1",
            (instance, *forms),
        )
        return datetime.fromisoformat(str(found[0][0])) if found else None

    def written_by(self, phone: str) -> tuple[Inbound, ...]:
        """What the person at that number (E.164 digits) wrote in the last days, whichever way it is spelled."""
        rows = [
            row
            for each in spellings(phone)
            for row in self._read(
                "SELECT seq, kind, provider_id, sender, name, text, at FROM event WHERE sender = ? ORDER BY seq",
                (each,),
            )
        ]
        return tuple(event for row in rows if isinstance(event := _event(*row[1:]), Inbound))

    def forget(self, phone: str) -> int:
        """Delete what the person at that number (E.164 digits) wrote, whichever way it is spelled; how many."""
        try:
            with self._lock, transaction(self._db) as db:
                return sum(
                    db.execute("DELETE FROM event WHERE sender = ?", (each,)).rowcount for each in spellings(phone)
                )
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _sweep(self, db: sqlite3.Connection, now: datetime) -> None:
        if now - self._swept > _SWEEP_EVERY:
            self._swept = now
            db.execute("DELETE FROM event WHERE stored_at < ?", ((now - timedelta(days=_KEPT_DAYS)).isoformat(),))

    def _read(self, sql: str, parameters: tuple[object, ...]) -> list[tuple[int, str, str, str, str, str, str]]:
        try:
            with self._lock:
                return self._db.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> GatewayError:
        return GatewayError(
            f"Não consigo ler ou gravar {self._path.name}, onde ficam as notícias do WhatsApp. Confira se há espaço em "
            "disco e permissão na pasta de dados.",
            detail=repr(error),
        )


def _row(event: Event) -> tuple[str, ...]:
    """Token, kind, provider id, sender, name and text."""
    match event:
        case Receipt(provider_id, kind, _, reason):
            return f"{provider_id} {kind.value}", kind.value, provider_id, "", "", reason
        case Inbound(message_id, sender, text, _, name):
            token = f"{_INBOUND} {sender} {message_id}"
            return token, _INBOUND, message_id, sender, _whole(name), _whole(text)


def _whole(text: str) -> str:
    """Without the half of an emoji that a server which cut a text left over: no file can hold it."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _event(kind: str, provider_id: str, sender: str, name: str, text: str, at: str) -> Event:
    when = datetime.fromisoformat(at)
    if kind == _INBOUND:
        return Inbound(provider_id, sender, text, when, name)
    return Receipt(provider_id, ReceiptKind(kind), when, text)
