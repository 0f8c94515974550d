"""Messages that come by the HTTP API, written through the contract's own procedures.

A key asked for twice with the same content is one message, however often and from wherever it is asked: what was asked
is noted as a digest in ``WA_EVENTO``, in the transaction that writes the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from integrator.domain.errors import ErpDatabaseError, RowLocked
from integrator.domain.lifecycle import State
from integrator.erp import rows
from integrator.erp.api_rows import ApiRow, Outcome, SentPart, api_row, find_row, row_of_id, row_of_key, sent_part
from integrator.erp.connection import Database, Row, Session
from integrator.erp.drafts import Parameters
from integrator.erp.sql import QUERIES

_CHANGEABLE: Final = frozenset({State.DRAFT, State.AWAITING, State.PENDING, State.HELD})
_LEAVING: Final = frozenset({State.RESERVED, State.SENDING})
_OFF: Final = frozenset({State.CANCELLED, State.EXPIRED})
_RESTORED: Final = "restaurado"
_IN_USE: Final = "Outra operação está gravando esta mensagem agora. Tente de novo em um segundo."

Answered = tuple[Outcome, ApiRow | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A message as the parameters of the procedures, without the row's id.

    ``note`` says by which key of the API it came and ends with the digest of its content; ``own_text`` is a text that
    only UTF-8 can hold; ``problem`` holds the row.
    """

    key: str
    row: Parameters
    titles: tuple[Parameters, ...]
    items: tuple[Parameters, ...]
    attachments: tuple[Parameters, ...]
    variables: str
    own_text: str | None
    problem: str
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are listed: those after the row ``after``, oldest first."""

    key: str = ""
    state: State | None = None
    since: datetime | None = None
    after: int = 0
    limit: int = 50


class ApiQueue:
    """One database, in short transactions. Raises :class:`RowLocked` while another transaction writes the same row."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, asked: Asked) -> Answered:
        """One message in one transaction: all of it is there, or nothing.

        A key that already left, is leaving or was called off answers ``REPEATED`` when the same was asked before, else
        why nothing was changed. ``ERROR`` without a row: the database refused even to keep what it refused.
        """
        return self._db.run(lambda session: _put(session, asked))

    def find(self, guid: str) -> ApiRow | None:
        """The row of that GUID."""
        return self._db.read(lambda session: find_row(session, guid))

    def list_rows(self, wanted: Filter) -> tuple[ApiRow, ...]:
        """The rows of a filter, at most ``limit``."""
        conditions, parameters = ["ID > ?"], [wanted.after]
        more: Iterable[tuple[str, Any]] = (
            ("CHAVE = ?", wanted.key or None),
            ("SITUACAO = ?", wanted.state and wanted.state.value),
            ("CRIADO_EM >= ?", wanted.since),
        )
        for condition, value in more:
            if value is not None:
                conditions.append(condition)
                parameters.append(value)
        sql = f"{QUERIES['api_row']} WHERE {' AND '.join(conditions)} ORDER BY ID ROWS {int(wanted.limit)}"
        return tuple(map(api_row, self._db.read(lambda session: session.rows(sql, parameters))))

    def parts(self, guid: str) -> tuple[SentPart, ...]:
        """What left of a row, bubble by bubble."""
        return tuple(map(sent_part, self._db.read(lambda session: session.rows(QUERIES["api_parts"], (guid,)))))

    def cancel(self, guid: str, reason: str) -> Answered:
        """``RESERVED``: it is being prepared; the request is kept and counts if the message has not left yet."""
        stored = rows.storable(reason, 200) or None
        return self._decide(guid, lambda session, key: session.row(QUERIES["api_cancel"], (key, stored)))

    def confirm(self, guid: str) -> Answered:
        """The yes that a row waits for."""
        return self._decide(guid, lambda session, key: session.row(QUERIES["api_confirm"], (key,)))

    def release(self, guid: str) -> Answered:
        """Let a held row go on."""
        return self._decide(guid, lambda session, key: session.row(QUERIES["api_release"], (key,)))

    def _decide(self, guid: str, ask: Callable[[Session, str], Row | None]) -> Answered:
        def work(session: Session) -> Answered:
            found = find_row(session, guid)
            answer = ask(session, found.key) if found else None
            outcome = Outcome(str(answer[0]).strip()) if answer else Outcome.NOT_FOUND
            return outcome, find_row(session, guid)

        return self._db.run(work)


def _put(session: Session, asked: Asked) -> Answered:
    known = session.row(QUERIES["api_known"], (asked.key,))
    if known is not None and known[1].strip() != State.DRAFT and _same(known[3], asked):
        return Outcome.REPEATED, find_row(session, known[0])
    found = session.row(QUERIES["api_enqueue"], asked.row)
    if found is None:
        raise ErpDatabaseError("O banco não respondeu ao pedido.", detail="WA_ENFILEIRAR returned no row")
    row_id, word, _, key = found
    outcome = Outcome(str(word).strip())
    if outcome is Outcome.ERROR:
        return outcome, row_of_id(session, row_id) if row_id is not None else None
    if rows.lenient(key) != asked.key:
        # The trigger wrote a cancelled row beside the one that took the key: undone, and asked again.
        raise RowLocked(_IN_USE, detail="the key was taken meanwhile")
    if outcome is Outcome.REPEATED:
        return _repeated(session, asked), row_of_key(session, asked.key)
    _fill(session, int(row_id), asked)
    return outcome, row_of_id(session, row_id)


def _same(note: object, asked: Asked) -> bool:
    """Whether the row is as the API wrote it last, and the same is asked: by its digest, whoever asks."""
    return rows.lenient(note).rpartition(" ")[2] == asked.note.rpartition(" ")[2]


def _fill(session: Session, row_id: int, asked: Asked) -> None:
    for statement, calls in (
        ("enqueue_title", asked.titles),
        ("enqueue_item", asked.items),
        ("enqueue_attachment", asked.attachments),
    ):
        for parameters in calls:
            session.row(QUERIES[statement], (row_id, *parameters))
    if asked.variables:
        session.row(QUERIES["api_json"], (row_id, asked.variables))
    session.execute(QUERIES["own_text"], (asked.own_text, row_id))
    if asked.problem:
        session.execute(QUERIES["enqueue_problem"], (asked.problem, row_id))
    session.execute(QUERIES["api_note"], (asked.who, asked.note, row_id))
    session.row(QUERIES["api_release"], (asked.key,))


def _repeated(session: Session, asked: Asked) -> Outcome:
    """Why the procedure changed nothing. Raises :class:`RowLocked` when it only could not now."""
    known = session.row(QUERIES["api_known"], (asked.key,))
    if known is None:
        raise RowLocked(_IN_USE, detail="another transaction holds the key")
    _, word, code, note, left = known
    state = State(word.strip())
    if _same(note, asked):
        return Outcome.REPEATED
    if state in _LEAVING:
        return Outcome.RESERVED
    if state in _OFF:
        return Outcome.CANCELLED
    if state in _CHANGEABLE and not left and str(code or "").strip() != _RESTORED:
        raise RowLocked(_IN_USE, detail="another transaction holds the row")
    return Outcome.HELD if state in _CHANGEABLE and not left else Outcome.SENT
