"""What the guard allows a number today, as its card shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from integrator.app import JOURNAL_FILE
from integrator.domain.errors import ErpDatabaseError, JournalError
from integrator.domain.sender import DayUse, SenderRecord, Stop, Used
from integrator.journal.senders import SenderBook
from integrator.panel.premises import Panel
from integrator.reports import NumberGuard, number_guard
from integrator.settings.sections import NumberSettings


def guard_of(panel: Panel, settings: NumberSettings, number: str) -> NumberGuard | None:
    """Of the paired number (E.164 digits), by the journal and by every queue that it serves and that can be asked.

    None while nothing is known of it, or the journal cannot be read.
    """
    if not number:
        return None
    now, told = panel.clock.now(), DayUse()
    for shop in panel.shops():
        if any(each.instance == settings.instance for each in shop.settings.numbers):
            with suppress(ErpDatabaseError):
                told = told.joined(shop.queue(settings.instance).day_use(number, now))
    try:
        return number_guard(panel.folder, settings, number, now, told)
    except JournalError:
        return None


def stops_of(panel: Panel, configured: Iterable[NumberSettings]) -> dict[str, Stop]:
    """Why numbers are stopped, by the name of each that is; a journal that cannot be read says of none."""
    try:
        with _book(panel) as book:
            records = {each.instance: _last(book, each.instance) for each in configured} if book is not None else {}
    except JournalError:
        return {}
    return {name: record.stop for name, record in records.items() if record is not None and record.stop is not None}


def _last(book: SenderBook, instance: str) -> SenderRecord | None:
    """The number that was last met in that instance."""
    number = book.number_of(instance)
    return book.record(number) if number else None


def declare(panel: Panel, number: str, used: Used) -> None:
    """Keep what the shop says of a number. Raises :class:`JournalError`."""
    book = SenderBook(panel.folder / JOURNAL_FILE)
    try:
        book.declare(number, used, panel.clock.now())
    finally:
        book.close()


def resume(panel: Panel, instance: str) -> bool:
    """A person looked: the number goes on; whether it was stopped. Raises :class:`JournalError`."""
    with _book(panel) as book:
        return book is not None and book.resume(book.number_of(instance))


@contextmanager
def _book(panel: Panel) -> Iterator[SenderBook | None]:
    """The journal's book; None before anything was ever sent."""
    path = panel.folder / JOURNAL_FILE
    if not path.is_file():
        yield None
        return
    book = SenderBook(path)
    try:
        yield book
    finally:
        book.close()
