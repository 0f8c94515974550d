"""What the journal and ``painel.db`` hold of rows that the queue has forgotten, forgotten too, as often as needed."""

from __future__ import annotations

import logging
import threading

from integrator.domain.errors import IntegratorError
from integrator.erp.personal_data import erased_among
from integrator.logs import log_event
from integrator.panel.api.callbacks.book import Book
from integrator.panel.customers.bulk_store import BulkStore
from integrator.panel.customers.erasure_book import Begun, ErasureBook
from integrator.panel.customers.journal import forget_in_journal
from integrator.panel.customers.term_store import TermStore
from integrator.panel.customers.wrote import forget_wrote
from integrator.panel.premises import Panel

log = logging.getLogger(__name__)

#: Held by whoever erases, too: nobody takes what is being done for what was left undone.
ERASING = threading.RLock()


def finish_erasures(panel: Panel) -> None:
    """Finish all that have begun in the databases of this panel.

    Only rows that the queue has erased are forgotten: what is sent, or may be, needs its lines. Raises the database's
    errors, :class:`JournalError` and :class:`PanelStoreError`; whatever is not through stays noted.
    """
    book = ErasureBook(panel.store)
    if not book.begun():
        return
    with ERASING:
        for begun in book.begun():
            if _forget(panel, begun):
                book.through(begun.id)


def finish_quietly(panel: Panel) -> None:
    """The same beside something else that somebody asked for: what cannot be done now is logged, and done later."""
    try:
        finish_erasures(panel)
    except IntegratorError as error:
        log_event(log, "erasure_waits", level=logging.WARNING, message=error.message, detail=error.detail)


def _forget(panel: Panel, begun: Begun) -> bool:
    """Whether it is through: not while its database is not configured."""
    shop = next((each for each in panel.shops() if each.name == begun.shop), None)
    if shop is None:
        return False
    erased = erased_among(shop.database, begun.rows)
    guids = [each.guid for each in erased]
    new_keys = [each.guid for each in erased if each.new_key]
    forget_in_journal(panel.folder, begun.numbers, guids, new_keys)
    for number in begun.numbers[:1]:
        forget_wrote(panel.folder, shop.database, number)
    BulkStore(panel.store).forget(begun.numbers)
    TermStore(panel.store).forget(begun.numbers)
    Book(panel.store).forget_rows(guids, new_keys)
    return True
