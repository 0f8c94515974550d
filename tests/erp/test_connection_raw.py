"""Reading an ERP's own tables: whatever bytes they hold arrive, in every charset, and one odd byte breaks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

import fdb
import pytest

from integrator.domain.errors import ErpDatabaseError, SettingsError
from integrator.erp.connection import Column, Database, Row, Session, Target
from tests.conftest import FreshDatabase
from tools.firebird_server import PrivateServer

_ODD = b"a\x81\xe7"  # 0x81 is nothing in WIN1252
_WINDOWS = b"\x80 a\xe7\xe3o"  # "€ ação"
_UTF8 = "ção ✔".encode()

_TABLE = """
    CREATE TABLE CLIENTES (
        ID INTEGER NOT NULL,
        N VARCHAR(10) CHARACTER SET NONE, NC CHAR(6) CHARACTER SET NONE, NB BLOB SUB_TYPE TEXT CHARACTER SET NONE,
        W VARCHAR(10) CHARACTER SET WIN1252, WC CHAR(6) CHARACTER SET WIN1252,
        WB BLOB SUB_TYPE TEXT CHARACTER SET WIN1252,
        I VARCHAR(10) CHARACTER SET ISO8859_1, IB BLOB SUB_TYPE TEXT CHARACTER SET ISO8859_1,
        U VARCHAR(10) CHARACTER SET UTF8, UC CHAR(5) CHARACTER SET UTF8,
        UCI CHAR(5) CHARACTER SET UTF8 COLLATE UNICODE_CI, UB BLOB SUB_TYPE TEXT CHARACTER SET UTF8,
        F BLOB SUB_TYPE BINARY, VALOR NUMERIC(15, 2), QUANDO TIMESTAMP)
"""
_INSERT = f"INSERT INTO CLIENTES VALUES ({', '.join('?' * 16)})"
_STORED = (
    1, _ODD, b"a\xe7", _ODD, _WINDOWS, b"a\xe7", _WINDOWS, _ODD, _ODD, _UTF8, _UTF8, _UTF8, _UTF8, b"\x00\x81",
    12.5, datetime(2026, 10, 1, 8),
)  # fmt: skip


@pytest.fixture(params=[(3, "NONE"), (1, "NONE"), (3, "WIN1252"), (1, "UTF8")], ids=str)
def erp(request: pytest.FixtureRequest, firebird_server: PrivateServer, fresh_database: FreshDatabase) -> Target:
    """A database as an ERP has it: each column with a charset of its own, stored as other programs stored it."""
    dialect, charset = request.param
    path = fresh_database(charset, dialect)
    return _filled(firebird_server, path, dialect)


def _filled(server: PrivateServer, path: Path, dialect: int) -> Target:
    connection = fdb.connect(
        dsn=server.dsn(path), user=server.user, password=server.password, charset="NONE", sql_dialect=dialect
    )
    connection.execute_immediate(_TABLE)
    connection.commit()
    connection.cursor().execute(_INSERT, _STORED)
    connection.commit()
    connection.close()
    return Target(server.host, server.port, str(path), server.user, server.password, raw_text=True)


@pytest.fixture
def database(erp: Target) -> Iterator[Database]:
    database = Database(erp)
    yield database
    database.close()


def test_every_text_arrives_as_the_bytes_that_are_stored(database: Database) -> None:
    read = database.read(lambda session: session.row("SELECT * FROM CLIENTES"))

    assert read is not None
    assert read[1:14] == _STORED[1:14]  # CHAR without its padding, also where UTF8 pads by characters
    assert read[14] in {12.5, Decimal("12.5")}  # dialect 1 has money as floats
    assert read[15] == datetime(2026, 10, 1, 8)


def test_columns_are_described_as_the_database_declares_them(database: Database) -> None:
    columns = database.read(lambda session: session.describe("SELECT c.*, c.N AS APELIDO FROM CLIENTES c"))

    found = {column.name: column for column in columns}
    assert found["ID"] == Column("ID", "INTEGER", 0, 4, None, nullable=False)
    assert found["APELIDO"] == Column("APELIDO", "VARCHAR", 0, 10, 0, nullable=True)
    assert (found["W"].charset_id, found["WB"].charset_id, found["WB"].type_name) == (53, 53, "BLOB TEXT")
    assert (found["I"].charset_id, found["UCI"].charset_id, found["UCI"].length) == (21, 4, 20)
    assert (found["F"].type_name, found["F"].is_text) == ("BLOB", False)
    assert (found["VALOR"].type_name, found["VALOR"].scale) == ("NUMERIC", -2)
    assert found["QUANDO"].type_name == "TIMESTAMP"


def test_a_plan_is_told_and_nothing_is_executed(database: Database) -> None:
    def work(session: Session) -> tuple[str, tuple[Column, ...]]:
        deletion = "DELETE FROM CLIENTES"
        session.plan(deletion)
        return session.plan("SELECT N FROM CLIENTES"), session.describe(deletion)

    plan, columns = database.read(work)
    count = database.read(lambda session: session.row("SELECT COUNT(*) FROM CLIENTES"))

    assert (plan, columns, count) == ("PLAN (CLIENTES NATURAL)", (), (1,))


def test_a_literal_with_accents_finds_what_the_erp_wrote(database: Database) -> None:
    found = database.read(lambda session: session.rows("SELECT ID FROM CLIENTES WHERE WC = 'aç' OR NC = ?", ("aç",)))

    assert found == [(1,)]


def test_a_character_that_the_charset_lacks_is_named(database: Database) -> None:
    with pytest.raises(SettingsError, match=r"✔.*cp1252"):
        database.read(lambda session: session.rows("SELECT ID FROM CLIENTES WHERE N = '✔'"))


def test_a_big_text_blob_is_bytes_as_well(database: Database) -> None:
    text = _ODD * 50_000
    database.run(lambda session: session.execute("UPDATE CLIENTES SET NB = ?", (text,)))

    assert database.read(lambda session: session.row("SELECT NB FROM CLIENTES")) == (text,)


def test_a_day_is_a_day_in_dialect_3_and_a_moment_in_dialect_1(database: Database) -> None:
    row = database.read(lambda session: session.row("SELECT CAST(QUANDO AS DATE) FROM CLIENTES"))

    assert row in {(date(2026, 10, 1),), (datetime(2026, 10, 1, 8),)}


_MANY = """
    SELECT a.RDB$FIELD_NAME, b.RDB$FIELD_ID FROM RDB$RELATION_FIELDS a
    CROSS JOIN RDB$RELATION_FIELDS b ROWS 5000
"""


def test_a_stream_gives_all_rows_and_can_be_left_half_way(database: Database) -> None:
    def work(session: Session) -> tuple[int, list[Row], list[Row], list[Row]]:
        whole = sum(1 for _ in session.stream(_MANY))
        left = list(islice(session.stream(_MANY), 3))
        return whole, left, list(islice(session.stream(_MANY), 3)), session.rows(_MANY)[:3]

    whole, left, again, all_at_once = database.read(work)

    assert whole == 5000
    assert left == again == all_at_once


def test_a_stream_ends_with_its_transaction(database: Database) -> None:
    stream = database.read(lambda session: session.stream(_MANY))

    assert list(stream) == []


def test_two_streams_at_once_do_not_mix(database: Database) -> None:
    def work(session: Session) -> list[bool]:
        pairs = zip(session.stream(_MANY), session.stream(_MANY), strict=True)
        return [one == other for one, other in pairs]

    assert all(database.read(work))


def test_an_sql_that_does_not_parse_is_an_error_and_the_attachment_stays_good(database: Database) -> None:
    with pytest.raises(ErpDatabaseError):
        database.read(lambda session: session.describe("SELECT NADA FROM CLIENTES"))

    assert database.read(lambda session: session.row("SELECT ID FROM CLIENTES")) == (1,)
