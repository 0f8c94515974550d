"""The vendor's own word on a title just before it is sent: the optional procedure ``WA_CONFERIR_TITULO``."""

from __future__ import annotations

from datetime import datetime

import fdb

from integrator.closing.ports import TitleState
from integrator.domain.message import Title
from integrator.domain.money import to_money
from integrator.erp.connection import Session
from integrator.erp.error_codes import connection_lost, gds_code, is_conflict
from integrator.erp.recheck import TitleAnswer
from integrator.erp.rows import RowError
from integrator.erp.sql import QUERIES


def ask(session: Session, title: Title) -> TitleAnswer:
    """Whether the title is still open, what is owed of it in reais, and when it is due.

    Raises :class:`RowError` when the vendor's procedure fails; a lost attachment or a lock is the driver's own error.
    """
    try:
        row = session.row(QUERIES["ask_hook"], (title.ref,))
    except fdb.DatabaseError as error:
        if connection_lost(error) or is_conflict(error):
            raise
        raise RowError(
            f"O ERP não conseguiu conferir o título {title.document} antes do envio (procedimento WA_CONFERIR_TITULO). "
            "Avise o fornecedor do ERP e libere a mensagem depois.",
            detail=f"gdscode={gds_code(error)} {error!r}",
        ) from error
    if row is None or row[0] is None:
        return TitleAnswer(TitleState.PAID, title.open_amount, title.due)
    state = TitleState.OPEN if str(row[0]).strip().upper() == "S" else TitleState.PAID
    amount = title.open_amount if row[1] is None else to_money(row[1])
    due = title.due if row[2] is None else row[2]
    return TitleAnswer(state, amount, due.date() if isinstance(due, datetime) else due)
