"""Installs, completes and checks the ``WA_*`` contract in an ERP's database.

Only objects named ``WA_*`` are ever created. DDL runs in NO WAIT transactions and retries while an object is in use (a
waiting one would hang for as long as the other attachment lives), and each statement is committed by itself because
Firebird compiles procedures against committed tables; only rights that follow each other are given in one transaction.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import fdb

from integrator.domain.errors import SchemaError
from integrator.domain.fault import Fault
from integrator.erp.connection import Database, Row, Session
from integrator.erp.error_codes import gds_code, translate
from integrator.erp.schema.migrations import Privilege, Statement, latest_version, statements

log = logging.getLogger(__name__)

#: "object in use", deadlock, lock conflict: someone is using it, try again.
_IN_USE = frozenset({335544453, 335544336, 335544345})
#: "unsuccessful metadata update" heads many answers; Firebird 2.5 puts it before "is in use" too.
_METADATA = 335544351
_PRESENT = {
    "TABLE": "SELECT RDB$RELATION_NAME FROM RDB$RELATIONS WHERE RDB$VIEW_BLR IS NULL AND RDB$RELATION_NAME",
    "VIEW": "SELECT RDB$RELATION_NAME FROM RDB$RELATIONS WHERE RDB$VIEW_BLR IS NOT NULL AND RDB$RELATION_NAME",
    # A trigger that someone switched off is as good as gone; CREATE OR ALTER switches it on again.
    "TRIGGER": "SELECT RDB$TRIGGER_NAME FROM RDB$TRIGGERS WHERE RDB$TRIGGER_INACTIVE = 0 AND RDB$TRIGGER_NAME",
    "PROCEDURE": "SELECT RDB$PROCEDURE_NAME FROM RDB$PROCEDURES WHERE RDB$PROCEDURE_NAME",
    "COLUMN": "SELECT TRIM(RDB$RELATION_NAME) || '.' || TRIM(RDB$FIELD_NAME) FROM RDB$RELATION_FIELDS "
    "WHERE RDB$RELATION_NAME",
    "INDEX": "SELECT RDB$INDEX_NAME FROM RDB$INDICES WHERE RDB$INDEX_NAME",
    "GENERATOR": "SELECT RDB$GENERATOR_NAME FROM RDB$GENERATORS WHERE RDB$GENERATOR_NAME",
    "ROLE": "SELECT RDB$ROLE_NAME FROM RDB$ROLES WHERE RDB$ROLE_NAME",
}
_ENGINE = "SELECT RDB$GET_CONTEXT('SYSTEM', 'ENGINE_VERSION') FROM RDB$DATABASE"
_GRANTED = (
    "SELECT RDB$PRIVILEGE, RDB$RELATION_NAME, RDB$USER FROM RDB$USER_PRIVILEGES "
    "WHERE RDB$RELATION_NAME STARTING WITH 'WA_'"
)

Ask = Callable[[str], Iterable[Row]]


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

    @property
    def fault(self) -> Fault | None:
        """What is wrong; None when it is ready."""
        if self.ready:
            return None
        if self.version > self.latest:
            return Fault.TABLES_NEW
        if self.version == 0:
            return Fault.TABLES_ABSENT
        return Fault.TABLES_PARTIAL if self.missing else Fault.TABLES_OLD

    def explain(self) -> str:
        """One Portuguese sentence: state and what to do."""
        match self.fault:
            case None:
                return f"As tabelas do integrador estão instaladas (versão {self.version})."
            case Fault.TABLES_NEW:
                return (
                    f"As tabelas do integrador são da versão {self.version} e este programa só conhece até a "
                    f"{self.latest}. Atualize o integrador neste computador."
                )
            case Fault.TABLES_ABSENT:
                return "As tabelas do integrador ainda não existem neste banco. Instale com: integrator schema install"
            case Fault.TABLES_PARTIAL:
                names = ", ".join(self.missing[:6])
                return f"Faltam partes do contrato no banco ({names}). Complete com: integrator schema install"
            case _:
                return (
                    f"As tabelas do integrador são da versão {self.version}; esta versão do programa usa a "
                    f"{self.latest}. Atualize com: integrator schema install"
                )

    def error(self) -> SchemaError:
        """For what cannot go on with them as they are."""
        detail = f"version={self.version} missing={self.missing}"
        return SchemaError(self.explain(), detail=detail, fault=self.fault)


def check(database: Database) -> SchemaStatus:
    """Look, change nothing. In a transaction, so that no timer lets go of the attachment in the midst of it."""

    def look(session: Session) -> SchemaStatus:
        version, guid = _installed(session.stream)  # kept prepared, a statement would hold the table against its DDL
        missing = _Catalogue.read(session.stream).missing() if version else ()
        return SchemaStatus(version, latest_version(), missing, guid)

    return database.read(look)


def require_ready(database: Database) -> SchemaStatus:
    """The status of a contract that can be used, or :class:`SchemaError` with what to do."""
    status = check(database)
    if not status.ready:
        raise status.error()
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
        ask = _asking(connection)
        version, _ = _installed(ask)
        if version > latest_version():
            raise SchemaStatus(version, latest_version(), ()).error()
        for batch in _batches(_wanted(_Catalogue.read(ask), version)):
            _run(connection, batch, patience_s)
            for statement in batch:
                progress(f"{statement.kind.lower()} {statement.name}".strip())
        _stamp(connection)
    except fdb.DatabaseError as error:
        raise translate(error) from error
    finally:
        database.close()
    return check(database)


def _wanted(catalogue: _Catalogue, version: int) -> Iterator[Statement]:
    """What is not there, and what later versions than ``version`` write anew."""
    for statement in statements():
        replaced = statement.kind in {"PROCEDURE", "TRIGGER", "VIEW", "OTHER"} and statement.version > version
        if replaced or catalogue.lacks(statement):
            yield statement


def _batches(wanted: Iterable[Statement]) -> Iterator[Sequence[Statement]]:
    """What is committed together: each statement by itself, but for rights in a row, of which none needs another."""
    for grants, run in groupby(wanted, lambda statement: statement.kind == "GRANT"):
        if grants:
            yield tuple(run)
        else:
            yield from ((statement,) for statement in run)


def _asking(connection: fdb.Connection) -> Ask:
    """Queries beside the DDL of a raw attachment."""

    def ask(sql: str) -> Iterable[Row]:
        cursor = connection.cursor()
        cursor.execute(sql)
        found: list[Row] = cursor.fetchall()
        return found

    return ask


def _installed(ask: Ask) -> tuple[int, str]:
    if not list(ask(f"{_PRESENT['TABLE']} = 'WA_SCHEMA'")):
        return 0, ""
    found = list(ask("SELECT VERSAO, BANCO_GUID FROM WA_SCHEMA WHERE ID = 1"))
    return (int(found[0][0]), str(found[0][1]).strip()) if found else (0, "")


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """What of the contract the system tables show."""

    engine: float
    objects: frozenset[tuple[str, str]]
    privileges: frozenset[Privilege]

    @classmethod
    def read(cls, ask: Ask) -> _Catalogue:
        objects: set[tuple[str, str]] = set()
        for kind, query in _PRESENT.items():
            objects |= {(kind, str(name).strip()) for (name,) in ask(f"{query} STARTING WITH 'WA_'")}
        privileges = frozenset(Privilege(*(str(cell).strip() for cell in row)) for row in ask(_GRANTED))
        ((engine,),) = ask(_ENGINE)
        major, minor, *_ = str(engine).split(".")
        return cls(float(f"{major}.{minor}"), frozenset(objects), privileges)

    def lacks(self, statement: Statement) -> bool:
        """Whether the statement's object, or a right that it gives, is not there."""
        if statement.kind == "GRANT":
            return self.engine >= statement.since and not statement.privileges <= self.privileges
        return bool(statement.name) and (statement.kind, statement.name) not in self.objects

    def missing(self) -> tuple[str, ...]:
        """Names of absent objects, and of objects on which a right is absent, in the order of the contract."""
        absent = (
            statement.name or f"permissão em {next(iter(statement.privileges)).target}"
            for statement in statements()
            if self.lacks(statement)
        )
        return tuple(dict.fromkeys(absent))


def _run(connection: fdb.Connection, batch: Sequence[Statement], patience_s: float) -> None:
    """All of ``batch`` or nothing of it."""
    deadline = time.monotonic() + patience_s
    while True:
        connection.rollback()
        statement = batch[0]
        try:
            connection.begin(_no_wait())
            for statement in batch:
                connection.execute_immediate(statement.sql)
            connection.commit()
        except fdb.DatabaseError as error:
            connection.rollback()
            if not _in_use(error):
                raise _refusal(statement, error) from error
            if time.monotonic() > deadline:
                raise SchemaError(
                    f"O banco está em uso e não deixou atualizar {statement.name or 'as permissões'}. Feche o ERP, ou "
                    "tente fora do horário do fechamento, e rode de novo: integrator schema install",
                    detail=repr(error),
                    fault=Fault.TABLES_BUSY,
                ) from error
            log.info("action=schema_wait object=%s", statement.name)
            time.sleep(0.5)
        else:
            return


def _no_wait() -> fdb.TPB:
    tpb = fdb.TPB()
    tpb.isolation_level = (fdb.isc_tpb_read_committed, fdb.isc_tpb_rec_version)
    tpb.lock_resolution = fdb.isc_tpb_nowait
    return tpb


def _in_use(error: fdb.DatabaseError) -> bool:
    code = gds_code(error)
    return code in _IN_USE or (code == _METADATA and " is in use" in str(error.args[0]))


def _refusal(statement: Statement, error: fdb.DatabaseError) -> Exception:
    """What to raise for DDL that waiting does not help: a refusal is explained, the rest keeps the driver's words."""
    if gds_code(error) != _METADATA:
        return error
    return SchemaError(
        f"O banco não deixou criar {statement.name or 'as permissões'}. Instale com o usuário SYSDBA ou com o dono do "
        "banco.",
        detail=repr(error),
    )


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
