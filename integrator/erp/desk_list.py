"""The queue as lists of rows: how many there are, which ones match a filter, a page of them.

Fast whatever the history: what is not over is found by its state, what is over is looked for backwards from the newest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from integrator.domain.lifecycle import State
from integrator.domain.message import Purpose
from integrator.domain.money import to_money
from integrator.erp import desk_search, rows
from integrator.erp.connection import Session
from integrator.erp.sql import QUERIES

#: Every state that a row leaves again, in the order in which rows come up.
OPEN: Final = (
    *(State.SENDING, State.RESERVED, State.PENDING, State.AWAITING, State.HELD, State.UNCERTAIN),
    State.DRAFT,
)
#: Rows of a page.
PAGE: Final = 50
#: Nobody turns so many pages: whoever looks that far searches.
LAST_PAGE: Final = 200
#: How many of the newest numbers a filter is tried on; who looks for older rows asks the history for a period.
_LOOKED_AT: Final = 20_000
#: As :data:`integrator.sending.guard.LANES`.
_LANES: Final = (Purpose.SERVICE, Purpose.COLLECTION, Purpose.PROMOTION)
_NOBODY: Final = -1
#: As WA_RESERVAR takes them.
_BY_TURN: Final = "ORDER BY F.SITUACAO, F.FINALIDADE, F.PRIORIDADE, F.ORDEM, F.ID"
_DEBTS: Final = (
    "SELECT T.FILA_ID, COUNT(*), SUM(T.VALOR_ABERTO) FROM WA_TITULO T WHERE T.SITUACAO = 'aberto' "
    "AND T.VALOR_ABERTO > 0 AND T.FILA_ID IN {places} GROUP BY T.FILA_ID"
)


@dataclass(frozen=True, slots=True)
class RowRef:
    """Which row is meant: its number, and its GUID, because a restored database gives the same number again."""

    id: int
    guid: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Module and type as the ERP wrote them."""

    module: str
    kind: str


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Empty fields ask nothing. ``search``: customer, code, phone in any writing, key, or a title's document."""

    states: tuple[State, ...] = OPEN
    module: str = ""
    kind: str = ""
    purpose: Purpose | None = None
    search: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is asked."""
        return bool(self.module or self.kind or self.purpose or self.search)


@dataclass(frozen=True, slots=True)
class Overview:
    """What is not over yet. ``restored``: what a restored database holds back; ``now`` is the server's clock."""

    counts: Mapping[State, int]
    kinds: tuple[Kind, ...]
    restored: int
    now: datetime


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row of a list. ``phones`` is as typed in the ERP, ``destination`` where it went (E.164 digits, or empty).

    ``debts`` and ``amount`` are its open titles; ``spoilt`` tells that the ERP could not write all of it.
    """

    ref: RowRef
    key: str
    state: State
    purpose: Purpose
    customer_code: str
    customer: str
    phones: str
    destination: str
    kind: Kind
    reason: str
    reason_code: str
    created_at: datetime
    changed_at: datetime
    not_before: datetime | None
    sent_at: datetime | None
    spoilt: bool
    debts: int = 0
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows in their order; ``more`` tells whether another page follows, ``older`` that old rows were not looked at."""

    rows: tuple[ListedRow, ...]
    more: bool
    older: bool = False


def overview(session: Session) -> Overview:
    """Counts, kinds and the moment of one look at the queue."""
    counts: Counter[State] = Counter()
    kinds: set[tuple[str, str]] = set()
    restored = 0
    for state, module, kind, number, held in session.rows(QUERIES["desk_overview"]):
        counts[State(state.strip())] += int(number)
        kinds.add((rows.lenient(module), rows.lenient(kind)))
        restored += int(held or 0) if state.strip() == State.HELD else 0
    return Overview(counts, tuple(Kind(*each) for each in sorted(kinds)), restored, moment(session))


def moment(session: Session) -> datetime:
    """The server's clock."""
    row = session.row(QUERIES["desk_now"])
    if row is None or not isinstance(row[0], datetime):
        raise RuntimeError("the server tells no time")
    return row[0]


def page(session: Session, wanted: RowFilter, number: int) -> RowPage:
    """Page ``number``, from 1: what is not over in the order of its turn, else the newest first."""
    number = min(max(number, 1), LAST_PAGE)
    first, last = (number - 1) * PAGE, number * PAGE + 1
    if set(wanted.states) <= set(OPEN):
        found, older = _by_turn(session, wanted, last), False
    else:
        found, older = _newest(session, wanted, last)
    ids = found[first:last]
    return RowPage(listed(session, ids[:PAGE]), len(ids) > PAGE and number < LAST_PAGE, older)


def listed(session: Session, ids: Sequence[int]) -> tuple[ListedRow, ...]:
    """The rows with these numbers (at most a page of them), in that order; one that is gone is left out."""
    # As many places as a page has rows: one statement, prepared once.
    asked = [*ids, *[_NOBODY] * (PAGE - len(ids))]
    places = f"({', '.join('?' * PAGE)})"
    known = {int(row[0]): row for row in session.rows(f"{QUERIES['desk_rows']} WHERE F.ID IN {places}", asked)}
    owed = {int(row[0]): row[1:] for row in session.rows(_DEBTS.format(places=places), asked)}
    return tuple(listed_row(known[each], owed.get(each, (0, None))) for each in ids if each in known)


def listed_row(row: Sequence[Any], owed: Sequence[Any]) -> ListedRow:
    """From the columns of ``desk_rows`` and (number, amount) of its open titles."""
    (number, guid, key, state, purpose, code, name, phones, to, module, kind, reason, reason_code, *rest) = row
    created, changed, not_before, sent, spoilt = rest
    return ListedRow(
        ref=RowRef(int(number), str(guid).strip()),
        key=rows.lenient(key),
        state=State(state.strip()),
        purpose=Purpose(purpose.strip()),
        customer_code=rows.lenient(code),
        customer=rows.lenient(name),
        phones=rows.lenient(phones),
        destination=str(to or "").strip(),
        kind=Kind(rows.lenient(module), rows.lenient(kind)),
        reason=rows.lenient(reason),
        reason_code=str(reason_code or "").strip(),
        created_at=created,
        changed_at=changed,
        not_before=not_before,
        sent_at=sent,
        spoilt=bool(spoilt),
        debts=int(owed[0]),
        amount=to_money(owed[1]) if owed[1] is not None else Decimal(0),
    )


def _by_turn(session: Session, wanted: RowFilter, last: int) -> list[int]:
    """The numbers of the first ``last`` matching rows: each state and purpose along the index that WA_RESERVAR uses."""
    where, parameters = desk_search.where(wanted.module, wanted.kind, wanted.search)
    sql = f"{QUERIES['desk_ids']} WHERE F.SITUACAO = ? AND F.FINALIDADE = ? AND {where} {_BY_TURN} ROWS ?"
    purposes = _LANES if wanted.purpose is None else (wanted.purpose,)
    found: list[int] = []
    for state in (state for state in OPEN if state in wanted.states):
        for purpose in purposes:
            if len(found) < last:
                asked = [state.value, purpose.value, *parameters, last - len(found)]
                found += [int(row[0]) for row in session.rows(sql, asked)]
    return found


def _newest(session: Session, wanted: RowFilter, last: int) -> tuple[list[int], bool]:
    """Backwards from the newest number, along the index that descends.

    The second answer tells that older rows, which a filter would have to read one by one, were not looked at.
    """
    where, parameters = desk_search.where(wanted.module, wanted.kind, wanted.search, wanted.purpose)
    newest = session.row(QUERIES["desk_newest"])
    oldest = max(int(newest[0] or 0) - _LOOKED_AT, 0) if newest and wanted.narrowed else 0
    places = ", ".join("?" * len(wanted.states))
    sql = f"{QUERIES['desk_ids']} WHERE F.ID > ? AND F.SITUACAO IN ({places}) AND {where} ORDER BY F.ID DESC ROWS ?"
    asked = [oldest, *(state.value for state in wanted.states), *parameters, last]
    found = [int(row[0]) for row in session.rows(sql, asked)]
    return found, oldest > 0 and len(found) < last
