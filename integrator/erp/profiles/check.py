"""``profile check``: every SELECT prepared on the real database, read only and not executed, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from integrator.domain.errors import DatabaseUnavailable, ErpDatabaseError, RowLocked, TemplateError
from integrator.erp.connection import Database
from integrator.erp.profiles.canonical import SourceName
from integrator.erp.profiles.catalog import Catalog
from integrator.erp.profiles.columns import column_problems, place_of_column
from integrator.erp.profiles.firebird_errors import missing_grant, original_words, told_in_portuguese
from integrator.erp.profiles.from_clause import blocks
from integrator.erp.profiles.loader import Profile, Query
from integrator.erp.profiles.ordering import WIDEST, ordered, width
from integrator.erp.profiles.plans import scans
from integrator.erp.profiles.situations import situation_problems
from integrator.erp.profiles.source import raw_database
from integrator.erp.profiles.sql_check import joins_of
from integrator.erp.session import Column
from integrator.messages.language import parse
from integrator.messages.vocabulary import base_schema
from integrator.settings.problems import Problem

#: Without these the source still answers, but reads more than it should.
_USEFUL = {SourceName.DEBTS: "ate", SourceName.DOCUMENTS: "desde", SourceName.CASHBACK: "ate"}


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What was found about one source; ``columns`` is empty when the server refused the SELECT.

    ``name`` tells it from others of its kind.
    """

    source: SourceName
    name: str
    columns: tuple[Column, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return all(problem.warning for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found about a profile; ``general`` belongs to no source."""

    profile: Profile
    sources: tuple[SourceReport, ...]
    general: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, in the order of the file."""
        found = [*self.general, *(problem for source in self.sources for problem in source.problems)]
        return tuple(sorted(found, key=lambda problem: problem.place))

    @property
    def ok(self) -> bool:
        """Whether the profile may be used."""
        return all(problem.warning for problem in self.problems)


def check_profile(database: Database, profile: Profile) -> Report:
    """Prepare every SELECT of a profile; none is executed. What is: questions to the system tables, and counts of a
    table's rows up to a thousand.

    Raises ``DatabaseUnavailable`` or ``DatabaseRefused`` when the database itself cannot be opened.
    """
    raw = raw_database(database, profile)
    try:
        raw.read(lambda session: session.row("SELECT 1 FROM RDB$DATABASE"))
        checker = _Checker(raw, profile)
        sources = tuple(checker.source(query) for query in profile.all_queries())
        return Report(profile, sources, tuple(_general(profile)))
    finally:
        raw.close()


def _general(profile: Profile) -> Iterator[Problem]:
    debts = profile.query(SourceName.DEBTS)
    if debts is not None and not profile.query(SourceName.RECHECK):
        told = (
            "Sem a fonte [conferir], um título pago entre o fechamento e o envio ainda seria cobrado. Escreva-a, se o "
            "ERP permitir."
        )
        yield Problem(told, debts.place, warning=True)


class _Checker:
    def __init__(self, database: Database, profile: Profile) -> None:
        self._db = database
        self._profile = profile
        self._catalog = Catalog(database)

    def source(self, query: Query) -> SourceReport:
        try:
            columns = self._db.read(lambda session: session.describe(query.statement.sql))
        except (DatabaseUnavailable, RowLocked):
            raise
        except ErpDatabaseError as error:
            return SourceReport(query.source, query.name, (), tuple(self._refused(query, error)))
        problems = [
            *self._joins(query),
            *column_problems(query, columns, self._profile.charset),
            *_unused(query),
            *_text_problems(query, columns),
            *situation_problems(query, columns),
        ]
        if all(problem.warning for problem in problems):
            problems += self._plan(query, columns)
        return SourceReport(query.source, query.name, columns, tuple(problems))

    def _refused(self, query: Query, error: ErpDatabaseError) -> list[Problem]:
        user = self._db.target.role or self._db.target.user
        grants = list(self._grants(query)) if missing_grant(original_words(error), user) else []
        return grants or [told_in_portuguese(error, query, user)]

    def _grants(self, query: Query) -> Iterator[Problem]:
        """A problem per table that our user may not read; the server's own complaint stops at the first."""
        user = self._db.target.role or self._db.target.user
        tables = {table.name: table for block in blocks(query.statement.tokens) for table in block.tables}
        for name, table in tables.items():
            grant = self._missing_grant(name, user) if self._catalog.columns_of(name) else ""
            if grant:
                told = f"O usuário {user.upper()} não pode ler a tabela {name}. Peça ao dono do banco que rode: {grant}"
                yield Problem(told, query.statement.place_of(table.at), source=query.source.value)

    def _missing_grant(self, table: str, user: str) -> str:
        try:
            self._db.read(lambda session: session.describe(f"SELECT * FROM {table}"))
        except (DatabaseUnavailable, RowLocked):
            raise
        except ErpDatabaseError as error:
            return missing_grant(original_words(error), user)
        return ""

    def _joins(self, query: Query) -> list[Problem]:
        return joins_of(query.statement, self._catalog.columns_of, source=query.source.value)

    def _plan(self, query: Query, columns: tuple[Column, ...]) -> Iterator[Problem]:
        sql = query.statement.sql
        if query.source is SourceName.DEBTS:
            if width(columns) > WIDEST:
                widest = max(columns, key=lambda column: column.length)
                told = (
                    f"As linhas de [titulos] têm {width(columns)} bytes, e o Firebird 2.5 ordena até {WIDEST}. Encurte "
                    f"{widest.name} com CAST({widest.name} AS VARCHAR(200)), por exemplo."
                )
                yield Problem(told, place_of_column(query, widest.name), source=query.source.value)
                return
            wrapped = ordered(sql, columns)
            try:
                self._db.read(lambda session: session.describe(wrapped))
            except (DatabaseUnavailable, RowLocked):
                raise
            except ErpDatabaseError as error:
                problem = told_in_portuguese(error, query, self._db.target.user)
                yield replace(problem, place=query.statement.start)
                return
        plan = self._db.read(lambda session: session.plan(sql))
        yield from scans(query, plan, self._catalog)


def _unused(query: Query) -> Iterator[Problem]:
    useful = _USEFUL.get(query.source)
    if useful and useful not in query.statement.parameters:
        told = f"[{query.source.value}] não usa :{useful}, e por isso lê mais do que precisa a cada fechamento."
        yield Problem(told, query.statement.start, warning=True, source=query.source.value)


def _text_problems(query: Query, columns: tuple[Column, ...]) -> Iterator[Problem]:
    """A variable that the text names and no column brings would hold every message."""
    if not query.text.strip():
        return
    try:
        parse(query.text, base_schema().with_text(column.name for column in columns))
    except TemplateError as error:
        told = f"O texto de [{query.source.value}] não serve: {error.message}"
        yield Problem(told, query.text_place, source=query.source.value)
