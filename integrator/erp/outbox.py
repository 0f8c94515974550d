"""The closing's messages written to the queue (implements :class:`integrator.closing.ports.Outbox`).

Rows go through the same procedures that ERPs call (``WA_ENFILEIRAR``, ``WA_INCLUIR_*``, ``WA_LIBERAR``): what is being
sent, was sent or called off stays as it is, and nothing is ever there twice. Beside them we keep which step of the
ruler each title got (``WA_ETAPA``) and when a closing was done (``WA_FECHAMENTO``).
"""

from __future__ import annotations

import logging
import platform
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from integrator.closing.ports import Content, Draft, HeldRow, Memory, Queued, StepDone
from integrator.domain.errors import DatabaseRefused, DatabaseUnavailable, ErpDatabaseError, RowLocked
from integrator.domain.message import Company
from integrator.domain.money import to_money
from integrator.erp import rows
from integrator.erp.connection import Database, Row, Session
from integrator.erp.drafts import Packed, pack
from integrator.erp.sql import QUERIES
from integrator.logs import log_event

log = logging.getLogger(__name__)

_COMPANY = (20, 120, 120, 20, 150, 80, 80, 2, 10, 30, 30, 120)
_RESULTS = {"NOVA": Queued.NEW, "ATUALIZADA": Queued.UPDATED, "REPETIDA": Queued.REPEATED}
_COUNTED = (Queued.NEW, Queued.UPDATED, Queued.REPEATED, Queued.HELD, Queued.ERROR)


class FirebirdOutbox:
    """One database's queue. ``confirm``: what is queued waits for a person's "sim" (``WA_CONFIRMAR``)."""

    def __init__(self, database: Database, *, confirm: bool = False) -> None:
        self._db = database
        self._confirm = confirm
        self._counts: Counter[Queued] = Counter()

    # -- what is known -----------------------------------------------------------------------------------------------

    def remember(self, send_day: date, lookback_days: int) -> Memory:
        """Held rows and drafts are no reminders: they do not leave by themselves. A row that leaves by itself and is
        late counts for ``send_day``, because that is when it would leave. A row's steps count unless it expired,
        failed, or the engine called it off because it had lost its sense."""
        first = send_day - timedelta(days=lookback_days)

        def work(session: Session) -> Memory:
            return Memory(
                reminders=_reminders(session, first, send_day),
                steps=_steps(session, first),
                waiting=_contents(session.rows(QUERIES["waiting_content"])),
                since=_day(session.row(QUERIES["closing_since"])),
                last_closing=_last_closing(session, datetime.combine(send_day, time.max)),
                held=_held(session),
            )

        return self._db.read(work)

    def last_closing(self, now: datetime) -> datetime | None:
        """The moment of the last closing, or of :meth:`begin`; one after ``now`` was written under a wrong clock."""
        return self._db.read(lambda session: _last_closing(session, now))

    def companies(self) -> tuple[Company, ...]:
        """What stands in ``WA_EMPRESA``."""
        return tuple(map(rows.company, self._db.read(lambda s: s.rows(QUERIES["load_company"]))))

    # -- what is written ---------------------------------------------------------------------------------------------

    def begin(self, at: datetime) -> None:
        """Closings are watched from now on: what was due before this is not owed. Does nothing a second time."""

        def work(session: Session) -> None:
            if _last_closing(session, at) is None:
                session.execute(QUERIES["add_closing"], (None, at, 0, 0, 0, 0, 0))

        self._db.run(work)

    def activate(self, first_send_day: date) -> None:
        self._db.run(lambda s: s.execute(QUERIES["activate_closing"], (first_send_day,)))

    def put(self, drafts: Sequence[Draft]) -> tuple[Queued, ...]:
        """One transaction for all of them. Should the database refuse it for a reason that lies in one draft, they are
        queued one by one, and that one alone answers ``ERROR``."""
        station = platform.node()
        packed = [pack(draft, confirm=self._confirm, station=station) for draft in drafts]
        try:
            answers = self._db.run(lambda session: tuple(_put(session, item) for item in packed))
        except (DatabaseUnavailable, DatabaseRefused, RowLocked):
            raise
        except ErpDatabaseError as error:
            log_event(log, "batch_refused", level=logging.WARNING, detail=error.detail)
            answers = tuple(self._put_alone(item) for item in packed)
        self._counts.update(answers)
        return answers

    def register_companies(self, companies: Sequence[Company]) -> None:
        def work(session: Session) -> None:
            known = {
                rows.lenient(row[0]): [rows.lenient(cell) for cell in row[: len(_COMPANY)]]
                for row in session.rows(QUERIES["load_company"])
            }
            for company in companies:
                cells = _company_cells(company)
                # A profile may well answer one company twice: the second time it is known.
                known[cells[0]] = _register(session, cells, known.get(cells[0]))

        self._db.run(work)

    def closed(self, at: datetime, send_day: date) -> None:
        counts = [self._counts[outcome] for outcome in _COUNTED]
        self._db.run(lambda s: s.execute(QUERIES["add_closing"], (send_day, at, *counts)))
        self._counts.clear()

    def _put_alone(self, item: Packed) -> Queued:
        try:
            return self._db.run(lambda session: _put(session, item))
        except (DatabaseUnavailable, DatabaseRefused, RowLocked):
            raise
        except ErpDatabaseError as error:
            log_event(log, "draft_refused", level=logging.ERROR, key=item.row[0], detail=error.detail)
            return Queued.ERROR


def _put(session: Session, item: Packed) -> Queued:
    """One draft: the row, what hangs on it, its steps, and its release."""
    found = session.row(QUERIES["enqueue"], item.row)
    if found is None:
        return Queued.ERROR
    row_id, outcome = found[0], _RESULTS.get(str(found[1]).strip(), Queued.ERROR)
    if outcome not in (Queued.NEW, Queued.UPDATED):
        return outcome
    for statement, calls in (
        ("enqueue_title", item.titles),
        ("enqueue_attachment", item.attachments),
        ("enqueue_variable", item.variables),
        ("enqueue_item", item.items),
    ):
        for parameters in calls:
            session.row(QUERIES[statement], (row_id, *parameters))
    session.execute(QUERIES["own_text"], (item.own_text, row_id))
    if item.problem:
        session.execute(QUERIES["enqueue_problem"], (item.problem, row_id))
    session.execute(QUERIES["forget_steps"], (row_id,))
    for step in item.steps:
        session.execute(QUERIES["add_step"], (row_id, *step))
    released = session.row(QUERIES["release"], (item.row[0],))
    return Queued.HELD if released is None or str(released[0]).strip() != "OK" else outcome


def _reminders(session: Session, first: date, send_day: date) -> dict[tuple[str, str], datetime]:
    newest: dict[tuple[str, str], datetime] = {}
    late = datetime.combine(send_day, time())
    sent = session.rows(QUERIES["reminders_sent"], (datetime.combine(first, time()),))
    waiting = [(company, code, max(at, late)) for company, code, at in session.rows(QUERIES["reminders_waiting"])]
    for company, code, at in (*sent, *waiting):
        key = (rows.lenient(company), rows.lenient(code))
        newest[key] = max(newest.get(key, at), at)
    return newest


def _steps(session: Session, first: date) -> dict[tuple[str, str], Sequence[StepDone]]:
    found: defaultdict[tuple[str, str], list[StepDone]] = defaultdict(list)
    for company, ref, step, day, key in session.rows(QUERIES["steps_done"], (first,)):
        name = rows.lenient(ref)
        done = StepDone(name, rows.lenient(step), _as_day(day), rows.lenient(key))
        found[rows.lenient(company), name].append(done)
    return dict(found)


def _held(session: Session) -> dict[str, HeldRow]:
    found = session.rows(QUERIES["held_content"])
    reasons = {rows.lenient(row[0]): rows.lenient(row[4]) for row in found}
    return {key: HeldRow(reasons[key], content) for key, content in _contents([row[:4] for row in found]).items()}


def _contents(found: Iterable[Row]) -> dict[str, Content]:
    """What each row speaks of, from (key, reference, open amount, due date) per title."""
    contents: defaultdict[str, set[tuple[str, Decimal, date]]] = defaultdict(set)
    for key, ref, amount, due in found:
        content = contents[rows.lenient(key)]
        if amount is not None and due is not None:
            content.add((rows.lenient(ref), to_money(amount), _as_day(due)))
    return {key: frozenset(content) for key, content in contents.items()}


def _register(session: Session, cells: list[str], present: list[str] | None) -> list[str]:
    """Insert it, or fill the fields that are empty; a record that lacks nothing is not touched. What then stands."""
    if present is None:
        session.execute(QUERIES["add_company"], (cells[0], *(cell or None for cell in cells[1:])))
        return cells
    completed = [old or new for old, new in zip(present, cells, strict=True)]
    if completed != present:
        session.execute(QUERIES["complete_company"], (*(cell or None for cell in completed[1:]), cells[0]))
    return completed


def _company_cells(company: Company) -> list[str]:
    address = company.address
    cells: Iterable[str] = (
        *(company.code, company.legal_name, company.trade_name, company.tax_id),
        *(address.street, address.district, address.city, address.state, address.postal_code),
        *(company.phone, company.mobile, company.email),
    )
    return [rows.storable(cell.strip(), limit) for cell, limit in zip(cells, _COMPANY, strict=True)]


def _as_day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _day(row: Sequence[date | datetime | None] | None) -> date | None:
    return _as_day(row[0]) if row and row[0] is not None else None


def _last_closing(session: Session, until: datetime) -> datetime | None:
    row = session.row(QUERIES["last_closing"], (until,))
    return row[0] if row else None
