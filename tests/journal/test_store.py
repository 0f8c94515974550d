"""The journal: the last line of defence against sending twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrator.domain.errors import JournalError
from integrator.domain.message import Part, PartKind
from integrator.journal.store import SqliteJournal
from integrator.sending.gateway import NumberCheck
from integrator.sending.ports import PartState, Post

NOW = datetime(2026, 11, 24, 9)
POST = Post("DB", "GUID", "COB|1", "5549988590187", 2)


def part(order: int = 1) -> Part:
    content = f"parte {order}".encode()
    return Part(order, PartKind.TEXT, content, hashlib.sha256(content).hexdigest())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dados da loja" / "integrator.db"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(path, NOW)
    yield opened
    opened.close()


@pytest.mark.feature("B01")
@pytest.mark.parametrize("state", [None, PartState.SENT, PartState.UNCERTAIN])
@pytest.mark.parametrize("post", [POST, Post("DB", "OUTRO", "COB|1", "x", 2), Post("DB", "GUID", "OUTRA", "x", 2)])
def test_a_part_that_may_have_left_is_never_posted_again(
    journal: SqliteJournal, state: PartState | None, post: Post
) -> None:
    """Whether the row comes back under its GUID or, after a closing run again, only under its key."""
    journal.intend(POST, part(), "ID1", NOW)
    if state is not None:
        journal.answer(POST, 1, state, "ID1", "", NOW)

    with pytest.raises(JournalError, match="já saiu deste computador"):
        journal.intend(post, part(), "ID1", NOW)


def test_a_part_that_was_proven_refused_may_be_posted_again(journal: SqliteJournal) -> None:
    journal.intend(POST, part(), "ID1", NOW)
    journal.answer(POST, 1, PartState.REFUSED, "", "fora do ar", NOW)

    journal.intend(POST, part(), "ID1", NOW + timedelta(minutes=1))

    (found,), total = journal.posted("DB", "GUID", "COB|1")
    assert (found.state, found.provider_id, total) == (PartState.PLANNED, "ID1", 2)


def test_a_caption_is_written_nowhere_and_every_kind_of_part_is_known_again(path: Path, journal: SqliteJournal) -> None:
    for order, kind in enumerate(PartKind, 1):
        journal.intend(POST, replace(part(order), kind=kind, caption="Olá, Conceição"), f"ID{order}", NOW)

    records, _ = journal.posted("DB", "GUID", "COB|1")

    assert [record.kind for record in records] == list(PartKind)
    journal.close()
    assert all(b"Concei" not in file.read_bytes() for file in path.parent.iterdir())


def test_the_same_key_in_another_database_is_another_message(journal: SqliteJournal) -> None:
    journal.intend(POST, part(), "ID1", NOW)

    journal.intend(Post("OUTRO BANCO", "GUID", "COB|1", "x", 2), part(), "ID1", NOW)


def test_an_answer_without_an_intent_is_a_fault(journal: SqliteJournal) -> None:
    with pytest.raises(JournalError):
        journal.answer(POST, 1, PartState.SENT, "ID1", "", NOW)


@pytest.mark.feature("B01")
def test_everything_is_there_after_a_new_start(path: Path, journal: SqliteJournal) -> None:
    journal.intend(POST, part(1), "ID1", NOW)
    journal.answer(POST, 1, PartState.SENT, "WAMID", "", NOW)
    journal.set_cursor("principal", 41)
    owner = journal.owner
    journal.close()

    again = SqliteJournal(path, NOW + timedelta(days=1))

    (found,), _ = again.posted("DB", "GUID", "COB|1")
    assert (found.state, found.provider_id) == (PartState.SENT, "WAMID")
    assert (again.owner, again.cursor("principal"), again.last_post("DB")) == (owner, 41, NOW)
    again.close()


def test_rows_are_counted_once_a_day_and_the_gap_begins_after_the_last_part(journal: SqliteJournal) -> None:
    midnight = NOW.replace(hour=0)
    journal.count_row("principal", "A", NOW)
    journal.count_row("principal", "A", NOW + timedelta(minutes=1))
    journal.count_row("outra", "B", NOW)
    journal.intend(POST, part(), "ID1", NOW + timedelta(minutes=5))

    sent = journal.sent_since("principal", midnight)

    assert (sent.rows, sent.latest) == (1, NOW + timedelta(minutes=5))
    assert journal.sent_since("principal", midnight + timedelta(days=1)).rows == 0


def test_an_answer_about_a_number_grows_old(journal: SqliteJournal) -> None:
    journal.remember_number(NumberCheck("5549988590187", True, "554988590187"), NOW)

    assert journal.number("5549988590187", NOW) == NumberCheck("5549988590187", True, "554988590187")
    assert journal.number("5549988590187", NOW + timedelta(days=1)) is None


def test_a_journal_of_a_newer_program_is_not_touched(path: Path, journal: SqliteJournal) -> None:
    journal.close()
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()

    with pytest.raises(JournalError, match="versão mais nova"):
        SqliteJournal(path, NOW)


def test_a_file_that_is_no_journal_stops_the_sending(tmp_path: Path) -> None:
    broken = tmp_path / "integrator.db"
    broken.write_bytes(b"isto nao e um banco" * 400)

    with pytest.raises(JournalError, match="Nada será enviado"):
        SqliteJournal(broken, NOW)
