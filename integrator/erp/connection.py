"""The attachment to the ERP's Firebird database: opened late, closed early, errors turned into the one tree.

Everything goes through :class:`Database`. It attaches on first use and detaches when idle for ``linger_s`` seconds, so
that between two messages the ERP's backup, restore or single-user work finds no attachment of ours in the way.
Our attachments use charset UTF8; what ERPs wrote is read as OCTETS and decoded by us (see ``erp/rows.py``).
"""

from __future__ import annotations

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import fdb

from integrator.domain.errors import DatabaseRefused, RowLocked
from integrator.erp.error_codes import connection_lost, translate
from integrator.erp.session import Column, Cursors, Row, Session
from integrator.erp.target import Target

__all__ = ["Column", "Database", "Row", "Session", "Target", "load_client"]

log = logging.getLogger(__name__)

_CONFLICT_TRIES = 6

_client_lock = threading.Lock()
_client_loaded: list[Path | None] = []

T = TypeVar("T")


def load_client(library: Path | None) -> None:
    """Load the Firebird client once per process; a later call with another library keeps the first."""
    with _client_lock:
        if _client_loaded:
            return
        try:
            fdb.load_api(str(library)) if library else fdb.load_api()
        except Exception as error:
            where = f" em {library}" if library else ""
            raise DatabaseRefused(
                f"Não consegui carregar a biblioteca do Firebird (fbclient){where}. Ela precisa existir e ser de "
                "64 bits; informe o caminho em [banco] cliente.",
                detail=repr(error),
            ) from error
        _client_loaded.append(library)


def _transaction(*, read_only: bool) -> fdb.TPB:
    tpb = fdb.TPB()
    tpb.access_mode = fdb.isc_tpb_read if read_only else fdb.isc_tpb_write
    tpb.isolation_level = (fdb.isc_tpb_read_committed, fdb.isc_tpb_rec_version)
    tpb.lock_resolution = fdb.isc_tpb_nowait
    return tpb


class _Attachment:
    """One open connection with its two long-lived transaction objects (they hold a transaction only while used)."""

    def __init__(self, target: Target) -> None:
        self.connection = _connect(target)
        encoding = target.raw_encoding if target.raw_text else None
        self._write = Cursors(self.connection.trans(_transaction(read_only=False)), encoding=encoding)
        self._read = Cursors(self.connection.trans(_transaction(read_only=True)), encoding=encoding)
        self.used_at = time.monotonic()

    def cursors(self, *, read_only: bool) -> Cursors:
        return self._read if read_only else self._write

    def close(self) -> None:
        self._write.close()
        self._read.close()
        self.connection.close()


def _connect(target: Target) -> fdb.Connection:
    load_client(target.client)
    if target.host:
        _probe(target)
    dialect = 3
    connection = _attach(target, dialect)
    if connection.db_info(fdb.isc_info_db_sql_dialect) == 1:
        connection.close()
        connection = _attach(target, 1)
    _bind_new_types(connection)
    _keep_our_signals()
    return connection


def _keep_our_signals() -> None:
    """Take SIGINT and SIGTERM back: on its first attachment the client library makes them its own.

    It then shuts itself down on them, in the middle of a message, and the program never hears of the wish to stop.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        handler = signal.getsignal(number)
        if handler is not None:
            signal.signal(number, handler)


def _attach(target: Target, dialect: int) -> fdb.Connection:
    connection = fdb.connect(
        dsn=target.dsn,
        user=target.user,
        password=target.password,
        role=target.role or None,
        charset="NONE" if target.raw_text else "UTF8",
        sql_dialect=dialect,
    )
    if target.raw_text:
        connection._python_charset = target.raw_encoding  # fdb would take the computer's own
    return connection


def _probe(target: Target) -> None:
    """A frozen or absent server would hang the client library for ever: ask the port first."""
    with socket.create_connection((target.host, target.port), timeout=target.connect_timeout_s):
        pass


def _bind_new_types(connection: fdb.Connection) -> None:
    """Firebird 4 and newer: ask for types that the client knows (source: measured, facts on FB4 binds)."""
    if connection.engine_version < 4:
        return
    for bind in ("TIME ZONE TO LEGACY", "INT128 TO LEGACY", "DECFLOAT TO DOUBLE PRECISION"):
        connection.execute_immediate(f"SET BIND OF {bind}")
        connection.commit()


class Database:
    """One database, used by one thread at a time; an attachment exists only around its use.

    After :meth:`rest` an attachment that nobody uses for ``linger_s`` real seconds is closed by a timer: two rows in
    quick succession share one, the gap between two messages has none.
    """

    def __init__(self, target: Target, *, linger_s: float = 2.0) -> None:
        self.target = target
        self.linger_s = linger_s
        self._attachment: _Attachment | None = None
        self._timer: threading.Timer | None = None
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back when it raises.

        Raises the tree of :mod:`integrator.domain.errors`; a lost attachment is dropped so that the next use
        reconnects.
        """
        with self._lock:
            try:
                cursors = self._open().cursors(read_only=read_only)
                transaction = cursors.transaction
                transaction.begin()
            except (fdb.DatabaseError, OSError) as error:
                self._drop()
                raise translate(error) from error
            try:
                yield Session(cursors)
                cursors.end_streams()
                transaction.commit()
            except (fdb.DatabaseError, OSError) as error:
                if connection_lost(error):
                    self._drop()
                else:
                    self._abandon(cursors)
                raise translate(error) from error
            except BaseException:
                self._abandon(cursors)
                raise
            finally:
                if self._attachment is not None:
                    self._attachment.used_at = time.monotonic()

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

    def read(self, work: Callable[[Session], T]) -> T:
        """``work`` in a READ ONLY READ COMMITTED transaction, which holds back no garbage collection."""
        with self.transaction(read_only=True) as session:
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
        """The raw attachment, for DDL; detach with :meth:`close`."""
        with self._lock:
            try:
                return self._open().connection
            except (fdb.DatabaseError, OSError) as error:
                self._drop()
                raise translate(error) from error

    def _open(self) -> _Attachment:
        if self._attachment is None:
            self._attachment = _Attachment(self.target)
        return self._attachment

    def _abandon(self, cursors: Cursors) -> None:
        try:
            cursors.end_streams()
            cursors.transaction.rollback()
        except (fdb.DatabaseError, OSError) as error:
            log.debug("rollback failed: %s", error)
            self._drop()

    def _drop(self) -> None:
        if self._attachment is None:
            return
        attachment, self._attachment = self._attachment, None
        try:
            attachment.close()
        except (fdb.DatabaseError, OSError) as error:
            log.debug("detach failed: %s", error)
