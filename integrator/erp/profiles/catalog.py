"""What the database says of its own tables: columns, indexes and, up to a limit, rows. Read only."""

from __future__ import annotations

from typing import Any

from integrator.domain.errors import ErpDatabaseError
from integrator.erp.connection import Database, Session

_COLUMNS = "SELECT RDB$FIELD_NAME FROM RDB$RELATION_FIELDS WHERE RDB$RELATION_NAME = ?"
_INDEXED = """SELECT S.RDB$FIELD_NAME FROM RDB$INDICES I
JOIN RDB$INDEX_SEGMENTS S ON S.RDB$INDEX_NAME = I.RDB$INDEX_NAME
WHERE I.RDB$RELATION_NAME = ? AND S.RDB$FIELD_POSITION = 0 AND COALESCE(I.RDB$INDEX_INACTIVE, 0) = 0"""
_ALL_COLUMNS = """SELECT F.RDB$RELATION_NAME, F.RDB$FIELD_NAME FROM RDB$RELATION_FIELDS F
JOIN RDB$RELATIONS R ON R.RDB$RELATION_NAME = F.RDB$RELATION_NAME
WHERE COALESCE(R.RDB$SYSTEM_FLAG, 0) = 0 AND R.RDB$VIEW_BLR IS NULL
ORDER BY F.RDB$RELATION_NAME, F.RDB$FIELD_POSITION"""


class Catalog:
    """Remembers what it asked: a check asks about the same tables again and again."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._columns: dict[str, frozenset[str]] = {}
        self._indexed: dict[str, frozenset[str]] = {}

    def columns_of(self, table: str) -> frozenset[str] | None:
        """The columns of a table or view, None when there is none of that name."""
        if table not in self._columns:
            self._columns[table] = self._names(_COLUMNS, table)
        return self._columns[table] or None

    def indexed(self, table: str) -> frozenset[str]:
        """The columns with which an active index of the table begins."""
        if table not in self._indexed:
            self._indexed[table] = self._names(_INDEXED, table)
        return self._indexed[table]

    def has_more_than(self, table: str, limit: int) -> bool:
        """Whether a table has more rows than that; reads no more than are needed to know. False when unreadable."""
        ask = f"SELECT COUNT(*) FROM (SELECT FIRST {limit + 1} 1 AS UM FROM {table}) D"
        try:
            row = self._db.read(lambda session: session.row(ask))
        except ErpDatabaseError:
            return False
        return row is not None and int(row[0]) > limit

    def all_columns(self) -> dict[str, list[str]]:
        """The columns of every table that is not the system's, in their order."""

        def work(session: Session) -> list[Any]:
            return session.rows(_ALL_COLUMNS)

        tables: dict[str, list[str]] = {}
        for table, column in self._db.read(work):
            tables.setdefault(_name(table), []).append(_name(column))
        return tables

    def _names(self, sql: str, table: str) -> frozenset[str]:
        return frozenset(_name(row[0]) for row in self._db.read(lambda session: session.rows(sql, (table,))))


def _name(raw: Any) -> str:
    return (raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)).strip()
