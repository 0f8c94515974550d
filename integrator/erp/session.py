"""Statements of one transaction: run them, read their rows, stream them, or only look at what they would answer.

Two ways of reading text. Our own tables are read with a UTF8 attachment and arrive as ``str``. An ERP's tables are
read raw (``Target.raw_text``): the attachment is NONE and every text arrives as the ``bytes`` that are stored, so that
one odd byte never breaks a fetch; whoever knows the charset decodes. fdb would decode them with the computer's own
encoding and replace what it does not know, so the driver is told that every text column is OCTETS.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import fdb

from integrator.domain.errors import SettingsError
from integrator.erp.watchdog import Watchdog

Row = tuple[Any, ...]

_STREAM_ROWS = 200
_CHAR, _VARCHAR, _BLOB = 452, 448, 520
_OCTETS = 1
#: Source: ``ibase.h`` (``SQL_*``), the even number; the odd one says that the column may be NULL.
_TYPES = {
    _CHAR: "CHAR",
    _VARCHAR: "VARCHAR",
    480: "DOUBLE PRECISION",
    482: "FLOAT",
    496: "INTEGER",
    500: "SMALLINT",
    510: "TIMESTAMP",
    _BLOB: "BLOB",
    530: "DOUBLE PRECISION",
    540: "ARRAY",
    560: "TIME",
    570: "DATE",
    580: "BIGINT",
    32764: "BOOLEAN",
}
_EXACT = frozenset({"SMALLINT", "INTEGER", "BIGINT"})


@dataclass(frozen=True, slots=True)
class Column:
    """What a query answers in one column, as the database declares it.

    ``type_name`` is Firebird's (``BLOB TEXT`` for text blobs, ``NUMERIC`` for every scaled or fixed number, also
    dialect 1's, whose values arrive as floats); ``scale`` is 0 or negative; ``length`` is in bytes; ``charset_id`` is
    ``RDB$CHARACTER_SET_ID`` (None when the column holds no text; over a UTF8 attachment always that of UTF8).
    """

    name: str
    type_name: str
    scale: int
    length: int
    charset_id: int | None
    nullable: bool

    @property
    def is_text(self) -> bool:
        """CHAR, VARCHAR or a text blob."""
        return self.charset_id is not None


class Statement:
    """One prepared statement with the cursor that it needs."""

    def __init__(self, cursor: fdb.Cursor, sql: str, watch: Watchdog, *, encoding: str | None) -> None:
        if encoding:
            _require_writable(sql, encoding)
        self._cursor = cursor
        self._watch = watch
        with watch:
            self._prepared = cursor.prep(sql)
        self._declared: tuple[Column, ...] | None = None
        self._padded: tuple[int, ...] = ()
        if encoding:
            self._declared = _columns(self._prepared)
            self._padded = tuple(at for at, column in enumerate(self._declared) if column.type_name == "CHAR")
            _ask_for_bytes(self._prepared)

    @property
    def columns(self) -> tuple[Column, ...]:
        return _columns(self._prepared) if self._declared is None else self._declared

    @property
    def plan(self) -> str:
        with self._watch:
            return (self._prepared.plan or "").strip()

    def execute(self, parameters: Sequence[object]) -> int:
        """Run it; the number of rows that it touched."""
        with self._watch:
            self._cursor.execute(self._prepared, tuple(parameters))
            return int(self._cursor.rowcount)

    def rows(self, parameters: Sequence[object]) -> list[Row]:
        with self._watch:
            self._cursor.execute(self._prepared, tuple(parameters))
            return [self._row(row) for row in self._cursor.fetchall()]

    def stream(self, parameters: Sequence[object]) -> Generator[Row, None, None]:
        with self._watch:
            self._cursor.execute(self._prepared, tuple(parameters))  # one that fails has nothing to close
        try:
            while block := self._block():
                yield from block
        finally:
            self._cursor.close()

    def _block(self) -> list[Row]:
        with self._watch:
            return [self._row(row) for row in self._cursor.fetchmany(_STREAM_ROWS)]

    def drop(self) -> None:
        """Free the statement on the server."""
        self._prepared._close()

    def forget(self) -> None:
        """The attachment is gone, and the statement with it."""
        self._prepared._stmt_handle = None

    def _row(self, row: Row) -> Row:
        cells = [_value(cell) for cell in row]
        for at in self._padded:
            if isinstance(cells[at], bytes):
                cells[at] = cells[at].rstrip(b"\0 ")
        return tuple(cells)


class Cursors:
    """The statements of one transaction kind of one attachment; prepared ones live as long as the attachment.

    ``encoding``: text is read raw, and statements are written in this Python codec; None leaves both to the driver.
    Statements watch their own calls; :meth:`end_streams` and :meth:`close` are watched by their caller.
    """

    def __init__(self, transaction: fdb.Transaction, watch: Watchdog, *, encoding: str | None) -> None:
        self.transaction = transaction
        self._watch = watch
        self._encoding = encoding
        self._kept: dict[str, Statement] = {}
        self._streams: list[tuple[Statement, Generator[Row, None, None]]] = []

    def kept(self, sql: str) -> Statement:
        """The statement, prepared at its first use."""
        if sql not in self._kept:
            self._kept[sql] = self.fresh(sql)
        return self._kept[sql]

    def fresh(self, sql: str) -> Statement:
        """A statement of its own, which goes with its last use."""
        return Statement(self.transaction.cursor(), sql, self._watch, encoding=self._encoding)

    def stream(self, sql: str, parameters: Sequence[object]) -> Iterator[Row]:
        statement = self.fresh(sql)
        rows = statement.stream(parameters)
        self._streams.append((statement, rows))
        return rows

    def end_streams(self) -> None:
        """Streams that their reader left half-way end with their transaction."""
        while self._streams:
            _, rows = self._streams.pop()
            rows.close()

    def close(self) -> None:
        self.end_streams()
        for statement in self._kept.values():
            statement.drop()

    def forget(self) -> None:
        """The attachment is gone, and all statements with it."""
        for statement in (*self._kept.values(), *(statement for statement, _ in self._streams)):
            statement.forget()
        self.end_streams()
        self._kept.clear()


class Session:
    """Statements of one transaction. Those that answer all their rows stay prepared for the life of the attachment."""

    def __init__(self, cursors: Cursors) -> None:
        self._cursors = cursors

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run a statement that returns no rows; the number of rows it touched."""
        return self._cursors.kept(sql).execute(parameters)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query, blobs already read."""
        return self._cursors.kept(sql).rows(parameters)

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row of a query, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def stream(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """The rows of a query one after the other, memory flat; read within the transaction, ended with it.

        The result is closed at its end, also when its reader leaves half-way.
        """
        return self._cursors.stream(sql, parameters)

    def describe(self, sql: str) -> tuple[Column, ...]:
        """What a query would answer. It is prepared, which checks it against the database, and not executed."""
        return self._cursors.fresh(sql).columns

    def plan(self, sql: str) -> str:
        """How the server would read a query (``PLAN (…)``). Prepared, not executed."""
        return self._cursors.fresh(sql).plan


def _value(cell: Any) -> Any:
    """A cell as the program wants it: a streamed blob becomes its bytes."""
    if isinstance(cell, fdb.BlobReader):
        try:
            return cell.read()
        finally:
            cell.close()
    return cell


def _require_writable(sql: str, encoding: str) -> None:
    """fdb passes on what it cannot encode, and the failure then names nothing that a person could find."""
    try:
        sql.encode(encoding)
    except UnicodeEncodeError as error:
        raise SettingsError(
            f"O SQL tem o caractere “{sql[error.start]}”, que não existe na codificação {encoding} deste banco. "
            "Troque o caractere ou corrija a codificação no perfil.",
            detail=str(error),
        ) from error


def _columns(prepared: fdb.PreparedStatement) -> tuple[Column, ...]:
    described = prepared._out_sqlda
    return tuple(_column(variable) for variable in described.sqlvar[: described.sqld])


def _column(variable: Any) -> Column:
    kind = variable.sqltype & ~1
    name = _TYPES.get(kind, f"TYPE {kind}")
    scale = int(variable.sqlscale)
    charset: int | None = None
    if kind in {_CHAR, _VARCHAR}:
        charset = variable.sqlsubtype & 0xFF  # the high byte is the collation
    elif kind == _BLOB:
        if variable.sqlsubtype == 1:
            name, charset = "BLOB TEXT", scale & 0xFF  # a text blob's charset comes in the place of the scale
        scale = 0
    elif scale < 0 or (name in _EXACT and variable.sqlsubtype):
        name = "NUMERIC"
    alias = bytes(variable.aliasname[: variable.aliasname_length])
    return Column(
        alias.decode("utf-8", "replace"), name, scale, int(variable.sqllen), charset, bool(variable.sqltype & 1)
    )


def _ask_for_bytes(prepared: fdb.PreparedStatement) -> None:
    """Say OCTETS and binary where the database said text: the server then copies, and fdb does not decode."""
    described = prepared._out_sqlda
    for variable in described.sqlvar[: described.sqld]:
        kind = variable.sqltype & ~1
        if kind in {_CHAR, _VARCHAR}:
            variable.sqlsubtype = _OCTETS
        elif kind == _BLOB:
            variable.sqlsubtype = 0
