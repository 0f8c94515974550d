"""The ERP through its profile: rows of the vendor's tables, read only, as the closing wants them.

Every read is a READ ONLY READ COMMITTED transaction of a raw attachment (text as bytes), so that nothing is written
outside ``WA_*`` and one odd byte breaks one row and not the closing.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from integrator.closing.ports import Contact, Debt, Notice, TitleState
from integrator.domain.errors import DatabaseRefused, DatabaseUnavailable, ErpDatabaseError, RowLocked
from integrator.domain.message import Company, Purpose
from integrator.erp.connection import Database
from integrator.erp.profiles import records
from integrator.erp.profiles.canonical import SOURCES, SourceName
from integrator.erp.profiles.cells import Cells, Layout
from integrator.erp.profiles.charsets import CHARSETS
from integrator.erp.profiles.columns import column_problems
from integrator.erp.profiles.firebird_errors import is_missing_grant, told_in_portuguese
from integrator.erp.profiles.loader import Profile
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
    """

    def __init__(self, database: Database, profile: Profile) -> None:
        self.profile = profile
        self._db = raw_database(database, profile)

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

    def notices(self, since: datetime, today: date) -> Iterator[Notice]:
        yield from self._documents(since, today)
        yield from self._birthdays(today)
        yield from self._cashback(today)

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
            if "too long" not in str(error):  # fdb's word for a text longer than the column it is compared with
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

    def _documents(self, since: datetime, today: date) -> Iterator[Notice]:
        query = self.profile.query(SourceName.DOCUMENTS)
        if query is None:
            return

        def read(cells: Cells) -> Notice:
            return records.document(cells, query.module, query.purpose or Purpose.SERVICE, query.text)

        yield from self._stream(SourceName.DOCUMENTS, {"desde": since, "hoje": today}, read)

    def _birthdays(self, today: date) -> Iterator[Notice]:
        query = self.profile.query(SourceName.BIRTHDAYS)
        if query is None:
            return

        def read(cells: Cells) -> Notice:
            return records.birthday(cells, today.year, query.text)

        days = [(today.day, today.month)]
        if days == [(28, 2)] and not isleap(today.year):
            days.append((29, 2))
        for day, month in days:
            yield from self._stream(SourceName.BIRTHDAYS, {"dia": day, "mes": month}, read)

    def _cashback(self, today: date) -> Iterator[Notice]:
        query = self.profile.query(SourceName.CASHBACK)
        if query is None:
            return

        def read(cells: Cells) -> Notice:
            return records.cashback(cells, query.text)

        values = {"hoje": today, "ate": today + timedelta(days=query.days)}
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
        if query is None:
            return
        parameters = [values[name] for name in query.statement.parameters]
        try:
            patience_s = None if source is SourceName.RECHECK else _PATIENCE_S
            with self._db.transaction(read_only=True, patience_s=patience_s) as session:
                columns = session.describe(query.statement.sql)
                # The ERP may have changed since somebody ran the check.
                if wrong := list(column_problems(query, columns, self.profile.charset)):
                    raise ProfileError(self.profile.file, wrong)
                layout = Layout(SOURCES[source], columns, self.profile.charset)
                sql = ordered(query.statement.sql, columns) if in_order else query.statement.sql
                # The re-check's statement stays prepared: it is asked before each send, and answers one row.
                kept = source is SourceName.RECHECK
                rows = session.rows(sql, parameters) if kept else session.stream(sql, parameters)
                for row in rows:
                    yield read(Cells(layout, row))
        except (DatabaseUnavailable, RowLocked):
            raise
        except ErpDatabaseError as error:
            if isinstance(error, DatabaseRefused) and not is_missing_grant(error):
                raise  # the login or the file, and not the SELECT
            problem = told_in_portuguese(error, query, self._db.target.user)
            raise ProfileError(self.profile.file, [problem], detail=error.detail) from error
