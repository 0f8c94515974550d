"""A small ERP in a database of its own, and profiles written against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import fdb

from integrator.erp.connection import Database, Target
from integrator.erp.profiles.loader import Profile, read_profile
from integrator.erp.profiles.source import ProfileSource
from tools.firebird_server import PrivateServer

TABLES = (
    "CREATE TABLE CLIENTE (ID INTEGER NOT NULL PRIMARY KEY, NOME VARCHAR(150), CELULAR VARCHAR(60), AVISO CHAR(1), "
    "NASCIMENTO DATE, OBS BLOB SUB_TYPE TEXT)",
    "CREATE TABLE RECEBER (ID INTEGER NOT NULL PRIMARY KEY, CLIENTE INTEGER, LOJA CHAR(4), VENC DATE, "
    "VALOR NUMERIC(12, 2), SALDO DOUBLE PRECISION, HISTORICO VARCHAR(40) CHARACTER SET UTF8)",
    "CREATE TABLE PARAMETRO (MULTA NUMERIC(9, 2))",
    "CREATE TABLE ORDEM (ID INTEGER NOT NULL PRIMARY KEY, CLIENTE INTEGER, PRONTA TIMESTAMP, TOTAL NUMERIC(9, 2), "
    "LAUDO BLOB SUB_TYPE 0, ARQUIVO VARCHAR(200))",
    "CREATE TABLE TOCADO (N INTEGER)",
    "CREATE SEQUENCE CONTADOR",
    "CREATE PROCEDURE LISTA RETURNS (ID INTEGER) AS BEGIN FOR SELECT ID FROM CLIENTE INTO :ID DO SUSPEND; END",
    "CREATE PROCEDURE TRAVESSA RETURNS (ID INTEGER) AS BEGIN INSERT INTO TOCADO (N) VALUES (1); ID = 1; SUSPEND; END",
)
DEBTS = """SELECT R.ID AS REF, R.CLIENTE AS CLIENTE_CODIGO, C.NOME AS CLIENTE_NOME, R.VENC AS VENCIMENTO,
    R.VALOR AS VALOR, R.SALDO AS VALOR_ABERTO, R.LOJA AS EMPRESA
FROM RECEBER R JOIN CLIENTE C ON C.ID = R.CLIENTE
WHERE R.VENC BETWEEN :de AND :ate"""
CONTACTS = "SELECT ID AS CLIENTE_CODIGO, CELULAR AS TELEFONE, AVISO AS RECEBE_AVISO FROM CLIENTE"
RECHECK = "SELECT 'aberto' AS SITUACAO, SALDO AS VALOR_ABERTO, VENC AS VENCIMENTO FROM RECEBER WHERE ID = :ref"


@dataclass(frozen=True, slots=True)
class ErpShop:
    """One ERP's database. Rows are written as the ERP would: text as the bytes it stores."""

    server: PrivateServer
    path: Path
    dialect: int = 3

    @property
    def target(self) -> Target:
        return Target(self.server.host, self.server.port, str(self.path), self.server.user, self.server.password)

    @property
    def database(self) -> Database:
        return Database(self.target)

    def run(self, sql: str, rows: Sequence[Sequence[object]] = ((),), charset: str = "NONE") -> None:
        """Execute one statement for each row of parameters and commit."""
        with self._attached(charset) as connection:
            cursor = connection.cursor()
            for row in rows:
                cursor.execute(sql, tuple(row))
            connection.commit()

    def value(self, sql: str) -> object:
        with self._attached("NONE") as connection:
            return connection.cursor().execute(sql).fetchall()[0][0]

    def create(self) -> None:
        with self._attached("NONE") as connection:
            for statement in TABLES:
                connection.cursor().execute(statement)
                connection.commit()

    @contextmanager
    def source(self, profile: Profile) -> Iterator[ProfileSource]:
        reading = ProfileSource(Database(self.target), profile)
        try:
            yield reading
        finally:
            reading.close()

    @contextmanager
    def _attached(self, charset: str) -> Iterator[fdb.Connection]:
        connection = fdb.connect(
            dsn=self.server.dsn(self.path),
            user=self.server.user,
            password=self.server.password,
            charset=charset,
            sql_dialect=self.dialect,
        )
        try:
            yield connection
        finally:
            connection.close()


def profile_of(debts: str = DEBTS, *, contacts: str = CONTACTS, more: str = "", charset: str = "WIN1252") -> Profile:
    """A profile with these SELECTs; the SQL of ``titulos`` begins in line 6, column 1."""
    text = (
        f"[perfil]\nnome = 'Loja'\ncharset = '{charset}'\n[titulos]\nsql = '''\n{debts}\n'''\n"
        f"[contatos]\nsql = '''\n{contacts}\n'''\n{more}"
    )
    return read_profile(text, "loja.toml")


def only(table: str, sql: str, *keys: str) -> Profile:
    """A profile with one source that stands alone."""
    lines = "\n".join(keys)
    return read_profile(f"[perfil]\nnome = 'Loja'\n[{table}]\n{lines}\nsql = '''\n{sql}\n'''\n", "loja.toml")
