"""What engines tell is on the disk before they are answered, once, and nobody else's chats are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrator.domain.errors import GatewayError
from integrator.domain.outcome import CannotTell, Confirmed
from integrator.domain.words import word_of
from integrator.gateways.events.log import EVENTS_FILE, EventLog, everybody
from integrator.sending.gateway import Inbound, Receipt, ReceiptKind
from tests.gateways.conftest import TestClock

AT = datetime(2026, 11, 20, 9, 0)
DELIVERED = Receipt("3EB0A1", ReceiptKind.DELIVERED, AT)
WROTE = Inbound("3EB0B2", "554988590187", "Já paguei ontem", AT, "Maria")


@pytest.fixture
def log(tmp_path: Path, clock: TestClock) -> Iterator[EventLog]:
    log = EventLog(tmp_path / "dados ção" / EVENTS_FILE, clock.now, everybody)
    yield log
    log.close()


def test_events_come_in_order_of_arrival_and_only_those_of_the_number(log: EventLog) -> None:
    log.append("principal", DELIVERED)
    log.append("vendas", replace(DELIVERED, kind=ReceiptKind.READ))
    log.append("principal", WROTE)
    batch = log.since("principal", 0)
    assert batch.events == (DELIVERED, WROTE)
    assert log.since("principal", batch.cursor) == replace(batch, events=())


def test_the_same_event_told_twice_is_kept_once_and_the_cursor_never_goes_back(log: EventLog) -> None:
    assert log.append("principal", DELIVERED)
    cursor = log.since("principal", 0).cursor
    assert not log.append("principal", replace(DELIVERED, at=AT + timedelta(minutes=1)))
    assert log.append("principal", replace(DELIVERED, kind=ReceiptKind.READ))
    assert [event.kind for event in log.since("principal", cursor).events if isinstance(event, Receipt)] == [
        ReceiptKind.READ
    ]


def test_what_was_told_survives_the_process_without_being_closed(tmp_path: Path, clock: TestClock) -> None:
    first = EventLog(tmp_path / EVENTS_FILE, clock.now, everybody)
    first.append("principal", DELIVERED)
    second = EventLog(tmp_path / EVENTS_FILE, clock.now, everybody)
    assert second.since("principal", 0).events == (DELIVERED,)
    first.close()
    second.close()


def test_a_receipt_proves_that_a_part_was_accepted_and_its_absence_proves_nothing(log: EventLog) -> None:
    log.append("principal", DELIVERED)
    log.append("principal", Receipt("3EB0C3", ReceiptKind.FAILED, AT, "recusada"))
    assert log.confirm("principal", "3EB0A1") == Confirmed("3EB0A1")
    assert log.confirm("principal", "3EB0C3") == CannotTell()
    assert log.confirm("vendas", "3EB0A1") == CannotTell()
    assert log.confirm("principal", "3EB0FF") == CannotTell()


@pytest.mark.feature("B08")
def test_chats_of_strangers_never_reach_the_disk(tmp_path: Path, clock: TestClock) -> None:
    log = EventLog(tmp_path / EVENTS_FILE, clock.now, lambda _phone, text: word_of(text) is not None)
    assert not log.append("principal", replace(WROTE, text="o almoço de domingo é segredo"))
    assert log.append("principal", replace(WROTE, id="2", text="Sair!"))
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "almoço de domingo".encode() not in written
    assert b"Sair!" in written
    log.close()


@pytest.mark.feature("B08")
def test_what_a_person_wrote_can_be_erased_whichever_way_the_number_is_spelled(log: EventLog, tmp_path: Path) -> None:
    log.append("principal", WROTE)
    log.append("principal", replace(WROTE, id="2", sender="5511987654321"))
    assert log.forget("5549988590187") == 1
    assert [event.sender for event in log.since("principal", 0).events if isinstance(event, Inbound)] == [
        "5511987654321"
    ]


def test_events_are_kept_for_thirty_days(log: EventLog, clock: TestClock) -> None:
    log.append("principal", DELIVERED)
    clock.advance(days=31)
    log.append("principal", WROTE)
    assert log.since("principal", 0).events == (WROTE,)


def test_half_an_emoji_in_a_name_that_a_server_cut_does_not_cost_the_message(log: EventLog) -> None:
    assert log.append("principal", replace(WROTE, name="Maria \ud83d", text="SAIR \udc4d"))
    assert log.since("principal", 0).events == (replace(WROTE, name="Maria ?", text="SAIR ?"),)


def test_many_threads_may_tell_at_once(log: EventLog) -> None:
    def tell(thread: int) -> None:
        for number in range(20):
            log.append("principal", replace(DELIVERED, provider_id=f"{number}"))
            log.append("principal", replace(DELIVERED, provider_id=f"{thread}-{number}"))

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(log.since("principal", 0).events) == 20 + 6 * 20


def test_a_file_that_cannot_be_used_is_told_in_words(tmp_path: Path, clock: TestClock) -> None:
    (tmp_path / EVENTS_FILE).write_bytes(b"x" * 5000)
    with pytest.raises(GatewayError, match=r"eventos\.db"):
        EventLog(tmp_path / EVENTS_FILE, clock.now, everybody)
