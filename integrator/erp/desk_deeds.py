"""A person's decisions made in the panel, as they are written: by number and GUID, the person's name beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from integrator.domain.errors import IntegratorError
from integrator.domain.lifecycle import State
from integrator.domain.money import to_money
from integrator.erp import rows
from integrator.erp.connection import Database, Row, Session
from integrator.erp.desk_list import Kind, RowRef
from integrator.erp.sql import QUERIES

#: ``WA_EVENTO.ACAO`` of a person's decision, and of a row put before the others.
BY_PERSON: Final = "pessoa"
SENT_FIRST: Final = "primeira"
#: ``WA_FILA.MOTIVO_CODIGO`` of a reason that a person gave.
_CODE: Final = "pessoa"
_ALREADY_FIRST: Final = "A mensagem {key} já é a próxima de sua finalidade."


class DeskError(IntegratorError):
    """What was asked cannot be done with that row."""

    title = "Não foi possível"


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision: from which states, to which, in words, why, and whose it is.

    ``spoilt_too``: also about a row that the ERP could not write completely.
    """

    origins: tuple[State, ...]
    target: State
    infinitive: str
    reason: str
    who: str
    spoilt_too: bool = True


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a yes: ``amount`` is what its open titles add up to."""

    kind: Kind
    rows: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of many rows: ``busy`` ones were held by another transaction at that moment, and stay."""

    done: int
    busy: int


def waiting(session: Session) -> tuple[Waiting, ...]:
    """By module and type, in the order of their names; an ERP may write one name in several ways."""
    found: dict[tuple[str, str], Waiting] = {}
    for module, kind, number, amount in session.rows(QUERIES["desk_groups"]):
        name = (rows.lenient(module), rows.lenient(kind))
        known = found.get(name, Waiting(Kind(*name), 0, Decimal(0)))
        found[name] = Waiting(known.kind, known.rows + int(number), known.amount + to_money(amount or 0))
    return tuple(found[name] for name in sorted(found))


def decide(session: Session, ref: RowRef, answer: Answer, seen: datetime | None) -> str:
    """Move one row, and say who did it; its key. Raises :class:`DeskError`."""
    row = session.row(QUERIES["desk_state"], (ref.id, ref.guid))
    if row is None:
        raise DeskError("Esta mensagem não está mais na fila: o banco pode ter sido restaurado. Veja a fila de novo.")
    state, key, changed = State(row[0].strip()), rows.lenient(row[1]), row[2]
    if state not in answer.origins:
        raise DeskError(f"A mensagem {key} está {state.label} e não pode {answer.infinitive}.")
    if seen is not None and changed > seen:
        raise DeskError(f"A mensagem {key} mudou depois que você a viu. Confira-a de novo.")
    if row[3] and not answer.spoilt_too:
        raise DeskError(f"O ERP não conseguiu gravar a mensagem {key} por inteiro. Abra-a e decida só sobre ela.")
    reason = rows.storable(answer.reason, 500)
    code = _CODE if reason else None
    parameters = (answer.target.value, reason or None, code, ref.id, ref.guid, state.value, changed)
    if session.execute(QUERIES["desk_moves"], parameters) != 1:
        raise DeskError(f"A mensagem {key} mudou de situação agora mesmo. Veja a fila de novo.")
    _say(session, BY_PERSON, answer.who, reason, ref)
    return key


def send_first(session: Session, ref: RowRef, who: str) -> str:
    """Give a pending row the priority of the first of its purpose, and a moment before it."""
    row = session.row(QUERIES["desk_state"], (ref.id, ref.guid))
    key = rows.lenient(row[1]) if row else ""
    if row is None or State(row[0].strip()) is not State.PENDING:
        told = f"está {State(row[0].strip()).label}" if row else "não está mais na fila"
        raise DeskError(f"A mensagem {key} {told} e não pode ser enviada primeiro.".replace("  ", " "))
    first = session.row(QUERIES["desk_next"], (row[4],))
    if first is None or int(first[0]) == ref.id:
        raise DeskError(_ALREADY_FIRST.format(key=key))
    if session.execute(QUERIES["desk_first"], (first[1], first[2], ref.id, ref.guid)) != 1:
        raise DeskError(f"A mensagem {key} mudou de situação agora mesmo. Veja a fila de novo.")
    _say(session, SENT_FIRST, who, "", ref)
    return key


def answer_waiting(database: Database, answer: Answer, seen: datetime, kind: Kind | None) -> Tally:
    """All that waited at ``seen``, some hundred rows in a transaction."""
    found = database.read(lambda session: session.rows(QUERIES["desk_groups"]))
    done = busy = 0
    # The bytes of the names are compared, because that is how a group was told.
    for module, name, *_ in found:
        if kind in (None, Kind(rows.lenient(module), rows.lenient(name))):
            tally = _answer_group(database, answer, seen, (module, name))
            done, busy = done + tally.done, busy + tally.busy
    return Tally(done, busy)


def _answer_group(database: Database, answer: Answer, seen: datetime, names: Sequence[object]) -> Tally:
    reason = rows.storable(answer.reason, 500)
    decision = (
        answer.target.value,
        reason or None,
        _CODE if reason else None,
        BY_PERSON,
        rows.storable(answer.who, 60),
    )
    done = busy = last = 0
    while True:
        row = _answer_some(database, (*names, last, seen, *decision))
        if row is None or row[2] is None:
            return Tally(done, busy)
        done, busy, last = done + int(row[0]), busy + int(row[1]), int(row[2])


def _answer_some(database: Database, parameters: Sequence[object]) -> Row | None:
    return database.run(lambda session: session.row(QUERIES["desk_answer"], parameters))


def _say(session: Session, action: str, who: str, reason: str, ref: RowRef) -> None:
    session.execute(QUERIES["desk_event"], (action, rows.storable(who, 60), reason or None, ref.id))
