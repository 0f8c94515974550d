"""``profile check``: every SELECT prepared on the real database, read only and not executed, and what came of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from integrator.domain.errors import DatabaseUnavailable, ErpDatabaseError, RowLocked, TemplateError
from integrator.erp.connection import Database
from integrator.erp.error_codes import gds_code
from integrator.erp.profiles.canonical import SOURCES, ColumnSpec, SourceName
from integrator.erp.profiles.catalog import Catalog
from integrator.erp.profiles.cells import ACCEPTED, VARIABLE_TYPES
from integrator.erp.profiles.charsets import codec_of
from integrator.erp.profiles.firebird_errors import missing_grant, original_words, told_in_portuguese
from integrator.erp.profiles.from_clause import blocks
from integrator.erp.profiles.loader import Profile, Query
from integrator.erp.profiles.ordering import WIDEST, ordered, width
from integrator.erp.profiles.plans import scans
from integrator.erp.profiles.problems import Place, Problem
from integrator.erp.profiles.source import raw_database
from integrator.erp.profiles.sql_check import joins_of
from integrator.erp.session import Column
from integrator.messages.language import parse
from integrator.messages.values import debt_schema

_NO_PERMISSION = 335544352
#: Without these the source still answers, but reads more than it should.
_USEFUL = {SourceName.DEBTS: "ate", SourceName.DOCUMENTS: "desde", SourceName.CASHBACK: "ate"}


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What was found about one source; ``columns`` is empty when the server refused the SELECT."""

    source: SourceName
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
    """Prepare every SELECT of a profile. Nothing is executed but what is asked of the system tables, and row counts.

    Raises ``DatabaseUnavailable`` or ``DatabaseRefused`` when the database itself cannot be opened.
    """
    raw = raw_database(database, profile)
    try:
        raw.read(lambda session: session.row("SELECT 1 FROM RDB$DATABASE"))
        checker = _Checker(raw, profile)
        sources = tuple(checker.source(query) for query in profile.queries.values())
        return Report(profile, sources, tuple(_general(profile)))
    finally:
        raw.close()


def _general(profile: Profile) -> Iterator[Problem]:
    if profile.query(SourceName.DEBTS) and not profile.query(SourceName.RECHECK):
        told = (
            "Sem a fonte [conferir], um título pago entre o fechamento e o envio ainda seria cobrado. Escreva-a, se o "
            "ERP permitir."
        )
        yield Problem(told, profile.places.of(("titulos",)), warning=True)


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
            return SourceReport(query.source, (), tuple(self._refused(query, error)))
        problems = [
            *self._joins(query),
            *_column_problems(query, columns, self._profile.charset),
            *_unused(query),
            *self._text_problems(query, columns),
        ]
        if all(problem.warning for problem in problems):
            problems += self._plan(query, columns)
        return SourceReport(query.source, columns, tuple(problems))

    def _refused(self, query: Query, error: ErpDatabaseError) -> Iterator[Problem]:
        user = self._db.target.role or self._db.target.user
        if error.__cause__ is None or gds_code(error.__cause__) != _NO_PERMISSION:
            yield told_in_portuguese(error, query, user)
            return
        grants = {missing_grant(original_words(error), user): query.statement.start}
        for table in (table for block in blocks(query.statement.tokens) for table in block.tables if table.name):
            place = query.statement.place_of(table.at)
            name = table.name
            try:
                self._db.read(lambda session, name=name: session.describe(f"SELECT 1 AS UM FROM {name}"))  # type: ignore[misc]
            except ErpDatabaseError as refused:
                grants[missing_grant(original_words(refused), user)] = place
        for grant, place in grants.items():
            if grant:
                told = f"O usuário {user.upper()} não pode ler o que [{query.source.value}] usa. Peça ao dono do banco:"
                yield Problem(f"{told} {grant}", place, source=query.source.value)

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
                yield Problem(told, _place_of_column(query, widest.name), source=query.source.value)
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

    def _text_problems(self, query: Query, columns: tuple[Column, ...]) -> Iterator[Problem]:
        """A variable that the text names and no column brings would hold every message."""
        if not query.text.strip():
            return
        try:
            parse(query.text, debt_schema().with_text(column.name for column in columns))
        except TemplateError as error:
            place = self._profile.places.of((query.source.value, "texto"))
            told = f"O texto de [{query.source.value}] não serve: {error.message}"
            yield Problem(told, place, source=query.source.value)


def _column_problems(query: Query, columns: tuple[Column, ...], charset: str) -> Iterator[Problem]:
    spec = SOURCES[query.source]
    source = query.source.value
    names = [column.name for column in columns]
    for column in columns:
        place = _place_of_column(query, column.name)
        canonical = spec.column(column.name)
        if names.count(column.name) > 1:
            yield Problem(f"A coluna {column.name} de [{source}] aparece duas vezes.", place, source=source)
        elif canonical is None:
            yield from _further(query, column, place, names)
        elif column.type_name not in ACCEPTED[canonical.kind]:
            yield Problem(_mistyped(query, canonical, column), place, source=source)
        if column.is_text and codec_of(column.charset_id, charset) is None:
            told = (
                f"A coluna {column.name} de [{source}] está num charset que o integrador não lê. Use CAST para WIN1252."
            )
            yield Problem(told, place, source=source)
    for wanted in spec.columns:
        if wanted.required and wanted.name not in names:
            told = (
                f"Falta a coluna {wanted.name} em [{source}] ({wanted.about.rstrip('.')}). Escreva … AS {wanted.name}."
            )
            yield Problem(told, query.statement.start, source=source)


def _further(query: Query, column: Column, place: Place, names: list[str]) -> Iterator[Problem]:
    spec, source = SOURCES[query.source], query.source.value
    if spec.open_columns:
        if column.type_name not in VARIABLE_TYPES:
            told = f"A coluna {column.name} de [{source}] é {column.type_name}, que não vira texto. Tire-a do SELECT."
            yield Problem(told, place, source=source)
        return
    free = [each.name for each in spec.columns if each.name not in names]
    close = difflib.get_close_matches(column.name.upper(), free, n=1, cutoff=0.6)
    meant = f" Você quis dizer {close[0]}?" if close else " Dê-lhe um nome conhecido com AS, ou tire-a do SELECT."
    shown = column.name or "sem nome"
    yield Problem(f"A coluna {shown} não existe na fonte [{source}].{meant}", place, source=source)


def _mistyped(query: Query, canonical: ColumnSpec, column: Column) -> str:
    advice = {
        "data": "Use a coluna de data do ERP, ou CAST(… AS DATE)",
        "data e hora": "Use uma coluna de data, ou CAST(… AS TIMESTAMP)",
        "valor": "Use a coluna numérica do ERP, ou CAST(… AS NUMERIC(15, 2))",
        "S ou N": "Use CASE WHEN … THEN 'S' ELSE 'N' END",
        "texto": "Use CAST(… AS VARCHAR(n))",
    }.get(canonical.kind.value, "Confira a coluna")
    return (
        f"A coluna {column.name} de [{query.source.value}] é {column.type_name}, e precisa ser {canonical.kind.value}. "
        f"{advice}."
    )


def _unused(query: Query) -> Iterator[Problem]:
    useful = _USEFUL.get(query.source)
    if useful and useful not in query.statement.parameters:
        told = f"[{query.source.value}] não usa :{useful}, e por isso lê mais do que precisa a cada fechamento."
        yield Problem(told, query.statement.start, warning=True, source=query.source.value)


def _place_of_column(query: Query, name: str) -> Place:
    """Where the statement names a result column: its last mention before the first FROM, else the beginning."""
    statement = query.statement
    depth, at = 0, None
    for token in statement.tokens:
        depth += token.is_symbol("(") - token.is_symbol(")")
        if depth == 0 and token.is_word("FROM"):
            break
        if depth == 0 and token.value.upper() == name.upper() and name:
            at = token.start
    return statement.start if at is None else statement.place_of(at)
