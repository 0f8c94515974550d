"""Everything that the contract's tables hold about rows of one person, as they are, and its erasure (LGPD, art. 18).

Tables are found by their column ``FILA_ID`` and columns by the database's own description, over a raw attachment: what
a later version of the contract adds is part of the answer, and one odd byte is no reason to answer nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from integrator.erp import rows
from integrator.erp.connection import Column, Database, Session
from integrator.erp.sql import QUERIES

#: ``RDB$CHARACTER_SET_ID`` of UTF8.
_UTF8: Final = 4
#: What holds a row while it is sent is nobody's data.
_OURS: Final = frozenset({"TOKEN", "DONO", "SEMENTE"})
_WHO: Final = 60
#: With what ``WA_APAGAR_DADOS`` begins a key in place of one that named the person.
_NEW_KEY: Final = "APAGADA|"

#: A cell as JSON can hold it.
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table, by column name; what is empty is left out."""

    table: str
    cells: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """A row without its person's data. ``new_key``: the key that it had named the person."""

    guid: str
    new_key: bool


class Erasure(Enum):
    """What became of the data of one row (``RESULTADO`` of ``WA_APAGAR_DADOS``)."""

    DONE = "OK"
    IN_USE = "EM_USO"
    GONE = "NAO_EXISTE"


def read_rows(database: Database, ids: Sequence[int]) -> tuple[Record, ...]:
    """Those rows of the queue with all that hangs on them. Files are told by size and SHA-256."""
    raw = Database(replace(database.target, raw_text=True, raw_encoding="cp1252"), linger_s=0.0)
    with closing(raw):
        return raw.read(lambda session: _read(session, ids))


def erase_row(database: Database, row: int, *, new_key: bool, who: str) -> Erasure:
    """Erase the personal data of one row, cancelling it first where it still waited.

    ``new_key`` also replaces its key, for one that names the person. What is being sent, or may have been, stays.
    """
    parameters = (row, "S" if new_key else "N", rows.storable(who, _WHO))
    found = database.run(lambda session: session.row(QUERIES["erase_row"], parameters))
    return Erasure(str(found[0]).strip()) if found else Erasure.GONE


def erased_among(database: Database, rows_asked: Sequence[tuple[int, str]]) -> tuple[Erased, ...]:
    """Those of the rows (id, GUID) whose data is erased by now."""

    def work(session: Session) -> list[Erased]:
        found = [(guid, session.row(QUERIES["erased_row"], (row, guid))) for row, guid in rows_asked]
        return [Erased(guid, rows.lenient(each[0]).startswith(_NEW_KEY)) for guid, each in found if each]

    return tuple(database.read(work))


def _read(session: Session, ids: Sequence[int]) -> tuple[Record, ...]:
    tables = [_text(name, None) for (name,) in session.rows(QUERIES["tables_of_a_row"])]
    selects = [("WA_FILA", "ID"), *((table.strip(), "FILA_ID") for table in tables)]
    found: list[Record] = []
    for row in ids:
        for table, column in selects:
            sql = f"SELECT * FROM {table} WHERE {column} = ?"
            columns = session.describe(sql)
            found += [_record(table, columns, cells) for cells in session.rows(sql, (row,))]
    return tuple(found)


def _record(table: str, columns: Sequence[Column], cells: Sequence[Any]) -> Record:
    pairs = zip(columns, cells, strict=True)
    told = ((column.name, _cell(value, column)) for column, value in pairs if column.name not in _OURS)
    return Record(table, tuple((name, value) for name, value in told if value is not None))


def _cell(value: Any, column: Column) -> Cell:
    if value is None or isinstance(value, int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes) and not column.is_text:
        return f"arquivo de {len(value)} bytes, SHA-256 {hashlib.sha256(value).hexdigest()}"
    return _text(value, column.charset_id)


def _text(value: Any, charset_id: int | None) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8" if charset_id == _UTF8 else "cp1252", errors="replace").replace("\0", "").strip()
    return str(value).strip()
