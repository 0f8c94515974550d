"""Looks into a sample ERP's database for its tests: the queue by CHAVE, and whole tables as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from integrator.demo.sample_erp.build import SampleErp
from integrator.demo.sample_erp.model import Problem
from integrator.domain.message import Attachment, Title
from integrator.domain.phone import PhoneCandidate, parse_phones
from integrator.erp import rows
from integrator.erp.connection import Database, Session
from integrator.erp.sql import QUERIES
from integrator.gateways.simulator.numbers import canonical_number

TODAY = date(2026, 11, 20)
_TEXT_TYPES = (14, 37)
_BLOB_TYPE = 261
_KEYS = "SELECT TRIM(CHAVE), ID FROM WA_FILA"


@contextmanager
def reading(erp: SampleErp) -> Iterator[Session]:
    """One read transaction."""
    database = Database(erp.target)
    try:
        with database.transaction(read_only=True) as session:
            yield session
    finally:
        database.close()


def read(erp: SampleErp, sql: str, *parameters: object) -> list[Any]:
    """The rows of one query."""
    with reading(erp) as session:
        return session.rows(sql, parameters)


def keys(erp: SampleErp) -> set[str]:
    """Every CHAVE in the queue."""
    return {key for key, _ in read(erp, _KEYS)}


def column(erp: SampleErp, name: str) -> dict[str, bytes]:
    """A column of WA_FILA as bytes, by CHAVE."""
    found = read(erp, f"SELECT TRIM(CHAVE), CAST({name} AS VARCHAR(200) CHARACTER SET OCTETS) FROM WA_FILA")
    return {key: value or b"" for key, value in found}


def titles(erp: SampleErp) -> dict[str, list[Title]]:
    """The debts of every row of the closing that has some, by CHAVE."""
    with reading(erp) as session:
        found = {
            key: [rows.title(row) for row in session.rows(QUERIES["load_titles"], (number,))]
            for key, number in session.rows(_KEYS)
        }
    return {key: own for key, own in found.items() if own and key.startswith("COB|")}


def attachments(erp: SampleErp) -> dict[str, Attachment]:
    """The one attachment of every row that has one, by CHAVE."""
    with reading(erp) as session:
        return {
            key: rows.attachment(row)
            for key, number in session.rows(_KEYS)
            for row in session.rows(QUERIES["load_attachments"], (number,))
        }


def content(erp: SampleErp) -> list[list[Any]]:
    """Everything a build decides: the ERP's tables and the queue, without its ids, GUIDs and times."""
    own = ("EMPRESA", "USUARIOS", "PESSOAS", "CONTATOS", "CONTAS_RECEBER", "BOLETOS", "DOCUMENTOS")
    parts = ("WA_TITULO", "WA_VARIAVEL", "WA_ANEXO")
    with reading(erp) as session:
        found = [session.rows(f"SELECT {_columns(session, table)} FROM {table} ORDER BY 1") for table in own]
        kept = f"SELECT {_columns(session, 'WA_FILA')} FROM WA_FILA WHERE SITUACAO <> 'cancelada' ORDER BY CHAVE"
        found.append(session.rows(kept))
        for table in parts:
            wanted = _columns(session, table)
            join = f"FROM {table} JOIN WA_FILA ON WA_FILA.ID = {table}.FILA_ID ORDER BY CHAVE, {table}.ID"
            found.append(session.rows(f"SELECT WA_FILA.CHAVE, {wanted} {join}"))
    return found


def _columns(session: Session, table: str) -> str:
    """The columns of a table that a build decides, texts as bytes because some are no Windows-1252."""
    found = session.rows(
        "SELECT TRIM(R.RDB$FIELD_NAME), F.RDB$FIELD_TYPE, F.RDB$FIELD_LENGTH FROM RDB$RELATION_FIELDS R "
        "JOIN RDB$FIELDS F ON F.RDB$FIELD_NAME = R.RDB$FIELD_SOURCE WHERE R.RDB$RELATION_NAME = ? "
        "ORDER BY R.RDB$FIELD_POSITION",
        (table,),
    )
    of_the_queue = ("ID", "FILA_ID", "GUID", "SEMENTE", "ORDEM", "CRIADO_EM", "ATUALIZADO_EM")
    decided = [item for item in found if not (table.startswith("WA_") and item[0] in of_the_queue)]
    return ", ".join(_column(table, *item) for item in decided)


def _column(table: str, name: str, kind: int, length: int) -> str:
    if kind in _TEXT_TYPES:
        return f"CAST({table}.{name} AS VARCHAR({length}) CHARACTER SET OCTETS)"
    return f"CAST({table}.{name} AS VARCHAR(20000) CHARACTER SET OCTETS)" if kind == _BLOB_TYPE else f"{table}.{name}"


def held(erp: SampleErp, problem: Problem) -> list[str]:
    """The CHAVEs to be held for that problem."""
    return [item.key for item in erp.expectations.held if item.problem is problem]


def closing_keys(erp: SampleErp) -> set[str]:
    """The CHAVEs that the closing itself must make."""
    expected = erp.expectations
    stopped = [item.key for item in expected.held] + [item.key for item in expected.cancelled]
    return {key for key in (*expected.sendable, *stopped) if key.startswith("COB|")}


def phones(typed: bytes) -> tuple[PhoneCandidate, ...]:
    """The usable numbers of a TELEFONE; those without area code are of the shop's town."""
    return parse_phones(typed.decode("cp1252"), "49")


def on_whatsapp(candidates: tuple[PhoneCandidate, ...]) -> bool:
    """Whether the simulator knows any of them."""
    return any(canonical_number(form, {}) for candidate in candidates for form in candidate.alternatives)


def hook(erp: SampleErp, asked: list[Title]) -> list[tuple[str, Any, Any]]:
    """What the ERP's WA_CONFERIR_TITULO answers about each title."""
    with reading(erp) as session:
        return [session.rows(QUERIES["ask_hook"], (title.ref,))[0] for title in asked]
