"""The attachment to the ERP's Firebird database: opened late, closed early, errors turned into the one tree.

Everything goes through :class:`Database`. It attaches on first use and detaches when idle for ``linger_s`` seconds, so
that between two messages the ERP's backup, restore or single-user work finds no attachment of ours in the way.
Our attachments use charset UTF8; what ERPs wrote is read as OCTETS and decoded by us (see ``erp/rows.py``), or over a
raw attachment (``Target.raw_text``, see ``erp/session.py``).

Nothing here waits without end for a server that stopped answering (see ``erp/watchdog.py``).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import fdb

from integrator.domain.errors import RowLocked
from integrator.erp.attachment import PATIENCE_S, Attachment, keep_our_signals, load_client
from integrator.erp.error_codes import connection_lost, silent, translate
from integrator.erp.session import Column, Cursors, Row, Session
from integrator.erp.target import Target
from integrator.erp.watchdog import Opening

__all__ = ["Column", "Database", "Row", "Session", "Target", "load_client"]

log = logging.getLogger(__name__)

_CONFLICT_TRIES = 6

T = TypeVar("T")


class Database:
    """One database; an attachment exists only around its use.

    One thread at a time: a second one waits until the first one's transaction has ended. Whoever reads for long, or
    must not wait for the engine, has a ``Database`` of its own on the same :class:`Target`.

    After :meth:`rest` an attachment that nobody uses for ``linger_s`` real seconds is closed by a timer: two rows in
    quick succession share one, the gap between two messages has none. ``patience_s`` is how long the server may take
    to answer one call before the connection is cut and :class:`DatabaseUnavailable` raised.
    """

    def __init__(self, target: Target, *, linger_s: float = 2.0, patience_s: float = PATIENCE_S) -> None:
        self.target = target
        self.linger_s = linger_s
        self.patience_s = patience_s
        self._attachment: Attachment | None = None
        self._opening: Opening[Attachment] | None = None
        self._timer: threading.Timer | None = None
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self, *, read_only: bool = False, patience_s: float | None = None) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back when it raises.

        Raises the tree of :mod:`integrator.domain.errors`; a lost attachment is dropped so that the next use
        reconnects.
        """
        with self._lock:
            attachment = self._open()
            attachment.watch.patience_s = self.patience_s if patience_s is None else patience_s
            cursors = attachment.cursors(read_only=read_only)
            try:
                attachment.begin(cursors)
                yield Session(cursors)
                attachment.commit(cursors)
            except (fdb.DatabaseError, OSError) as error:
                was_silent = attachment.watch.fired
                self._abandon(attachment, cursors, lost=connection_lost(error))
                raise (silent(error) if was_silent else translate(error)) from error
            except BaseException:
                self._abandon(attachment, cursors, lost=False)
                raise
            finally:
                attachment.used_at = time.monotonic()

    def run(self, work: Callable[[Session], T]) -> T:
        """``work`` in a write transaction of its own; a lock conflict rolls back and tries again a few times."""
        for attempt in range(_CONFLICT_TRIES):
            try:
                with self.transaction() as session:
                    return work(session)
            except RowLocked as error:
                log.debug("lock conflict, try %d: %s", attempt + 1, error.detail)
                time.sleep(0.005 * 2**attempt)
        with self.transaction() as session:
            return work(session)

    def read(self, work: Callable[[Session], T], *, patience_s: float | None = None) -> T:
        """``work`` in a READ ONLY READ COMMITTED transaction, which holds back no garbage collection.

        ``patience_s``: how long the server may take to answer one call of it, for queries that are known to be long.
        """
        with self.transaction(read_only=True, patience_s=patience_s) as session:
            return work(session)

    def rest(self) -> None:
        """Nothing to do for a while: detach once the attachment has been idle for ``linger_s`` seconds."""
        with self._lock:
            if self._attachment is not None and self._timer is None:
                self._timer = threading.Timer(self.linger_s, self._detach_if_idle)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        """Detach now."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._drop()

    def _detach_if_idle(self) -> None:
        with self._lock:
            self._timer = None
            if self._attachment is None:
                return
            if time.monotonic() - self._attachment.used_at >= self.linger_s:
                self._drop()
            else:
                self.rest()

    def connection(self) -> fdb.Connection:
        """The raw attachment, for DDL, which may take long: it is not watched. Detach with :meth:`close`."""
        with self._lock:
            return self._open().connection

    def _open(self) -> Attachment:
        if self._attachment is None:
            try:
                self._attachment = self._opened()
            finally:
                keep_our_signals()
        return self._attachment

    def _opened(self) -> Attachment:
        """While one attempt hangs no other is made: it is waited for again, a while at each call."""
        if self._opening is None or self._opening.over:
            self._opening = Opening(lambda: Attachment(self.target))
        try:
            return self._opening.result(self.target.attach_timeout_s)
        except fdb.DatabaseError as error:
            raise translate(error) from error
        except OSError as error:
            raise (translate(error) if self._opening.over else silent(error)) from error

    def _abandon(self, attachment: Attachment, cursors: Cursors, *, lost: bool) -> None:
        if not lost:
            try:
                attachment.rollback(cursors)
            except (fdb.DatabaseError, OSError) as error:
                log.debug("rollback failed: %s", error)
                lost = True
        if lost or attachment.watch.fired:
            self._drop(lost=True)

    def _drop(self, *, lost: bool = False) -> None:
        attachment, self._attachment = self._attachment, None
        if attachment is not None:
            attachment.close(lost=lost)
