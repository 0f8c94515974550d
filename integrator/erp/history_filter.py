"""Which messages of the history are wanted, and the SQL that finds them without reading all the others.

Two ways lead to them. As a rule the index of the instants is walked from the newest on and what does not fit is passed
over: a page is full soon. What only few messages have (one customer's phone, a rare type) is picked by its own index
and sorted. A look at up to :data:`_FEW` keys tells which way is the shorter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from integrator.domain.errors import PhoneError
from integrator.domain.lifecycle import State
from integrator.domain.phone import parse_phones
from integrator.erp import rows
from integrator.erp.connection import Session

#: The states in which a message of the history can be.
STATES: Final = (State.SENT, State.DELIVERED, State.READ, State.FAILED, State.UNCERTAIN)
_FEW: Final = 2000
#: Firebird's smallest step of time.
_TICK: Final = timedelta(microseconds=100)
_INDEXED = re.compile(r"\b(MODULO|TIPO|SITUACAO|DESTINO)\b")
_PHONE = re.compile(r"[\d\s()+.\-/]+")
_FULL_NUMBER: Final = 10
_SUBSCRIBER: Final = 8
_LONGEST_WORDS: Final = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """Whole days, both included. Empty fields let everything pass.

    ``words`` are looked for in the text, the customer's name and the phone, whatever their case and accents; a phone
    may be written in any way, ``area`` is the code of one without it.
    """

    first: date
    last: date
    module: str = ""
    kind: str = ""
    state: State | None = None
    words: str = ""
    area: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first and the last instant, both included."""
        end = datetime.combine(self.last, time.min) + (timedelta(days=1) - _TICK)
        return datetime.combine(self.first, time.min), end


@dataclass(frozen=True, slots=True)
class Where:
    """What follows ``FROM WA_FILA``, with its parameters, and the ``ORDER BY`` that suits it."""

    sql: str
    newest_first: str
    parameters: Sequence[object]


@dataclass(frozen=True, slots=True)
class _Condition:
    sql: str
    parameters: tuple[object, ...]

    @property
    def unindexed(self) -> str:
        """The same in a form for which Firebird uses no index: it would first gather most of the history by it."""
        return _INDEXED.sub(r"COALESCE(\1, '')", self.sql)

    def few(self, session: Session) -> bool:
        """Whether only few rows fulfil it; told by the index, at most :data:`_FEW` keys of it."""
        sql = f"SELECT COUNT(*) FROM (SELECT FIRST {_FEW + 1} 1 AS UM FROM WA_FILA WHERE {self.sql})"
        found = session.row(sql, self.parameters)
        return found is not None and int(found[0]) <= _FEW


def conditions(session: Session, wanted: Filter, start: datetime, end: datetime) -> Where:
    """The messages of that filter from ``start`` to ``end``, both included."""
    indexed, slow = _of(wanted)
    picked = next((condition for condition in indexed if condition.few(session)), None)
    instant = "SAIU_EM" if picked is None else "SAIU_EM + 0"  # + 0: not by the index of the instants
    parts = [f"WHERE {instant} >= ? AND {instant} <= ?"]
    parameters: list[object] = [start, end]
    for condition in (*indexed, *slow):
        parts.append(condition.sql if condition is picked else condition.unindexed)
        parameters += condition.parameters
    return Where(" AND ".join(parts), f"ORDER BY {instant} DESC", parameters)


def _of(wanted: Filter) -> tuple[list[_Condition], list[_Condition]]:
    """What has an index of its own, and what has none."""
    indexed: list[_Condition] = []
    slow: list[_Condition] = []
    words = wanted.words[:_LONGEST_WORDS]
    numbers = _numbers(words, wanted.area)
    if numbers:
        indexed.append(_Condition(f"DESTINO IN ({', '.join('?' for _ in numbers)})", numbers))
    elif words:
        slow.append(_mentions(words))
    module, kind = rows.storable(wanted.module, 40), rows.storable(wanted.kind, 60)
    if module and kind:
        indexed.append(_Condition("(MODULO = ? AND TIPO = ?)", (module, kind)))
    elif module:
        indexed.append(_Condition("MODULO = ?", (module,)))
    elif kind:
        slow.append(_Condition("TIPO = ?", (kind,)))
    if wanted.state is not None:
        indexed.append(_Condition("SITUACAO = ?", (wanted.state.value,)))
    return indexed, slow


def _digits(words: str) -> str:
    """Those of a text that may be a phone; else none."""
    return re.sub(r"\D", "", words) if _PHONE.fullmatch(words) else ""


def _numbers(words: str, area: str) -> tuple[str, ...]:
    """Every number that a whole phone may stand for where messages went; none when it is not one."""
    if len(_digits(words)) < _FULL_NUMBER:
        return ()
    try:
        return tuple(dict.fromkeys(form for found in parse_phones(words, area) for form in found.alternatives))
    except PhoneError:
        return ()


def _mentions(words: str) -> _Condition:
    """In the customer's name or the text; digits also anywhere in the phone, where a mobile may have lost its nine."""
    text = rows.storable(words, _LONGEST_WORDS)
    told = "CLIENTE_NOME COLLATE WIN_PTBR CONTAINING ? OR TEXTO_HISTORICO COLLATE WIN_PTBR CONTAINING ?"
    digits = _digits(words)
    if not digits:
        return _Condition(f"({told})", (text, text))
    return _Condition(f"({told} OR DESTINO CONTAINING ?)", (text, text, digits[-_SUBSCRIBER:]))
