"""Asking the ERP about a title once more, just before it is sent: paid, called off, renegotiated or changed meanwhile.

Two ways: the profile's ``[conferir]``, for rows that our own closing wrote, and the vendor's ``WA_CONFERIR_TITULO``
(``erp/hook.py``). What changed is written to ``WA_TITULO`` with an event that says from what to what; the engine then
composes the message anew, or calls it off when nothing of it is owed any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from integrator.closing.ports import TitleState
from integrator.documents.boleto_data import document_name
from integrator.documents.formats import brl, date_br
from integrator.domain.errors import RowLocked, SettingsError
from integrator.domain.message import Title
from integrator.erp.connection import Session
from integrator.erp.rows import storable
from integrator.erp.sql import QUERIES

_DETAIL = 500


@dataclass(frozen=True, slots=True)
class TitleAnswer:
    """What the ERP says of a title now; ``open_amount`` in reais."""

    state: TitleState
    open_amount: Decimal
    due: date


class TitleChecker(Protocol):
    """The ERP's own word on a title (:class:`integrator.erp.profiles.source.ProfileSource` is one)."""

    @property
    def can_ask(self) -> bool:
        """Whether the profile has ``conferir``; without it :meth:`ask` is not used."""
        ...

    def ask(self, ref: str) -> TitleAnswer | None:
        """None when the ERP does not know it any more. Raises the errors of :mod:`integrator.domain.errors`."""
        ...

    def rest(self) -> None:
        """Nothing to ask for a while: detach soon."""
        ...


class AskLater(RowLocked):
    """The ERP could not be asked, because the profile does not fit it any more: the row waits, nothing is lost."""


@dataclass(frozen=True, slots=True)
class TitleNews:
    """A title of which the ERP now says something else; ``state`` is None when the ERP does not know it any more."""

    title: Title
    state: TitleState | None
    open_amount: Decimal
    due: date

    def explain(self) -> str:
        """One Portuguese sentence for the row's history."""
        name = f"Título {document_name(self.title)}"
        if self.state is None:
            return f"{name} não está mais no ERP e foi retirado da mensagem."
        changes = [
            (TitleState.OPEN.value, self.state.value, "situação"),
            (brl(self.title.open_amount), brl(self.open_amount), "valor em aberto"),
            (date_br(self.title.due), date_br(self.due), "vencimento"),
        ]
        told = "; ".join(f"{what} de {old} para {new}" for old, new, what in changes if old != new)
        return f"{name} mudou no ERP: {told}."


def news_of(title: Title, answer: TitleAnswer | None) -> TitleNews | None:
    """What is new about an open title; None when all is as it was."""
    if answer is None:
        return TitleNews(title, None, title.open_amount, title.due)
    if (answer.state, answer.open_amount, answer.due) == (TitleState.OPEN, title.open_amount, title.due):
        return None
    return TitleNews(title, answer.state, answer.open_amount, answer.due)


def ask_profile(checker: TitleChecker, titles: Iterable[Title]) -> tuple[TitleNews, ...]:
    """What is new of the open titles, asked through the profile. Raises :class:`AskLater` for a profile that no longer
    fits the ERP, ``RowError`` (the row is held) for an answer that cannot be used, and the connection's errors."""
    try:
        asked = ((title, checker.ask(title.ref)) for title in titles if title.open and title.ref)
        return tuple(news for title, answer in asked if (news := news_of(title, answer)) is not None)
    except SettingsError as error:
        raise AskLater(error.message, detail=error.detail) from error


def record(session: Session, row_id: int, news: Iterable[TitleNews], who: str) -> None:
    """Write what the ERP said to the row's titles, with an event each."""
    for item in news:
        state = _stored(item.state)
        session.execute(QUERIES["title_changed"], (state, item.open_amount, item.due, row_id, item.title.ref))
        session.execute(QUERIES["title_event"], (who, storable(item.explain(), _DETAIL), row_id))


def _stored(state: TitleState | None) -> str:
    """``WA_TITULO`` knows open, paid and called off; what was renegotiated lives on as another title."""
    if state in (TitleState.OPEN, TitleState.PAID):
        return state.value
    return TitleState.CANCELLED.value
