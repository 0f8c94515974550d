"""What people ask of the queue, apart from the engine: lists, history, and decisions on one row or on many.

Used by the command line and by the pages of the panel. Decisions are checked twice: by :class:`Decision` here and by
the trigger in the database. Lists are in :mod:`.desk_list`, one row in :mod:`.desk_row`, the writing of decisions made
in the panel in :mod:`.desk_deeds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from integrator.domain.lifecycle import State
from integrator.erp import desk_deeds, desk_list, desk_row, rows
from integrator.erp.connection import Database, Session
from integrator.erp.desk_deeds import Answer, DeskError, Tally, Waiting
from integrator.erp.desk_list import Kind, Overview, RowFilter, RowPage, RowRef
from integrator.erp.desk_row import RowFacts
from integrator.erp.sql import QUERIES

_LONGEST_KEY = 120


class Decision(Enum):
    """What a person may decide about one row: from which states, to which, and the infinitive that people read.

    What is reserved or being sent belongs to the engine. A draft is still being written by the ERP: nobody releases it.
    """

    RELEASE = ((State.HELD,), State.PENDING, "ser liberada")
    CONFIRM = ((State.AWAITING,), State.PENDING, "ser confirmada")
    CANCEL = (
        (State.DRAFT, State.AWAITING, State.PENDING, State.HELD, State.UNCERTAIN),
        State.CANCELLED,
        "ser cancelada",
    )
    ARRIVED = ((State.UNCERTAIN,), State.SENT, "ser decidida")
    NOT_ARRIVED = ((State.UNCERTAIN,), State.FAILED, "ser decidida")

    def __init__(self, origins: tuple[State, ...], target: State, infinitive: str) -> None:
        self.origins = origins
        self.target = target
        self.infinitive = infinitive


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row as a list shows it. ``phones`` is as typed in the ERP; ``destination`` is where it went, if it did."""

    id: int
    key: str
    state: State
    customer: str
    phones: str
    module: str
    kind: str
    reason: str
    not_before: datetime | None
    sent_at: datetime | None
    destination: str


class Desk:
    """Reads and decides in short transactions of its own."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def counts(self) -> dict[State, int]:
        """Rows per state."""
        found = self._db.read(lambda s: s.rows(QUERIES["counts"]))
        return {State(state.strip()): int(count) for state, count in found}

    def list_rows(self, states: tuple[State, ...], limit: int = 200) -> tuple[QueueRow, ...]:
        """The newest ``limit`` rows in any of ``states`` (all states when empty), in the order they were queued."""
        where = f" WHERE SITUACAO IN ({', '.join('?' for _ in states)})" if states else ""
        sql = f"{QUERIES['list_rows']}{where} ORDER BY ID DESC ROWS {int(limit)}"
        found = self._db.read(lambda s: s.rows(sql, [state.value for state in states]))
        return tuple(map(_queue_row, reversed(found)))

    def config(self, key: str) -> str:
        """One value of ``WA_CONFIG``, empty when absent."""
        found = self._db.read(lambda s: s.rows(QUERIES["config"]))
        return {str(name).strip().upper(): rows.lenient(value) for name, value in found}.get(key, "")

    def set_config(self, key: str, value: str) -> None:
        """Write one value of ``WA_CONFIG``; an empty one removes it."""
        if value:
            self._db.run(lambda s: s.execute(QUERIES["set_config"], (key, rows.storable(value, 1000))))
        else:
            self._db.run(lambda s: s.execute(QUERIES["delete_config"], (key,)))

    def decide(self, key: str, decision: Decision, reason: str = "") -> State:
        """Apply a person's decision to one row; the state it is in now.

        Raises :class:`DeskError` when there is no such row, its state does not allow it, or it changed meanwhile.
        """

        def work(session: Session) -> None:
            state = _state_of(session, key)
            if state not in decision.origins:
                raise DeskError(f"A mensagem {key} está {state.label} e não pode {decision.infinitive}.")
            code = "pessoa" if reason else None
            parameters = (decision.target.value, rows.storable(reason, 500) or None, code, key, state.value)
            if session.execute(QUERIES["person_moves"], parameters) != 1:
                raise DeskError(f"A mensagem {key} mudou de situação agora mesmo. Veja a fila de novo.")

        self._db.run(work)
        return decision.target

    # -- the pages of the panel --------------------------------------------------------------------------------------

    def overview(self) -> Overview:
        """What is not over yet, in one look."""
        return self._db.read(desk_list.overview)

    def now(self) -> datetime:
        """The server's clock, by which rows are stamped."""
        return self._db.read(desk_list.moment)

    def page(self, wanted: RowFilter, number: int = 1) -> RowPage:
        """A page of the rows that match."""
        return self._db.read(lambda s: desk_list.page(s, wanted, number))

    def facts(self, number: int, guid: str = "") -> RowFacts | None:
        """All about one row; None when there is none with that number, or it is another one than ``guid`` means."""
        found = self._db.read(lambda s: desk_row.facts(s, number))
        return None if found is None or guid not in ("", found.row.ref.guid) else found

    def waiting(self) -> tuple[Waiting, ...]:
        """What waits for a person's yes, by module and type."""
        return self._db.read(desk_deeds.waiting)

    def decide_row(
        self,
        ref: RowRef,
        decision: Decision,
        reason: str = "",
        *,
        who: str,
        seen: datetime | None = None,
        spoilt_too: bool = True,
    ) -> str:
        """As :meth:`decide`, by number; the row's key. ``who`` is written down beside it.

        ``seen``: when the person looked at it, by the server's clock; a row that changed since is left as it is.
        ``spoilt_too``: also a row that the ERP could not write completely.
        """
        answer = Answer(decision.origins, decision.target, decision.infinitive, reason, who, spoilt_too)
        return self._db.run(lambda s: desk_deeds.decide(s, ref, answer, seen))

    def send_first(self, ref: RowRef, *, who: str) -> str:
        """Put a pending row before all others of its purpose; its key. Raises as :meth:`decide`."""
        return self._db.run(lambda s: desk_deeds.send_first(s, ref, who))

    def answer_waiting(
        self, decision: Decision, seen: datetime, reason: str = "", *, who: str, kind: Kind | None = None
    ) -> Tally:
        """Confirm or cancel all that waited for a yes at ``seen`` (the server's clock), or all of one kind.

        In short transactions: neither the ERP nor the engine waits for ten thousand rows. What another transaction
        holds is counted and left.
        """
        answer = Answer((State.AWAITING,), decision.target, decision.infinitive, reason, who)
        return desk_deeds.answer_waiting(self._db, answer, seen, kind)

    def release_restored(self) -> int:
        """Release what a restored database or a replaced computer held while it was about to be sent; how many."""
        return self._db.run(lambda s: s.execute(QUERIES["release_restored"]))


def _state_of(session: Session, key: str) -> State:
    # A key that the column cannot hold would be an error of the database instead of a row not found.
    known = len(key) <= _LONGEST_KEY and rows.storable(key, _LONGEST_KEY) == key
    found = session.row(QUERIES["state_of_key"], (key,)) if known else None
    if found is None:
        raise DeskError(f"Não há mensagem com a chave {key}.")
    return State(found[0].strip())


def _queue_row(row: tuple[object, ...]) -> QueueRow:
    number, key, state, customer, phones, module, kind, reason, not_before, sent_at, to = row
    return QueueRow(
        int(str(number)),
        rows.lenient(key),
        State(str(state).strip()),
        rows.lenient(customer),
        rows.lenient(phones),
        rows.lenient(module),
        rows.lenient(kind),
        rows.lenient(reason),
        not_before if isinstance(not_before, datetime) else None,
        sent_at if isinstance(sent_at, datetime) else None,
        str(to or "").strip(),
    )
