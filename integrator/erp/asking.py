"""Rows that wait for a person's yes because the shop wants it, whatever the ERP asked for."""

from __future__ import annotations

from typing import Final

from integrator.erp import rows
from integrator.erp.connection import Row, Session
from integrator.erp.sql import QUERIES

REASON: Final = "A loja quer confirmar mensagens deste tipo antes de enviar. Confirme, ou cancele, no ERP ou no painel."


def kinds_waiting(session: Session, instance: str) -> tuple[tuple[str, str], ...]:
    """Module and kind of what waits unconfirmed, each pair once, in order."""
    return tuple(sorted({_decoded(row) for row in session.rows(QUERIES["kinds_waiting"], (instance,))}))


def ask_first(session: Session, instance: str, module: str, kind: str) -> int:
    """Move the rows of that kind to ``aguardando_confirmacao``; how many.

    Names are compared as decoded, because that is how they were told; an ERP may write one in several ways.
    """
    return sum(
        _moved(session.row(QUERIES["ask_first"], (*found, instance, REASON)))
        for found in session.rows(QUERIES["kinds_waiting"], (instance,))
        if _decoded(found) == (module, kind)
    )


def _decoded(row: Row) -> tuple[str, str]:
    return rows.lenient(row[0]), rows.lenient(row[1])


def _moved(answer: Row | None) -> int:
    return int(answer[0]) if answer else 0
