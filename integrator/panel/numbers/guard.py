"""What the guard allows a number today, as its card shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from integrator.app import JOURNAL_FILE
from integrator.domain.errors import JournalError
from integrator.domain.sender import SenderRecord, Stop, Used, cold_limit
from integrator.journal.senders import SenderBook
from integrator.panel.premises import Panel
from integrator.settings.sections import NumberSettings


@dataclass(frozen=True, slots=True)
class NumberGuard:
    """Contacts of today and their caps. ``day`` is the sending day of a number that counts as new, else 0.

    ``asked``: the shop said whether the number is new. ``cold_until`` is None unless new contacts wait.
    """

    known: int
    known_cap: int
    cold: int
    cold_cap: int
    day: int
    asked: bool
    cold_until: datetime | None
    stop: Stop | None


def guard_of(panel: Panel, settings: NumberSettings, number: str) -> NumberGuard | None:
    """Of the paired number (E.164 digits); None while nothing is known of it, or the journal cannot be read."""
    try:
        with _book(panel) as book:
            return _guard(panel, settings, book, number) if book is not None and number else None
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


def _guard(panel: Panel, settings: NumberSettings, book: SenderBook, number: str) -> NumberGuard:
    now = panel.clock.now()
    record = book.record(number) or SenderRecord(number, now)
    use = book.use(number, now)
    limit = cold_limit(record.used, use.days_before, settings.cold_cap)
    paused = record.cold_until if record.cold_until is not None and record.cold_until > now else None
    return NumberGuard(
        known=use.known,
        known_cap=settings.known_cap,
        cold=use.cold,
        cold_cap=limit,
        day=0 if limit >= settings.cold_cap else use.days_before + 1,
        asked=record.used is not Used.UNKNOWN,
        cold_until=paused,
        stop=record.stop,
    )


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
