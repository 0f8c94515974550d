"""What became of our parts: the words of the server, and asking it about those that no webhook told the end of.

Webhooks are kept in the server's memory only, so some get lost; without a configured address none come at all. The
ids wait on the disk (``evolution.db``): a shop's computer is switched off at night, its customers read in the evening.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import requests

from integrator.domain.errors import GatewayError
from integrator.gateways.events.log import EventLog
from integrator.gateways.evolution.server import Server, path_of
from integrator.logs import log_event
from integrator.sending.gateway import Receipt, ReceiptKind
from integrator.sqlite_file import transaction

log = logging.getLogger(__name__)

T = TypeVar("T")

AWAITED_FILE: Final = "evolution.db"
_ASK_S: Final = 2.0
_AT_ONCE: Final = 20
_AFTER_FAILURE: Final = timedelta(minutes=1)
_KEPT: Final = timedelta(days=5)
_FIRST_WITH_WEBHOOK: Final = timedelta(minutes=2)
#: When a part is asked about again, by how often it was; the last one repeats.
_GAPS: Final = (
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
_DELIVERED_STEP: Final = 3
_KINDS: Final[Mapping[str, ReceiptKind]] = {
    "DELIVERY_ACK": ReceiptKind.DELIVERED,
    "READ": ReceiptKind.READ,
    "PLAYED": ReceiptKind.READ,
    "ERROR": ReceiptKind.FAILED,
}
_LATE_REFUSAL: Final = "O WhatsApp recusou a mensagem depois de recebê-la do servidor."
_ORDER: Final = (ReceiptKind.FAILED, ReceiptKind.DELIVERED, ReceiptKind.READ)


def receipt_of(row: object, at: datetime) -> Receipt | None:
    """The receipt in one status of a part of ours, as webhook and query tell it; None when it tells nothing.

    ``at`` is when we heard: the server dates statuses not at all, and its webhooks in its own time zone called UTC.
    """
    match row:
        case {"keyId": str(provider_id), "fromMe": True, "status": str(status)} if provider_id and status in _KINDS:
            kind = _KINDS[status]
            return Receipt(provider_id, kind, at, _LATE_REFUSAL if kind is ReceiptKind.FAILED else "")
        case _:
            return None


class Awaited:
    """Ids of accepted parts whose end is not known. Safe to share between threads.

    Without a path they are forgotten with the process. A file that fails later on costs news, never a message: it is
    logged. The constructor raises :class:`GatewayError` where the file cannot be used.
    """

    def __init__(self, instance: str, path: Path | None) -> None:
        self._instance = instance
        self._lock = threading.Lock()
        try:
            self._db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=5.0, check_same_thread=False)
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS awaited (instance TEXT NOT NULL, id TEXT NOT NULL, sent_at TEXT NOT NULL, "
                "ask_at TEXT NOT NULL, step INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (instance, id)) WITHOUT ROWID"
            )
        except sqlite3.Error as error:
            raise GatewayError(
                f"Não consigo ler ou gravar {AWAITED_FILE}, onde esperam as mensagens ainda sem notícia. Confira se há "
                "espaço em disco e permissão na pasta de dados.",
                detail=repr(error),
            ) from error

    def add(self, provider_id: str, now: datetime, first: timedelta) -> None:
        """Ask about that part from ``first`` after now on; what is older than five days is given up."""

        def write(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM awaited WHERE sent_at < ?", ((now - _KEPT).isoformat(),))
            db.execute(
                "INSERT OR IGNORE INTO awaited (instance, id, sent_at, ask_at) VALUES (?, ?, ?, ?)",
                (self._instance, provider_id, now.isoformat(), (now + first).isoformat()),
            )

        self._do(write, None)

    def due(self, now: datetime) -> list[str]:
        """The next ones to ask about."""

        def read(db: sqlite3.Connection) -> list[str]:
            rows = db.execute(
                "SELECT id FROM awaited WHERE instance = ? AND ask_at <= ? AND sent_at >= ? ORDER BY ask_at LIMIT ?",
                (self._instance, now.isoformat(), (now - _KEPT).isoformat(), _AT_ONCE),
            )
            return [provider_id for (provider_id,) in rows]

        return self._do(read, [])

    def heard(self, provider_id: str, kinds: frozenset[ReceiptKind], now: datetime) -> None:
        """What is known of a part now; one that was read or failed is asked about no more, a delivered one seldom."""
        key = (self._instance, provider_id)

        def write(db: sqlite3.Connection) -> None:
            if kinds & {ReceiptKind.READ, ReceiptKind.FAILED}:
                db.execute("DELETE FROM awaited WHERE instance = ? AND id = ?", key)
                return
            row = db.execute("SELECT step FROM awaited WHERE instance = ? AND id = ?", key).fetchone()
            if row is None:
                return
            step = max(row[0], _DELIVERED_STEP - 1 if kinds else 0) + 1
            ask_at = (now + _GAPS[min(step, len(_GAPS) - 1)]).isoformat()
            db.execute("UPDATE awaited SET step = ?, ask_at = ? WHERE instance = ? AND id = ?", (step, ask_at, *key))

        self._do(write, None)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _do(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        try:
            with self._lock, transaction(self._db) as db:
                return work(db)
        except sqlite3.Error as error:
            log_event(log, "awaited_unusable", level=logging.WARNING, instance=self._instance, error=repr(error))
            return otherwise


class Recovery:
    """Asks the server about awaited parts and keeps what it tells in the event log. Used by one thread at a time."""

    def __init__(self, instance: str, server: Server, events: EventLog, awaited: Awaited, *, pushed: bool) -> None:
        self._instance = instance
        self._server = server
        self._events = events
        self._awaited = awaited
        self._first = _FIRST_WITH_WEBHOOK if pushed else _GAPS[0]
        self._not_before = datetime.min

    def sent(self, provider_id: str, now: datetime) -> None:
        """That part was accepted."""
        self._awaited.add(provider_id, now, self._first)

    def run(self, now: datetime) -> None:
        """Ask about what is due; after a failure not again for a minute. Raises the event log's errors."""
        if now < self._not_before <= now + _AFTER_FAILURE:
            return
        for provider_id in self._awaited.due(now):
            rows = self._statuses(provider_id)
            if rows is None:
                self._not_before = now + _AFTER_FAILURE
                return
            told = [receipt_of(row, now) for row in rows]
            ours = {receipt.kind: receipt for receipt in told if receipt and receipt.provider_id == provider_id}
            for kind in _ORDER:
                if kind in ours:
                    self._events.append(self._instance, ours[kind])
            self._awaited.heard(provider_id, frozenset(ours), now)

    def _statuses(self, provider_id: str) -> list[object] | None:
        try:
            answer = self._server.ask(
                "POST", path_of("chat/findStatusMessage", self._instance), _ASK_S, {"where": {"id": provider_id}}
            )
        except requests.RequestException:
            return None
        return answer.body if answer.fine and isinstance(answer.body, list) else None
