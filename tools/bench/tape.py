"""What the engine asked of its two databases, taken down and played again by a bare script: the floor of a message.

The tape holds every begin, statement and commit of Firebird and every statement of the journal, in order. Playing it
does exactly that work with nothing around it: one attachment that stays open, statements prepared beforehand, no
checks, no objects made of the rows. The token of a reservation is new in each run, so statements that carried the
recorded one get the one that the playback drew.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, assert_never
from unittest import mock

import fdb

from integrator.erp.connection import Database, Row, Session
from integrator.erp.sql import QUERIES


@dataclass(frozen=True, slots=True)
class Begin:
    """A Firebird transaction begins."""

    read_only: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """A statement of Firebird. `token` is where in the parameters a reservation's token stands, and whose it is."""

    sql: str
    parameters: tuple[object, ...]
    fetches: bool
    token: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The Firebird transaction is committed."""


@dataclass(frozen=True, slots=True)
class Note:
    """A statement of the journal; its own BEGIN and COMMIT are such statements too."""

    sql: str
    parameters: tuple[object, ...]


Step = Begin | Ask | End | Note


@dataclass(slots=True)
class Tape:
    """What was taken down while `running`."""

    steps: list[Step] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    running: bool = False

    def add(self, step: Step) -> None:
        if self.running:
            self.steps.append(step)

    def add_statement(self, sql: str, parameters: Sequence[object], *, fetches: bool) -> None:
        known = [
            (index, self.tokens.index(value))
            for index, value in enumerate(parameters)
            if isinstance(value, str) and value in self.tokens
        ]
        self.add(Ask(sql, tuple(parameters), fetches, known[0] if known else None))

    def add_tokens(self, sql: str, found: Sequence[Row]) -> None:
        if self.running and sql == QUERIES["reserve"]:
            self.tokens.extend(str(row[2]).strip() for row in found)

    def counts(self) -> Counts:
        begins = [step.read_only for step in self.steps if isinstance(step, Begin)]
        asks = sum(isinstance(step, Ask) for step in self.steps)
        commits = sum(isinstance(step, Note) and step.sql == "COMMIT" for step in self.steps)
        return Counts(begins.count(False), begins.count(True), asks, commits)

    def writes_only(self) -> Tape:
        """The tape without transactions that only read, and without the journal's own reading."""
        kept: list[Step] = []
        reading = noting = False
        for step in self.steps:
            if isinstance(step, Begin):
                reading = step.read_only
            if isinstance(step, Note):
                noting = noting or step.sql.startswith("BEGIN")
                if noting:
                    kept.append(step)
                noting = noting and step.sql not in {"COMMIT", "ROLLBACK"}
            elif not reading:
                kept.append(step)
        return Tape(kept, self.tokens)


@dataclass(frozen=True, slots=True)
class Counts:
    """Transactions of Firebird that write and that only read, its statements, and commits of the journal."""

    writing: int
    reading: int
    statements: int
    journal: int

    def per_row(self, rows: int) -> str:
        """For a note: what one row asks for."""
        each = [f"{count / rows:.1f}" for count in (self.writing, self.reading, self.statements, self.journal)]
        return (
            f"per row {each[0]} writing and {each[1]} reading Firebird transactions with {each[2]} statements, "
            f"{each[3]} journal commits"
        )


@contextmanager
def recorder() -> Iterator[Tape]:
    """Databases and journals opened inside write on the tape while it runs, and are slower for it: do not time them."""
    tape = Tape()
    begin, execute, rows = Database.transaction, Session.execute, Session.rows

    @contextmanager
    def transaction(self: Database, *, read_only: bool = False, patience_s: float | None = None) -> Iterator[Session]:
        tape.add(Begin(read_only))
        with begin(self, read_only=read_only, patience_s=patience_s) as session:
            yield session
        tape.add(End())

    def recorded_execute(self: Session, sql: str, parameters: Sequence[object] = ()) -> int:
        tape.add_statement(sql, parameters, fetches=False)
        return execute(self, sql, parameters)

    def recorded_rows(self: Session, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        tape.add_statement(sql, parameters, fetches=True)
        found = rows(self, sql, parameters)
        tape.add_tokens(sql, found)
        return found

    with (
        mock.patch.object(Database, "transaction", transaction),
        mock.patch.object(Session, "execute", recorded_execute),
        mock.patch.object(Session, "rows", recorded_rows),
        mock.patch("sqlite3.connect", partial(sqlite3.connect, factory=_recorded_connection(tape))),
    ):
        yield tape


def _recorded_connection(tape: Tape) -> type[sqlite3.Connection]:
    class Recorded(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            tape.add(Note(sql, tuple(parameters)))
            return super().execute(sql, parameters)

    return Recorded


class Player:
    """Plays a tape on a database and a journal of its own; everything that can be prepared is, before the time runs."""

    def __init__(self, tape: Tape, connection: fdb.Connection, journal: Path) -> None:
        self._connection = connection
        self._journal = sqlite3.connect(journal, isolation_level=None)
        self._journal.execute("PRAGMA synchronous=FULL")
        self._transactions = {read_only: connection.trans(_transaction(read_only)) for read_only in (False, True)}
        self._cursors: list[fdb.Cursor] = []
        self._tokens: list[str] = []
        self._work = [*self._prepared(tape)]

    def play(self) -> float:
        """Seconds that the tape takes."""
        start = time.perf_counter()
        for work in self._work:
            work()
        return time.perf_counter() - start

    def close(self) -> None:
        for cursor in self._cursors:
            cursor.close()
        for transaction in self._transactions.values():
            transaction.close()
        self._journal.close()
        self._connection.close()

    def _prepared(self, tape: Tape) -> Iterator[Callable[[], object]]:
        known: dict[tuple[str, bool], tuple[fdb.Cursor, fdb.PreparedStatement]] = {}
        read_only = False
        for step in tape.steps:
            match step:
                case Begin():
                    read_only = step.read_only
                    yield self._transactions[read_only].begin
                case End():
                    yield self._transactions[read_only].commit
                case Note():
                    yield partial(self._note, step.sql, step.parameters)
                case Ask():
                    place = (step.sql, read_only)
                    if place not in known:
                        known[place] = self._prepare(step.sql, self._transactions[read_only])
                    yield partial(self._ask, step, *known[place])
                case _:
                    assert_never(step)

    def _prepare(self, sql: str, transaction: fdb.Transaction) -> tuple[fdb.Cursor, fdb.PreparedStatement]:
        cursor = transaction.cursor()
        self._cursors.append(cursor)
        return cursor, cursor.prep(sql)

    def _note(self, sql: str, parameters: tuple[object, ...]) -> None:
        self._journal.execute(sql, parameters).fetchall()

    def _ask(self, step: Ask, cursor: fdb.Cursor, statement: fdb.PreparedStatement) -> None:
        parameters = step.parameters
        if step.token is not None:
            index, ordinal = step.token
            parameters = (*parameters[:index], self._tokens[ordinal], *parameters[index + 1 :])
        cursor.execute(statement, parameters)
        if step.fetches:
            found = cursor.fetchall()
            if step.sql == QUERIES["reserve"] and found:
                self._tokens.append(found[0][2])


def _transaction(read_only: bool) -> fdb.TPB:
    """As the product's own: read committed, no waiting for locks."""
    tpb = fdb.TPB()
    tpb.access_mode = fdb.isc_tpb_read if read_only else fdb.isc_tpb_write
    tpb.isolation_level = (fdb.isc_tpb_read_committed, fdb.isc_tpb_rec_version)
    tpb.lock_resolution = fdb.isc_tpb_nowait
    return tpb
