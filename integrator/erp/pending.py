"""The queue for somebody who only looks: which rows are due, and a database that nothing can be written to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from integrator.domain.message import Purpose
from integrator.erp.connection import Database, Session
from integrator.sending.ports import Reservation

T = TypeVar("T")

#: The rows that ``WA_RESERVAR`` would take, in its order.
_DUE: Final = (
    "SELECT ID, GUID FROM WA_FILA WHERE SITUACAO = 'pendente' AND FINALIDADE = ? "
    "AND (NAO_ANTES IS NULL OR NAO_ANTES <= ?) AND (EXPIRA_EM IS NULL OR EXPIRA_EM > ?) "
    "AND (INSTANCIA IS NULL OR INSTANCIA = ?) ORDER BY SITUACAO, FINALIDADE, PRIORIDADE, ORDEM, ID ROWS ?"
)


class ReadOnlyDatabase(Database):
    """Every transaction is READ ONLY, so that the server itself refuses a write, whoever asks for one."""

    def run(self, work: Callable[[Session], T]) -> T:
        return self.read(work)


class PendingRows:
    """What the number ``instance`` could send now."""

    def __init__(self, database: Database, instance: str) -> None:
        self._db = database
        self._instance = instance

    def due(self, purpose: Purpose, now: datetime, limit: int) -> tuple[Reservation, ...]:
        """The first ``limit`` due rows; their tokens are empty, because nobody reserved them."""
        parameters = (purpose.value, now, now, self._instance, limit)
        found = self._db.read(lambda s: s.rows(_DUE, parameters))
        return tuple(Reservation(int(number), str(guid).strip(), token="") for number, guid in found)
