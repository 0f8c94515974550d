"""Real rows of the queue to try a text on: the longest name, the most titles or items, the most missing data.

Reads only: two SELECTs over the newest rows, whatever state they are in, and then the rows chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from integrator.domain.message import Company, Message
from integrator.erp import rows
from integrator.erp.connection import Database, Session
from integrator.erp.queue import FirebirdQueue
from integrator.messages.catalogue import DEBT_NOTICE, Situation, find_situation, situation_of
from integrator.sending.ports import Reservation

#: Older rows than these are not looked at.
NEWEST: Final = 20_000
#: Which debt notice a row is, only its titles tell: so many are read to find one.
_TRIES: Final = 25
_RECENT = f"F.ID > (SELECT MAX(ID) FROM WA_FILA) - {NEWEST}"
_KINDS = f"""
SELECT MAX(F.ID), CAST(F.MODULO AS VARCHAR(40) CHARACTER SET OCTETS), CAST(F.TIPO AS VARCHAR(60) CHARACTER SET OCTETS)
FROM WA_FILA F WHERE {_RECENT} AND F.SITUACAO <> 'rascunho' GROUP BY F.MODULO, F.TIPO
"""
_CANDIDATES = f"""
SELECT F.ID, CHAR_LENGTH(TRIM(COALESCE(F.CLIENTE_NOME, ''))),
    (SELECT COUNT(*) FROM WA_TITULO T WHERE T.FILA_ID = F.ID) + (SELECT COUNT(*) FROM WA_ITEM I WHERE I.FILA_ID = F.ID),
    CASE WHEN TRIM(COALESCE(F.CLIENTE_DOC, '')) = '' THEN 1 ELSE 0 END
        + CASE WHEN TRIM(COALESCE(F.CLIENTE_ENDERECO, '')) = '' THEN 1 ELSE 0 END
        + CASE WHEN TRIM(COALESCE(F.CONTATO_NOME, '')) = '' THEN 1 ELSE 0 END
        + CASE WHEN TRIM(COALESCE(F.CLIENTE_CODIGO, '')) = '' THEN 1 ELSE 0 END
        - (SELECT COUNT(*) FROM WA_VARIAVEL V WHERE V.FILA_ID = F.ID AND TRIM(COALESCE(V.VALOR, '')) <> '')
FROM WA_FILA X
JOIN WA_FILA F ON F.MODULO IS NOT DISTINCT FROM X.MODULO AND F.TIPO IS NOT DISTINCT FROM X.TIPO
WHERE X.ID = ? AND {_RECENT} AND F.SITUACAO <> 'rascunho'
"""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row and why it was chosen."""

    why: str
    message: Message


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    name: int
    lines: int
    missing: int


_REASONS: Final[Sequence[tuple[str, Callable[[_Candidate], int]]]] = (
    ("nome mais longo", lambda row: row.name),
    ("mais títulos ou itens", lambda row: row.lines),
    ("mais dados faltando", lambda row: row.missing),
)


def preview_rows(database: Database, situation: Situation, fallback: Company) -> tuple[PreviewRow, ...]:
    """Up to three rows of ``situation``, each another customer's, as they are in the database now.

    ``fallback`` is the shop where ``WA_EMPRESA`` does not tell. A row that cannot be read raises ``MessageError``.
    """
    candidates = database.read(lambda session: _candidates(session, situation))
    load = _Loader(FirebirdQueue(database, owner="", instance="", fallback_company=fallback), situation)
    chosen: list[PreviewRow] = []
    for why, measure in _REASONS:
        taken = {row.message.id for row in chosen}
        best = sorted((row for row in candidates if row.id not in taken), key=lambda row: (-measure(row), -row.id))
        found = next(filter(None, (load(row.id) for row in best[:_TRIES])), None)
        if found is not None:
            chosen.append(PreviewRow(why, found))
    return tuple(chosen)


class _Loader:
    """Reads rows, each once, and keeps those of the situation."""

    def __init__(self, queue: FirebirdQueue, situation: Situation) -> None:
        self._queue = queue
        self._situation = situation
        self._read: dict[int, Message | None] = {}

    def __call__(self, row_id: int) -> Message | None:
        if row_id not in self._read:
            message = self._queue.load(Reservation(row_id, "", "")).message
            fits = situation_of(message, message.created_at.date()) == self._situation
            self._read[row_id] = message if fits else None
        return self._read[row_id]


def _candidates(session: Session, situation: Situation) -> list[_Candidate]:
    """The rows that may be of the situation; how its name is written may differ from row to row."""
    examples = [
        example
        for example, module, kind in session.rows(_KINDS)
        if _may_be(rows.lenient(module), rows.lenient(kind), situation)
    ]
    found = [row for example in examples for row in session.rows(_CANDIDATES, (example,))]
    return [_Candidate(*(int(cell or 0) for cell in row)) for row in found]


def _may_be(module: str, kind: str, situation: Situation) -> bool:
    """Whether a row of that name can be of the situation; a debt notice's is told by its titles alone."""
    found = find_situation(module, kind)
    if situation.module == DEBT_NOTICE:
        return found is None or found.module == DEBT_NOTICE
    return found == situation
