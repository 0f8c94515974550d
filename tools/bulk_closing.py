"""A big closing as one ERP would run it: one procedure, one transaction, thousands of messages each with title and PDF.

Used by the contract's tests in short form, and by hand for the figures: `python -m tools.bulk_closing [rows]`. The PDFs
are random bytes of 30 to 200 KB that the "ERP" keeps in a table of its own; each message gets its own copy.
"""

from __future__ import annotations

import os
import platform
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import fdb

from integrator.erp.connection import Database, Target
from integrator.erp.schema import installer
from tools import firebird_packages
from tools.firebird_server import PrivateServer

DISTINCT_FILES = 40
SMALLEST, LARGEST = 30_000, 200_000

_VENDOR = (
    "CREATE TABLE BOLETO_PDF (CODIGO INTEGER NOT NULL PRIMARY KEY, CONTEUDO BLOB SUB_TYPE 0)",
    "CREATE TABLE DEBITO (CODIGO INTEGER NOT NULL PRIMARY KEY, NOME VARCHAR(200), VALOR DOUBLE PRECISION, PDF INTEGER)",
    """CREATE PROCEDURE FECHAMENTO RETURNS (NOVAS INTEGER, RETIDAS INTEGER) AS
    DECLARE D INTEGER;
    DECLARE N VARCHAR(200);
    DECLARE V DOUBLE PRECISION;
    DECLARE P BLOB SUB_TYPE 0;
    DECLARE F INTEGER;
    DECLARE R VARCHAR(20);
    DECLARE L VARCHAR(20);
    BEGIN
        NOVAS = 0;
        RETIDAS = 0;
        FOR SELECT D.CODIGO, D.NOME, D.VALOR, B.CONTEUDO FROM DEBITO D JOIN BOLETO_PDF B ON B.CODIGO = D.PDF
            ORDER BY D.CODIGO INTO :D, :N, :V, :P DO
        BEGIN
            SELECT ID, RESULTADO FROM WA_ENFILEIRAR('bulk|' || :D, 'RECEBER', 'AVISO', :D, :N, '49988590187', 'S')
                INTO :F, :R;
            SELECT RESULTADO FROM WA_INCLUIR_TITULO(:F, :D, 'NF ' || :D, '1', NULL, 'TODAY', :V, :V) INTO :L;
            SELECT RESULTADO FROM WA_INCLUIR_ANEXO(:F, 'boleto.pdf', :P, NULL, 'boleto', NULL, 1, :D) INTO :L;
            SELECT RESULTADO FROM WA_LIBERAR('bulk|' || :D) INTO :L;
            IF (R = 'NOVA') THEN NOVAS = NOVAS + 1;
            IF (L = 'RETIDA') THEN RETIDAS = RETIDAS + 1;
        END
        SUSPEND;
    END""",
)


@dataclass(frozen=True, slots=True)
class BulkFigures:
    """What one closing did. Sizes are bytes; `seen_before` is what another attachment saw before the commit."""

    rows: int
    held: int
    seconds: float
    seen_before: int
    blob_bytes: int
    growth_bytes: int


def prepare(target: Target, rows: int, bad: frozenset[int] = frozenset(), seed: int = 7) -> None:
    """Give the database with the contract a vendor's tables and `rows` debts; `bad` ones have impossible data."""
    chance = random.Random(seed)
    connection = _attach(target)
    for sql in _VENDOR:
        connection.execute_immediate(sql)
        connection.commit()
    cursor = connection.cursor()
    for number in range(DISTINCT_FILES):
        content = b"%PDF-1.4\n" + chance.randbytes(chance.randint(SMALLEST, LARGEST))
        cursor.execute("INSERT INTO BOLETO_PDF VALUES (?, ?)", (number, content))
    debts = [
        (number, "x" * 200 if number in bad else f"Cliente {number}", 1e300 if number in bad else 10.0 + number,
         chance.randrange(DISTINCT_FILES))
        for number in range(rows)
    ]  # fmt: skip
    cursor.executemany("INSERT INTO DEBITO VALUES (?, ?, ?, ?)", debts)
    connection.commit()
    connection.close()


def close_the_day(target: Target, file: Path, *, commit: bool = True) -> BulkFigures:
    """Run the closing in one transaction; `file` is the database's file, whose growth is measured."""
    erp, engine = _attach(target), _attach(target)
    before = file.stat().st_size
    started = time.perf_counter()
    cursor = erp.cursor()
    cursor.execute("SELECT NOVAS, RETIDAS FROM FECHAMENTO")
    ((rows, held),) = cursor.fetchall()
    seen = _count(engine, "SELECT COUNT(*) FROM WA_FILA")
    if commit:
        erp.commit()
    else:
        erp.rollback()
    seconds = time.perf_counter() - started
    blobs = _count(engine, "SELECT SUM(CAST(OCTET_LENGTH(CONTEUDO) AS DOUBLE PRECISION)) FROM WA_ANEXO")
    for connection in (erp, engine):
        connection.close()
    return BulkFigures(int(rows), int(held), seconds, seen, blobs, file.stat().st_size - before)


def measure(rows: int) -> BulkFigures:
    """The closing on a private server and a new database, as in a shop's night."""
    firebird = firebird_packages.ensure()
    with tempfile.TemporaryDirectory() as folder, PrivateServer(Path(folder), firebird) as server:
        path = server.create_database("bulk.fdb")
        target = Target(server.host, server.port, str(path), server.user, server.password)
        database = Database(target)
        installer.install(database)
        database.close()
        prepare(target, rows, bad=frozenset({rows // 2}))
        return close_the_day(target, path)


def main() -> None:
    """Print the figures of one closing and the machine they were measured on."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    figures = measure(rows)
    megabyte = 1024 * 1024
    print(f"{figures.rows} mensagens com título e PDF em {figures.seconds:.1f} s ({figures.held} retidas)")
    print(f"PDFs {figures.blob_bytes / megabyte:.0f} MB; o banco cresceu {figures.growth_bytes / megabyte:.0f} MB")
    print(f"vistas por outra conexão antes do COMMIT: {figures.seen_before}")
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} núcleos, Python {platform.python_version()}")


def _attach(target: Target) -> fdb.Connection:
    return fdb.connect(dsn=target.dsn, user=target.user, password=target.password, charset="WIN1252")


def _count(connection: fdb.Connection, sql: str) -> int:
    cursor = connection.cursor()
    cursor.execute(sql)
    ((number,),) = cursor.fetchall()
    connection.commit()
    return int(number or 0)


if __name__ == "__main__":
    main()
