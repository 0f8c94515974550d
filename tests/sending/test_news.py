"""What comes back from WhatsApp is taken in once, in order, and again when something stood in its way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import pytest

from integrator.domain.errors import DatabaseUnavailable
from integrator.sending.gateway import Event, EventBatch, Inbound, Receipt, ReceiptKind
from integrator.sending.news import News
from integrator.sending.ports import World

AT = datetime(2026, 11, 20, 9, 0)
DELIVERED = Receipt("A", ReceiptKind.DELIVERED, AT)
WROTE = Inbound("B", "5549988590187", "SAIR", AT)


@dataclass
class Around:
    """Queue, journal, gateway and listener in one, remembering what reached them."""

    told: list[Event] = field(default_factory=list)
    seen: list[object] = field(default_factory=list)
    place: int = 0
    away: bool = False

    def events(self, after: int) -> EventBatch:
        return EventBatch(tuple(self.told[after:]), len(self.told))

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
        del reader
        return self.place

    def set_cursor(self, reader: str, cursor: int) -> None:
        del reader
        self.place = cursor


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
