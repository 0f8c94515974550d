"""What only one row may ever bring to a person (``WA_UNICA``), decided between any number of integrators."""

from __future__ import annotations

from typing import Final

from integrator.domain.errors import RowLocked
from integrator.erp import rows
from integrator.erp.connection import Session
from integrator.erp.sql import QUERIES

_LONGEST: Final = 160
_OURS: Final = 1
_BEING_WRITTEN: Final = 2


def claimed(session: Session, row_id: int, claim: str) -> bool:
    """Whether the row may leave by its claim: then it is the row's own until the row ends without having left.

    Must be asked in the transaction that makes the row ``enviando``: whoever comes second either sees that row, or
    meets the same key and gets :class:`RowLocked`, to be asked again once the first transaction has ended.
    """
    answer = session.row(QUERIES["claim"], (rows.storable(claim, _LONGEST), row_id))
    if answer is not None and answer[0] == _BEING_WRITTEN:
        raise RowLocked("Outro integrador está enviando esta mesma mensagem agora.", detail=f"claim of row {row_id}")
    return answer is not None and answer[0] == _OURS
