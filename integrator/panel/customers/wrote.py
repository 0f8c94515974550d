"""What is kept of what a person wrote to the shop: told to that person, and forgotten.

When the person wrote stands in ``WA_CONTATO``; the texts of the last days in ``eventos.db``, their digests and the
automatic answers in ``integrator.db``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from integrator.app import JOURNAL_FILE
from integrator.domain.phone import PhoneCandidate
from integrator.erp.connection import Database
from integrator.erp.contacts import Contacts
from integrator.gateways.events.log import EVENTS_FILE, EventLog, everybody
from integrator.journal.replies import ReplyBook
from integrator.messages.formatting import format_datetime


@dataclass(frozen=True, slots=True)
class Wrote:
    """``facts`` are pairs of words and moment; ``texts`` are moment and text, empty for what was no text."""

    facts: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]


def read_wrote(folder: Path, database: Database, phone: PhoneCandidate) -> Wrote:
    """All of it. Raises the database's errors and :class:`GatewayError`."""
    known = Contacts(database).find(phone.e164)
    moments = (
        ("Escreveu para a loja pela última vez", known.wrote_at),
        ("Recebeu a pergunta do termo de consentimento", known.term_at),
        ("Disse que o número não é dela", known.wrong_at),
        ("Tomada por um robô", known.robot_at),
        ("Última resposta automática", known.answered_at),
    )
    facts = tuple((words, format_datetime(at)) for words, at in moments if at is not None)
    with _events(folder) as events:
        written = events.written_by(phone.e164) if events is not None else ()
    return Wrote(facts, tuple((format_datetime(each.at), each.text) for each in written))


def forget_wrote(folder: Path, database: Database, number: str) -> None:
    """Forget all of it but what keeps the person from being written to. Raises also :class:`JournalError`."""
    Contacts(database).forget(number)
    with _events(folder) as events:
        if events is not None:
            events.forget(number)
    if (folder / JOURNAL_FILE).is_file():
        with closing(ReplyBook(folder / JOURNAL_FILE)) as book:
            book.forget(number)


@contextmanager
def _events(folder: Path) -> Iterator[EventLog | None]:
    path = folder / EVENTS_FILE
    if not path.is_file():
        yield None
        return
    with closing(EventLog(path, datetime.now, everybody)) as events:
        yield events
