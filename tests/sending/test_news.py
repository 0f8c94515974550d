"""What comes back from WhatsApp is taken in once, in order, and again when something stood in its way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from integrator.domain.errors import DatabaseUnavailable
from integrator.sending.gateway import Event, EventBatch, Inbound, Receipt, ReceiptKind
from integrator.sending.news import News
from integrator.sending.ports import Age, World

AT = datetime(2026, 11, 20, 9, 0)
DELIVERED = Receipt("A", ReceiptKind.DELIVERED, AT)
WROTE = Inbound("B", "5549988590187", "SAIR", AT)


@dataclass
class Around:
    """Queue, journal, gateway and listener in one, remembering what reached them."""

    told: list[Event] = field(default_factory=list)
    seen: list[object] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    away: bool = False
    at_once: int = 1000

    @property
    def place(self) -> int:
        return self.cursor("principal")

    def events(self, after: int) -> EventBatch:
        batch = tuple(self.told[after : after + self.at_once])
        return EventBatch(batch, after + len(batch))

    def receive(self, receipt: Receipt) -> bool:
        self.seen.append(receipt)
        return True

    def hear(self, inbound: Inbound) -> None:
        if self.away:
            raise DatabaseUnavailable("fora do ar")
        self.seen.append(inbound)

    def answer(self) -> None:
        self.seen.append("answers")

    def quiet_until(self, number: str, now: datetime) -> datetime | None:
        return now if number else None

    def cursor(self, reader: str) -> int:
        return self.places.get(reader, 0)

    def set_cursor(self, reader: str, cursor: int) -> None:
        self.places[reader] = cursor


def news_of(around: Around) -> News:
    anything = cast("Any", around)
    return News(World(anything, anything, anything, anything), "principal", anything)


def test_receipts_go_to_the_queue_and_people_to_the_listener_once_and_in_order() -> None:
    around = Around([DELIVERED, WROTE])
    news = news_of(around)
    news.take()
    news.take()
    assert around.seen == [DELIVERED, WROTE, "answers", "answers"]


def test_what_could_not_be_taken_in_comes_again() -> None:
    around = Around([DELIVERED, WROTE], away=True)
    news = news_of(around)
    with pytest.raises(DatabaseUnavailable):
        news.take()
    around.away = False
    news.take()
    assert around.seen == [DELIVERED, DELIVERED, WROTE, "answers"]


def test_while_a_row_is_posted_people_are_heard_and_receipts_wait() -> None:
    around = Around([DELIVERED, WROTE])
    news = news_of(around)
    news.listen()
    assert around.seen == [WROTE, "answers"]
    news.take()
    assert around.seen[2:] == [DELIVERED, WROTE, "answers"]


def test_receipts_wait_until_the_rows_of_an_earlier_run_are_settled() -> None:
    around = Around([DELIVERED, WROTE])
    news = news_of(around)
    news.settling = True
    news.take()
    assert (around.seen, around.place) == ([WROTE, "answers"], 0)
    news.settling = False
    news.take()
    assert (DELIVERED in around.seen, around.place) == (True, 2)


class Number:
    """The guard's side of the number, remembering what it was told."""

    def __init__(self) -> None:
        self.told_of: list[ReceiptKind] = []

    def told(self, kind: ReceiptKind, now: datetime) -> None:
        del now
        self.told_of.append(kind)


def test_the_guard_is_told_what_became_of_this_queues_own_messages() -> None:
    around, number = (
        Around([DELIVERED, Receipt("C", ReceiptKind.FAILED, AT), Receipt("X", ReceiptKind.READ, AT)]),
        Number(),
    )
    anything = cast("Any", around)
    anything.now = lambda: AT
    anything.receive = lambda receipt: receipt.provider_id != "X"
    News(World(anything, anything, anything, anything), "principal", None, cast("Any", number)).take()
    assert number.told_of == [ReceiptKind.DELIVERED, ReceiptKind.FAILED]


def test_without_a_listener_nobody_waits() -> None:
    around = Around([WROTE])
    anything = cast("Any", around)
    news = News(World(anything, anything, anything, anything), "principal")
    news.take()
    assert (around.seen, around.place) == ([], 1)
    assert news.quiet_until("5549988590187", AT) is None


def test_a_no_that_stands_behind_more_than_comes_at_once_is_heard_before_anything_leaves() -> None:
    around = Around([DELIVERED, DELIVERED, WROTE], at_once=1)
    news = news_of(around)
    news.listen()
    assert around.seen == [WROTE, "answers"]
    assert around.place == 0
    news.take()
    assert around.seen == [WROTE, "answers", DELIVERED, DELIVERED, WROTE, "answers"]
    assert around.place == 3


def test_of_a_restored_database_people_are_heard_again_from_the_beginning_and_once() -> None:
    around = Around([DELIVERED, WROTE])
    news = news_of(around)
    news.database_is(Age(AT, 7))
    news.take()
    assert around.seen == [DELIVERED, WROTE, "answers"]
    for _ in range(2):
        news.database_is(Age(AT + timedelta(days=1), 9))
    assert around.seen == [DELIVERED, WROTE, "answers", WROTE]
    for numbered in (10, 8, 8, 9):
        news.database_is(Age(AT + timedelta(days=1), numbered))
    assert around.seen == [DELIVERED, WROTE, "answers", WROTE, WROTE]


def test_a_database_that_fails_while_people_are_heard_again_hears_them_the_next_time() -> None:
    around = Around([WROTE])
    news = news_of(around)
    news.database_is(Age(AT, 7))
    around.away = True
    with pytest.raises(DatabaseUnavailable):
        news.database_is(Age(AT + timedelta(days=1), 7))
    around.away = False
    news.database_is(Age(AT + timedelta(days=1), 7))
    assert around.seen == [WROTE]
