"""What the contract's tests share: databases with the contract installed, made by copy, and short ways to ask them."""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fdb

from integrator.erp.connection import Database, Target
from integrator.erp.schema import installer
from tools import firebird_packages
from tools.firebird_server import PrivateServer

Row = tuple[Any, ...]

_numbers = itertools.count(1)


class ContractDatabase:
    """A database of one test's own, with the contract in it."""

    def __init__(self, server: PrivateServer, path: Path, dialect: int) -> None:
        self.server = server
        self.path = path
        self.dialect = dialect

    def target(self, user: str = "", password: str = "", role: str = "") -> Target:
        """How the engine is told where this database is."""
        return Target(
            self.server.host,
            self.server.port,
            str(self.path),
            user or self.server.user,
            password or self.server.password,
            role=role,
        )

    @contextmanager
    def attach(
        self, charset: str = "WIN1252", *, user: str = "", password: str = "", role: str = ""
    ) -> Iterator[Attached]:
        """An attachment as an ERP would have; uncommitted work is rolled back at the end."""
        connection = fdb.connect(
            dsn=self.server.dsn(self.path),
            user=user or self.server.user,
            password=password or self.server.password,
            role=role or None,
            charset=charset,
            sql_dialect=self.dialect,
        )
        try:
            yield Attached(connection)
        finally:
            connection.rollback()
            connection.close()


class Attached:
    """An attachment whose transactions are READ COMMITTED and never wait, so that no test hangs on a lock."""

    def __init__(self, connection: fdb.Connection) -> None:
        self.connection = connection

    def ask(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query or of a selectable procedure."""
        cursor = self._cursor()
        cursor.execute(sql, tuple(parameters))
        found = [tuple(row) for row in cursor.fetchall()]
        cursor.close()
        return found

    def one(self, sql: str, parameters: Sequence[object] = ()) -> Row:
        """The only row."""
        found = self.ask(sql, parameters)
        assert len(found) == 1, f"{len(found)} rows: {sql}"
        return found[0]

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """The only cell."""
        (cell,) = self.one(sql, parameters)
        return cell

    def run(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """A statement without rows, or DDL; how many rows it touched."""
        cursor = self._cursor()
        cursor.execute(sql, tuple(parameters))
        touched = int(cursor.rowcount)
        cursor.close()
        return touched

    def commit(self) -> None:
        self.connection.commit()

    def rollback(self) -> None:
        self.connection.rollback()

    def done(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """`run`, committed."""
        touched = self.run(sql, parameters)
        self.commit()
        return touched

    def enqueue(self, key: str | None, **values: object) -> Row:
        """`WA_ENFILEIRAR` with parameters by name (P_ left out): (ID, RESULTADO, MOTIVO)."""
        given = _CUSTOMER | {name.upper(): value for name, value in values.items()}
        order = _parameters(self, "WA_ENFILEIRAR")[1:]
        last = max(order.index(f"P_{name}") for name in given)
        arguments = [key, *(given.get(name.removeprefix("P_")) for name in order[: last + 1])]
        marks = ", ".join("?" * len(arguments))
        return self.one(f"SELECT ID, RESULTADO, MOTIVO FROM WA_ENFILEIRAR({marks})", arguments)

    def put(self, key: str, state: str) -> int:
        """A row led by legal steps to `state`; its id. Committed."""
        path = _PATHS[state]
        self.run("INSERT INTO WA_FILA (CHAVE, SITUACAO, CLIENTE_NOME) VALUES (?, ?, 'João')", (key, path[0]))
        for step in path[1:]:
            self.run("UPDATE WA_FILA SET SITUACAO = ? WHERE CHAVE = ?", (step, key))
        self.commit()
        number, now = self.one("SELECT ID, SITUACAO FROM WA_FILA WHERE CHAVE = ?", (key,))
        assert now == state
        return int(number)

    def state(self, key: str) -> str:
        return str(self.value("SELECT SITUACAO FROM WA_FILA WHERE CHAVE = ?", (key,)))

    def _cursor(self) -> fdb.Cursor:
        if not self.connection.main_transaction.active:
            tpb = fdb.TPB()
            tpb.isolation_level = (fdb.isc_tpb_read_committed, fdb.isc_tpb_rec_version)
            tpb.lock_resolution = fdb.isc_tpb_nowait
            self.connection.begin(tpb)
        return self.connection.cursor()


_CUSTOMER: dict[str, object] = {
    "MODULO": "Receber",
    "TIPO": "Aviso",
    "CLIENTE_CODIGO": "1",
    "CLIENTE_NOME": "João",
    "TELEFONE": "49988590187",
    "ACEITA_RECEBER": "S",
}
_PATHS = {
    "rascunho": ["rascunho"],
    "pendente": ["pendente"],
    "aguardando_confirmacao": ["aguardando_confirmacao"],
    "retida": ["retida"],
    "reservada": ["pendente", "reservada"],
    "enviando": ["pendente", "reservada", "enviando"],
    "incerta": ["pendente", "reservada", "incerta"],
    "enviada": ["pendente", "reservada", "enviada"],
    "entregue": ["pendente", "reservada", "enviada", "entregue"],
    "lida": ["pendente", "reservada", "enviada", "lida"],
    "falhou": ["pendente", "reservada", "enviando", "falhou"],
    "cancelada": ["pendente", "cancelada"],
    "expirada": ["pendente", "expirada"],
}


def _parameters(attached: Attached, procedure: str) -> list[str]:
    found = attached.ask(
        "SELECT RDB$PARAMETER_NAME FROM RDB$PROCEDURE_PARAMETERS "
        "WHERE RDB$PROCEDURE_NAME = ? AND RDB$PARAMETER_TYPE = 0 ORDER BY RDB$PARAMETER_NUMBER",
        (procedure,),
    )
    return [str(name).strip() for (name,) in found]


def contract_database(server: PrivateServer, charset: str = "NONE", dialect: int = 3) -> ContractDatabase:
    """A new database with the contract; installed once for each charset and dialect, then copied."""
    template = server.path(f"contract-{charset.lower()}-{dialect}.fdb")
    if not template.exists():
        half = server.create_database(f"making-{next(_numbers)}.fdb", charset, dialect)
        database = Database(ContractDatabase(server, half, dialect).target())
        status = installer.install(database)
        database.close()
        assert status.ready, status.explain()
        half.rename(template)
    path = server.copy_database(template, f"contract-test-{next(_numbers)}.fdb")
    return ContractDatabase(server, path, dialect)


def isql(database: ContractDatabase, script: str, *options: str, encoding: str = "utf-8") -> str:
    """What `isql` printed for a script, as somebody would run it by hand over TCP."""
    server = database.server
    file = database.path.with_suffix(".sql")  # not the standard input, of which isql drops bytes that are no UTF-8
    file.write_text(script, encoding=encoding)
    account = ("-u", server.user, "-p", server.password)
    done = subprocess.run(
        [firebird_packages.ensure().isql, "-q", *options, *account, "-i", file, server.dsn(database.path)],
        env={**os.environ, **server.client_environment()},
        capture_output=True,
        check=False,
        timeout=60,
    )
    file.unlink()
    return (done.stdout + done.stderr).decode(encoding, errors="replace")
