"""A person's word is acted on at the next tick, in both directions."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from integrator.domain.errors import DatabaseUnavailable
from integrator.erp.connection import Database, Target
from integrator.installation.authorisation import authorise, standing
from integrator.installation.records import look
from integrator.installation.standing import Authorised, Standing
from integrator.installation.watch import Watch
from tests.installation.conftest import MORNING, Computer
from tests.waiting import eventually


class Ticks:
    count = 0

    def tick(self) -> None:
        self.count += 1

    def stop(self) -> None:
        raise AssertionError("nobody stopped it")


@pytest.mark.feature("B25")
def test_a_running_computer_stops_when_another_takes_its_journal_over(
    counter: Computer, laptop: Computer, database: Database
) -> None:
    us, worker, changed = counter.us(), Ticks(), threading.Event()
    with closing(Database(counter.target)) as seen_by_counter:
        began = counter.stands()
        watch = Watch(worker, lambda: standing(seen_by_counter, us, MORNING), began, changed)
        watch.tick()
        thief = this_journal_elsewhere(counter, laptop)
        authorise(database, thief.us(), look(database, thief.us()), MORNING)
        watch.tick()
        watch.tick()

    assert (worker.count, changed.is_set()) == (1, True)


def this_journal_elsewhere(counter: Computer, laptop: Computer) -> Computer:
    laptop.folder.mkdir()
    (laptop.folder / "integrator.db").write_bytes((counter.folder / "integrator.db").read_bytes())
    return laptop


def test_a_database_that_is_away_is_left_for_the_worker_to_report() -> None:
    def away() -> Standing:
        raise DatabaseUnavailable("fora do ar")

    worker, changed = Ticks(), threading.Event()
    watch = Watch(worker, away, Authorised(), changed)
    watch.tick()

    assert (worker.count, changed.is_set()) == (1, False)


def test_between_two_questions_no_attachment_is_in_the_way(counter: Computer, target: Target) -> None:
    """Else the ERP's restore or single-user work would wait for ever."""
    us = counter.us()
    count = "SELECT COUNT(*) FROM MON$ATTACHMENTS WHERE MON$SYSTEM_FLAG = 0"
    with closing(Database(target, linger_s=0.1)) as asked, closing(Database(target)) as other:
        standing(asked, us, MORNING)
        eventually(lambda: other.read(lambda s: s.rows(count)) == [(1,)])
