"""The ERP through its profile: rows of the vendor's tables, read only, as the closing wants them.

Every read is a READ ONLY READ COMMITTED transaction of a raw attachment (text as bytes), so that nothing is written
outside ``WA_*`` and one odd byte breaks one row and not the closing.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from integrator.closing.ports import Contact, Debt, Notice, TitleState
from integrator.domain.errors import DatabaseRefused, DatabaseUnavailable, ErpDatabaseError, RowLocked
from integrator.domain.message import Company, LineItem
from integrator.erp.connection import Database, Session
from integrator.erp.profiles import notices, records
from integrator.erp.profiles.canonical import SOURCES, SourceName
from integrator.erp.profiles.cells import Cells, Layout
from integrator.erp.profiles.charsets import CHARSETS
from integrator.erp.profiles.columns import column_problems
from integrator.erp.profiles.firebird_errors import is_missing_grant, told_in_portuguese
from integrator.erp.profiles.loader import Profile, Query
from integrator.erp.profiles.ordering import ordered
from integrator.erp.profiles.records import PastTitle
from integrator.erp.recheck import TitleAnswer
from integrator.erp.rows import RowError
from integrator.settings.problems import ProfileError

T = TypeVar("T")
#: An old server may sort for minutes before it answers the first of a shop's titles.
_PATIENCE_S = 600.0


def raw_database(database: Database, profile: Profile) -> Database:
    """An attachment of its own to the same database, for reading the vendor's tables in the profile's charset."""
    target = replace(database.target, raw_text=True, raw_encoding=CHARSETS[profile.charset])
    return Database(target, linger_s=database.linger_s)


class ProfileSource:
    """Implements :class:`integrator.closing.ports.Source`; :meth:`close` detaches.

    Raises the errors of :mod:`integrator.domain.errors`: :class:`ProfileError` with the file's line when the database
    refuses a SELECT, ``DatabaseUnavailable`` when it cannot be reached. One reading at a time: what streams is read to
    its end, or left, before the next begins.

    ``cashback_days`` is for how long a cashback is valid where its row does not tell; 0: not known.
    """

    def __init__(self, database: Database, profile: Profile, *, cashback_days: int = 0) -> None:
        self.profile = profile
        self._cashback_days = cashback_days
        self._db = raw_database(database, profile)
        self._asking: Query

    # -- the closing's port -----------------------------------------------------------------------------------------

    def debts(self, oldest: date, until: date, today: date) -> Iterator[Debt]:
        def read(cells: Cells) -> Debt:
            return records.debt(cells, today)

        values = {"hoje": today, "de": oldest, "ate": until}
        for debt in self._stream(SourceName.DEBTS, values, read, in_order=True):
            # A profile need not use :de and :ate. A row whose due date cannot be read is told, not left out.
            if debt.problem or oldest <= debt.title.due <= until:
                yield debt

    def contacts(self) -> Iterator[Contact]:
        return self._stream(SourceName.CONTACTS, {}, records.contact)

    def documents(self, since: datetime, today: date, known: Container[str] = frozenset()) -> Iterator[Notice]:
        for query in self.profile.documents:
            yield from self._documents(query, since, today, known)

    def occasions(self, since: datetime, today: date) -> Iterator[Notice]:
        yield from self._birthdays(today)
        yield from self._cashback(since, today)

    def companies(self) -> tuple[Company, ...]:
        return tuple(self._stream(SourceName.COMPANIES, {}, records.company))

    def last_bank_return(self) -> datetime | None:
        def read(cells: Cells) -> datetime | None:
            return cells.moment("ULTIMO_RETORNO")

        moments = [moment for moment in self._stream(SourceName.BANK_RETURN, {}, read) if moment is not None]
        return max(moments, default=None)

    # -- before each send, and for the report -----------------------------------------------------------------------

    @property
    def can_ask(self) -> bool:
        """Whether the profile has ``conferir``; without it :meth:`ask` must not be used."""
        return self.profile.query(SourceName.RECHECK) is not None

    def ask(self, ref: str) -> TitleAnswer | None:
        """What the ERP says of a title now; None when it does not know it any more.

        Raises :class:`RowError` naming the column when the answer cannot be used, and when there are two.
        """
        if not self.can_ask:
            raise ValueError("this profile has no [conferir]")

        def read(cells: Cells) -> tuple[TitleAnswer, str]:
            return records.answer(cells, date.today()), cells.problem

        try:
            found = list(self._stream(SourceName.RECHECK, {"ref": ref}, read))
        except ValueError as error:
            if not _is_too_long(error):
                raise
            return None
        if not found:
            return None
        answer, problem = found[0]
        several = len(found) > 1
        if several:
            problem = "A fonte [conferir] do perfil respondeu mais de uma linha para um título. Corrija o perfil."
        if several or (problem and answer.state is TitleState.OPEN):
            raise RowError(f"O ERP não conseguiu conferir o título {ref}. {problem}")
        return answer

    def history(self, first: date, last: date) -> Iterator[PastTitle]:
        """The titles of ``historico`` between two days, both included; streamed."""

        def read(cells: Cells) -> PastTitle:
            return records.past(cells, last)

        return self._stream(SourceName.HISTORY, {"de": first, "ate": last}, read)

    def rest(self) -> None:
        """Nothing to read for a while: detach soon."""
        self._db.rest()

    def close(self) -> None:
        """Detach now."""
        self._db.close()

    # -- inside -----------------------------------------------------------------------------------------------------

    def _documents(self, query: Query, since: datetime, today: date, known: Container[str]) -> Iterator[Notice]:
        layout: Layout | None = None

        def read(cells: Cells, session: Session) -> Notice:
            nonlocal layout
            notice = notices.document(cells, query, today)
            if query.items is None or not notice.accepts or notice.key in known:
                return notice
            self._asking = query.items
            layout = layout or self._layout(query.items, session)
            lines = _lines(query.items, layout, session, cells.text("REF"))
            self._asking = query
            return notices.with_lines(notice, lines)

        yield from self._rows(query, {"desde": since, "hoje": today}, read)

    def _birthdays(self, today: date) -> Iterator[Notice]:
        """In the order of companies, so that whoever is in two of them is always greeted by the same one."""
        query = self.profile.query(SourceName.BIRTHDAYS)
        if query is None:
            return

        def read(cells: Cells) -> Notice:
            return notices.birthday(cells, query, today)

        days = [(today.day, today.month)]
        if days == [(28, 2)] and not isleap(today.year):
            days.append((29, 2))
        found = [
            notice
            for day, month in days
            for notice in self._stream(SourceName.BIRTHDAYS, {"dia": day, "mes": month}, read)
        ]
        yield from sorted(found, key=lambda notice: notice.key)

    def _cashback(self, since: datetime, today: date) -> Iterator[Notice]:
        query = self.profile.query(SourceName.CASHBACK)
        if query is None:
            return

        def read(cells: Cells) -> Notice:
            return notices.cashback(cells, query, today, self._cashback_days)

        values = {"hoje": today, "ate": today + timedelta(days=query.days), "desde": since}
        yield from self._stream(SourceName.CASHBACK, values, read)

    def _stream(
        self,
        source: SourceName,
        values: Mapping[str, object],
        read: Callable[[Cells], T],
        *,
        in_order: bool = False,
    ) -> Iterator[T]:
        query = self.profile.query(source)
        if query is not None:
            yield from self._rows(query, values, lambda cells, _: read(cells), in_order=in_order)

    def _rows(
        self,
        query: Query,
        values: Mapping[str, object],
        read: Callable[[Cells, Session], T],
        *,
        in_order: bool = False,
    ) -> Iterator[T]:
        """The rows of a source, each read within the transaction, in which ``read`` may ask for more."""
        statement = query.statement
        parameters = [values[name] for name in statement.parameters]
        patience_s = None if query.source is SourceName.RECHECK else _PATIENCE_S
        self._asking = query
        with self._explained(), self._db.transaction(read_only=True, patience_s=patience_s) as session:
            layout = self._layout(query, session)
            sql = ordered(statement.sql, tuple(layout.columns.values())) if in_order else statement.sql
            # The re-check's statement stays prepared: it is asked before each send, and answers one row.
            kept = query.source is SourceName.RECHECK
            for row in session.rows(sql, parameters) if kept else session.stream(sql, parameters):
                yield read(Cells(layout, row), session)

    def _layout(self, query: Query, session: Session) -> Layout:
        """Raises :class:`ProfileError`: the ERP may have changed since somebody ran the check."""
        columns = session.describe(query.statement.sql)
        if wrong := list(column_problems(query, columns, self.profile.charset)):
            raise ProfileError(self.profile.file, wrong)
        return Layout(SOURCES[query.source], columns, self.profile.charset)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """The database's complaint about the SELECT at hand as one about its place in the profile."""
        try:
            yield
        except (DatabaseUnavailable, RowLocked):
            raise
        except ErpDatabaseError as error:
            if isinstance(error, DatabaseRefused) and not is_missing_grant(error):
                raise  # the login or the file, and not the SELECT
            problem = told_in_portuguese(error, self._asking, self._db.target.user)
            raise ProfileError(self.profile.file, [problem], detail=error.detail) from error


def _lines(query: Query, layout: Layout, session: Session, ref: str) -> list[tuple[LineItem, str]]:
    """The lines of one document, read beside the stream of documents."""
    try:
        # Not kept prepared: a reference that is too long leaves a statement that cannot be used again.
        rows = list(session.stream(query.statement.sql, [ref for _ in query.statement.parameters]))
    except ValueError as error:
        if not _is_too_long(error):
            raise
        return []
    return [notices.line(Cells(layout, row)) for row in rows]


def _is_too_long(error: ValueError) -> bool:
    """fdb's word for a text longer than the column it is compared with: then there is no such row."""
    return "too long" in str(error)
