"""``profile preview``: the first rows of each source as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from integrator.domain.errors import DatabaseUnavailable, ErpDatabaseError, PhoneError, RowLocked
from integrator.domain.phone import mask_phone, parse_phones
from integrator.erp.connection import Database, Session
from integrator.erp.profiles import notices, records
from integrator.erp.profiles.canonical import SOURCES, SourceName
from integrator.erp.profiles.cells import Cells, Layout
from integrator.erp.profiles.firebird_errors import told_in_portuguese
from integrator.erp.profiles.loader import Profile, Query
from integrator.erp.profiles.source import raw_database
from integrator.settings.problems import ProfileError

ROWS = 5
_PHONE = "TELEFONE"
_FIVE_YEARS = 1825
_AHEAD = 30


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of one source. ``name`` tells it from others of its kind, ``asked`` the values of parameters."""

    source: SourceName
    name: str
    asked: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def preview(database: Database, profile: Profile, now: datetime, *, show_phones: bool = False) -> Iterator[Preview]:
    """Five rows of each source, phones masked. Raises :class:`ProfileError` when the server refuses a SELECT."""
    raw = raw_database(database, profile)
    values = _sample_values(now)
    try:
        for query in profile.all_queries():
            if asked := _asked_about(profile, query):
                values["ref"] = _first_ref(raw, profile, asked, values)
            yield _read(raw, profile, query, values, show_phones)
    finally:
        raw.close()


def _sample_values(now: datetime) -> dict[str, object]:
    today = now.date()
    return {
        "hoje": today,
        "de": today - timedelta(days=_FIVE_YEARS),
        "ate": today + timedelta(days=_AHEAD),
        "desde": now - timedelta(days=_AHEAD),
        "dia": today.day,
        "mes": today.month,
    }


def _asked_about(profile: Profile, query: Query) -> Query | None:
    """The source whose rows a query with ``:ref`` is asked about; None for one that stands alone."""
    if query.source is SourceName.RECHECK:
        return profile.query(SourceName.DEBTS)
    return next((each for each in profile.documents if each.items is query), None)


def _first_ref(database: Database, profile: Profile, query: Query, values: Mapping[str, object]) -> str:
    """A row to ask about: the first that its source answers."""
    _, found = _rows(database, profile, query, values, 1)
    return found[0].text("REF") if found else ""


def _read(
    database: Database, profile: Profile, query: Query, values: Mapping[str, object], show_phones: bool
) -> Preview:
    names, found = _rows(database, profile, query, values, ROWS)
    rows = [_shown(cells, _judged(cells, query), names, show_phones) for cells in found]
    asked = ", ".join(f":{name} = {_told(values[name])}" for name in dict.fromkeys(query.statement.parameters))
    headings = (*names, "PROBLEMA") if any(row[-1] for row in rows) else names
    return Preview(query.source, query.name, asked, headings, tuple(row[: len(headings)] for row in rows))


def _rows(
    database: Database, profile: Profile, query: Query, values: Mapping[str, object], limit: int
) -> tuple[tuple[str, ...], list[Cells]]:
    """The names of the columns, and the first rows."""
    parameters = [values[name] for name in query.statement.parameters]

    def work(session: Session) -> tuple[tuple[str, ...], list[Cells]]:
        layout = Layout(SOURCES[query.source], session.describe(query.statement.sql), profile.charset)
        rows = session.stream(query.statement.sql, parameters)
        return tuple(layout.columns), [Cells(layout, row) for row in islice(rows, limit)]

    try:
        return database.read(work)
    except (DatabaseUnavailable, RowLocked):
        raise
    except ErpDatabaseError as error:
        raise ProfileError(
            profile.file, [told_in_portuguese(error, query, database.target.user)], detail=error.detail
        ) from error


def _judged(cells: Cells, query: Query) -> str:
    """What would hold the message of this row; empty when nothing would."""
    today = date.today()
    match query.source:
        case SourceName.DEBTS:
            records.debt(cells, today)
        case SourceName.CONTACTS:
            records.contact(cells)
        case SourceName.COMPANIES:
            records.company(cells)
        case SourceName.RECHECK:
            records.answer(cells, today)
        case SourceName.BANK_RETURN:
            cells.moment("ULTIMO_RETORNO")
        case SourceName.HISTORY:
            records.past(cells, today)
        case SourceName.DOCUMENTS:
            return cells.problem or notices.document(cells, query, today).problem
        case SourceName.ITEMS:
            notices.line(cells)
        case SourceName.BIRTHDAYS:
            return cells.problem or notices.birthday(cells, query, today).problem
        case SourceName.CASHBACK:
            return cells.problem or notices.cashback(cells, query, today, 0).problem
    return cells.problem


def _shown(cells: Cells, problem: str, names: tuple[str, ...], show_phones: bool) -> tuple[str, ...]:
    values = [_masked(cells.shown(name)) if name == _PHONE and not show_phones else cells.shown(name) for name in names]
    return (*values, problem)


def _masked(phones: str) -> str:
    try:
        return "; ".join(mask_phone(phone.e164) for phone in parse_phones(phones))
    except PhoneError:
        return mask_phone(phones)


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    return value.strftime("%d/%m/%Y") if hasattr(value, "strftime") else str(value)
