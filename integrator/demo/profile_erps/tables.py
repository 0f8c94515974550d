"""Fills the tables of a sample ERP as the ERP's own program would: bytes of Windows-1252 through charset NONE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources

import fdb

from integrator.erp.schema.migrations import split


def create_tables(connection: fdb.Connection, script: str) -> None:
    """Run one of this package's ``.sql`` files."""
    text = resources.files(__package__).joinpath(script).read_text(encoding="utf-8")
    for statement in split(text):
        connection.execute_immediate(statement)
        connection.commit()


def insert(connection: fdb.Connection, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows that all name the same columns."""
    found = list(rows)
    columns, marks = ", ".join(found[0]), ", ".join("?" * len(found[0]))
    cells = [tuple(map(_cell, row.values())) for row in found]
    connection.cursor().executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", cells)


def _cell(value: object) -> object:
    return value.encode("cp1252", "surrogateescape") if isinstance(value, str) else value
