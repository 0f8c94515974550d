"""Installs, completes and checks the ``WA_*`` contract in an ERP's database.

Only objects named ``WA_*`` are ever created. DDL waits and retries while an object is in use, and each statement is
committed by itself because Firebird compiles procedures against committed tables.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import fdb

from integrator.domain.errors import SchemaError
from integrator.erp.connection import Database, gds_code, translate
from integrator.erp.schema.migrations import Statement, latest_version, statements

log = logging.getLogger(__name__)

#: "object in use", deadlock, lock conflict, metadata update conflict: someone is using it, try again.
_IN_USE = frozenset({335544453, 335544336, 335544345, 335544351})
_EXISTS = {
    "TABLE": "SELECT 1 FROM RDB$RELATIONS WHERE RDB$RELATION_NAME = ? AND RDB$VIEW_BLR IS NULL",
    "VIEW": "SELECT 1 FROM RDB$RELATIONS WHERE RDB$RELATION_NAME = ? AND RDB$VIEW_BLR IS NOT NULL",
    "TRIGGER": "SELECT 1 FROM RDB$TRIGGERS WHERE RDB$TRIGGER_NAME = ?",
    "PROCEDURE": "SELECT 1 FROM RDB$PROCEDURES WHERE RDB$PROCEDURE_NAME = ?",
    "INDEX": "SELECT 1 FROM RDB$INDICES WHERE RDB$INDEX_NAME = ?",
    "GENERATOR": "SELECT 1 FROM RDB$GENERATORS WHERE RDB$GENERATOR_NAME = ?",
    "ROLE": "SELECT 1 FROM RDB$ROLES WHERE RDB$ROLE_NAME = ?",
}


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """What is in the database: version 0 means not installed; ``missing`` names absent objects."""

    version: int
    latest: int
    missing: tuple[str, ...]
    database_guid: str = ""

    @property
    def ready(self) -> bool:
        """Whether the engine may work with it."""
        return self.version == self.latest and not self.missing

    def explain(self) -> str:
        """One Portuguese sentence: state and what to do."""
        if self.ready:
            return f"As tabelas do integrador estão instaladas (versão {self.version})."
        if self.version > self.latest:
            return (
                f"As tabelas do integrador são da versão {self.version} e este programa só conhece até a "
                f"{self.latest}. "
                "Atualize o integrador neste computador."
            )
        if self.version == 0:
            return "As tabelas do integrador ainda não existem neste banco. Instale com: integrator schema install"
        if self.missing:
            names = ", ".join(self.missing[:6])
            return f"Faltam partes do contrato no banco ({names}). Complete com: integrator schema install"
        return (
            f"As tabelas do integrador são da versão {self.version}; esta versão do programa usa a {self.latest}. "
            "Atualize com: integrator schema install"
        )


def check(database: Database) -> SchemaStatus:
    """Look, change nothing."""
    connection = database.connection()
    try:
        version, guid = _installed(connection)
        missing = tuple(s.name for s in statements() if s.name and not _exists(connection, s)) if version else ()
        return SchemaStatus(version, latest_version(), missing, guid)
    except fdb.DatabaseError as error:
        raise translate(error) from error
    finally:
        connection.rollback()


def require_ready(database: Database) -> SchemaStatus:
    """The status of a contract that can be used, or :class:`SchemaError` with what to do."""
    status = check(database)
    if not status.ready:
        raise SchemaError(status.explain(), detail=f"version={status.version} missing={status.missing}")
    return status


def install(
    database: Database, progress: Callable[[str], None] = lambda _: None, *, patience_s: float = 30.0
) -> SchemaStatus:
    """Create what is missing and apply newer migrations; doing it twice changes nothing.

    ``patience_s`` is how long one statement waits for objects in use. Raises :class:`SchemaError` when the database is
    newer than this program, and the connection errors of :mod:`integrator.erp.connection`.
    """
    connection = database.connection()
    try:
        version, _ = _installed(connection)
        if version > latest_version():
            raise SchemaError(SchemaStatus(version, latest_version(), ()).explain())
        changed = False
        for statement in statements():
            if statement.kind != "GRANT":
                wanted = statement.version > version and statement.kind in {"PROCEDURE", "TRIGGER", "VIEW"}
                if not wanted and _exists(connection, statement):
                    continue
            elif statement.version <= version and not changed:
                continue
            _run(connection, statement, patience_s)
            changed = True
            progress(f"{statement.kind.lower()} {statement.name}".strip())
        _stamp(connection)
    except fdb.DatabaseError as error:
        raise translate(error) from error
    finally:
        database.close()
    return check(database)


def _installed(connection: fdb.Connection) -> tuple[int, str]:
    cursor = connection.cursor()
    cursor.execute(_EXISTS["TABLE"], ("WA_SCHEMA",))
    if not cursor.fetchall():
        return 0, ""
    cursor.execute("SELECT VERSAO, BANCO_GUID FROM WA_SCHEMA WHERE ID = 1")
    found = cursor.fetchall()
    return (int(found[0][0]), str(found[0][1]).strip()) if found else (0, "")


def _exists(connection: fdb.Connection, statement: Statement) -> bool:
    cursor = connection.cursor()
    cursor.execute(_EXISTS[statement.kind], (statement.name,))
    return bool(cursor.fetchall())


def _run(connection: fdb.Connection, statement: Statement, patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            connection.execute_immediate(statement.sql)
            connection.commit()
        except fdb.DatabaseError as error:
            connection.rollback()
            if gds_code(error) not in _IN_USE:
                raise
            if time.monotonic() > deadline:
                raise SchemaError(
                    f"O banco está em uso e não deixou atualizar {statement.name}. Feche o ERP, ou tente fora do "
                    "horário do fechamento, e rode de novo: integrator schema install",
                    detail=repr(error),
                ) from error
            log.info("action=schema_wait object=%s", statement.name)
            time.sleep(0.5)
        else:
            return


def _stamp(connection: fdb.Connection) -> None:
    """Write the version; the database's GUID is made once and identifies it in journals."""
    cursor = connection.cursor()
    cursor.execute("UPDATE WA_SCHEMA SET VERSAO = ? WHERE ID = 1", (latest_version(),))
    if cursor.rowcount == 0:
        cursor.execute(
            "INSERT INTO WA_SCHEMA (ID, VERSAO, BANCO_GUID, BANCO_CRIADO_EM, INSTALADO_EM) "
            "SELECT 1, CAST(? AS INTEGER), UUID_TO_CHAR(GEN_UUID()), MON$CREATION_DATE, CAST(? AS TIMESTAMP) "
            "FROM MON$DATABASE",
            (latest_version(), datetime.now()),
        )
    connection.commit()
