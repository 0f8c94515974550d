"""One open attachment: how it is made, watched, used and ended, whatever state the server is in.

Everything that waits for the server stands inside ``with self.watch``, so that it ends in bounded time.
"""

from __future__ import annotations

import ctypes
import logging
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any

import fdb
from fdb import ibase

from integrator.domain.errors import DatabaseRefused
from integrator.domain.fault import Fault
from integrator.erp.client import PYTHON_BITS, find_client
from integrator.erp.drives import require_local_database
from integrator.erp.session import Cursors
from integrator.erp.target import Target
from integrator.erp.watchdog import Watchdog
from integrator.logs import log_event

log = logging.getLogger(__name__)

PATIENCE_S = 30.0
#: How long a detach may take: whoever detaches is about to do something else.
_DETACH_S = 5.0

_client_lock = threading.Lock()
_client_loaded: list[Path | None] = []
_connecting = threading.local()


def load_client(library: Path | None) -> None:
    """Load the Firebird client once per process; a later call with another library keeps the first."""
    with _client_lock:
        if _client_loaded:
            return
        try:
            fdb.load_api(str(library)) if library else fdb.load_api()
        except Exception as error:
            choice = find_client(str(library or ""))
            reason = "" if choice.usable else f" {choice.why}"
            where = f" em {library}" if library else ""
            raise DatabaseRefused(
                f"Não consegui carregar a biblioteca do Firebird (fbclient){where}.{reason} Ela precisa existir e ser "
                f"de {PYTHON_BITS} bits; informe o caminho em [banco] cliente.",
                detail=repr(error),
                fault=Fault.LIBRARY_BROKEN,
            ) from error
        fdb.add_hook(fdb.HOOK_DATABASE_ATTACH_REQUEST, _limit_handshake)
        _client_loaded.append(library)


def _limit_handshake(_dsn: bytes, parameters: Any) -> None:
    """fdb has no argument for it, and the client library's own limit is three minutes."""
    seconds = getattr(_connecting, "seconds", 0)
    if seconds:
        parameters.add_integer_parameter(ibase.isc_dpb_connect_timeout, seconds)


class Attachment:
    """One open connection with its two long-lived transaction objects (they hold a transaction only while used).

    The constructor attaches and may take as long as the server pleases: it runs inside an ``Opening``.
    """

    def __init__(self, target: Target, patience_s: float = PATIENCE_S) -> None:
        self.connection = _connect(target)
        self._handle = self.connection._db_handle  # fdb forgets it, even where its detach fails; 0 once detached
        self.watch = Watchdog(self._abort, patience_s)
        encoding = target.raw_encoding if target.raw_text else None
        self._cursors = {
            read_only: Cursors(self.connection.trans(_parameters(read_only)), self.watch, encoding=encoding)
            for read_only in (False, True)
        }
        self.used_at = time.monotonic()

    def cursors(self, *, read_only: bool) -> Cursors:
        return self._cursors[read_only]

    def begin(self, cursors: Cursors) -> None:
        with self.watch:
            cursors.transaction.begin()

    def commit(self, cursors: Cursors) -> None:
        with self.watch:
            cursors.end_streams()
            cursors.transaction.commit()

    def rollback(self, cursors: Cursors) -> None:
        with self.watch:
            cursors.end_streams()
            cursors.transaction.rollback()

    def close(self, *, lost: bool = False) -> None:
        """Detach, in order unless the connection is ``lost``; in any case nothing is left and no error is raised."""
        self.watch.patience_s = min(self.watch.patience_s, _DETACH_S)
        try:
            if not (lost or self.watch.fired):
                with self.watch:
                    self._detach_in_order()
        except (fdb.DatabaseError, OSError) as error:
            log.debug("detach failed: %s", error)
        finally:
            self._forget()
            self.watch.close()

    def _detach_in_order(self) -> None:
        for cursors in self._cursors.values():
            cursors.close()
        self.connection.close()

    def _forget(self) -> None:
        """Free the client library's side and take the handles from fdb's objects.

        Their finalizers would otherwise ask the lost server once more, and print errors that nobody can act on.
        """
        self.connection._db_handle = None
        for cursors in self._cursors.values():
            cursors.forget()
        api, status = fdb.load_api(), ibase.ISC_STATUS_ARRAY()
        with self.watch:
            for transaction in self.connection.transactions:
                if transaction._tr_handle:  # a detach is refused while one is open
                    api.isc_rollback_transaction(status, transaction._tr_handle)
                transaction._tr_handle = None
            if self._handle:
                api.isc_detach_database(status, self._handle)

    def _abort(self) -> None:
        log_event(log, "database_silent", level=logging.WARNING, patience_s=self.watch.patience_s)
        cancel = fdb.load_api().client_library.fb_cancel_operation
        cancel(ibase.ISC_STATUS_ARRAY(), ctypes.byref(self._handle), ctypes.c_ushort(ibase.fb_cancel_abort))


def _parameters(read_only: bool) -> fdb.TPB:
    tpb = fdb.TPB()
    tpb.access_mode = fdb.isc_tpb_read if read_only else fdb.isc_tpb_write
    tpb.isolation_level = (fdb.isc_tpb_read_committed, fdb.isc_tpb_rec_version)
    tpb.lock_resolution = fdb.isc_tpb_nowait
    return tpb


def _connect(target: Target) -> fdb.Connection:
    require_local_database(target.host, target.path)
    load_client(target.client)
    if target.host:
        _probe(target)
    connection = _attach(target, 3)
    if connection.db_info(fdb.isc_info_db_sql_dialect) == 1:
        connection.close()
        connection = _attach(target, 1)
    _bind_new_types(connection)
    if target.raw_text:
        connection._python_charset = target.raw_encoding  # fdb would take the computer's own
    return connection


def _attach(target: Target, dialect: int) -> fdb.Connection:
    _connecting.seconds = max(1, round(target.connect_timeout_s))
    try:
        return fdb.connect(
            dsn=target.dsn,
            user=target.user,
            password=target.password,
            role=target.role or None,
            charset="NONE" if target.raw_text else "UTF8",
            sql_dialect=dialect,
        )
    finally:
        _connecting.seconds = 0


def _probe(target: Target) -> None:
    """An absent server would hold the client library for as long as the system tries: ask the port first."""
    with socket.create_connection((target.host, target.port), timeout=target.connect_timeout_s):
        pass


def _bind_new_types(connection: fdb.Connection) -> None:
    """Firebird 4 and newer: ask for types that the client knows (source: measured, facts on FB4 binds)."""
    if connection.engine_version < 4:
        return
    for bind in ("TIME ZONE TO LEGACY", "INT128 TO LEGACY", "DECFLOAT TO DOUBLE PRECISION"):
        connection.execute_immediate(f"SET BIND OF {bind}")
        connection.commit()


def keep_our_signals() -> None:
    """Take SIGINT and SIGTERM back: on its first attachment the client library makes them its own.

    It then shuts itself down on them, in the middle of a message, and the program never hears of the wish to stop.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        handler = signal.getsignal(number)
        if handler is not None:
            signal.signal(number, handler)
