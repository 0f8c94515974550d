"""A worker that crashes, hangs, babbles or dies in the middle of a message, played by a puppet without a library."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from integrator.domain.errors import GatewayError
from integrator.domain.outcome import Outcome, Sent, TryLater, Unknown
from integrator.gateways.embedded import session
from integrator.gateways.embedded.child import Child
from integrator.gateways.embedded.gateway import EmbeddedGateway
from integrator.gateways.embedded.inbox import Inbox
from integrator.gateways.embedded.outcomes import of_answer
from integrator.gateways.embedded.protocol import Answer, Failure, Written
from integrator.gateways.embedded.supervisor import Rhythm
from integrator.gateways.events.log import EventLog, everybody
from integrator.sending.gateway import Condition, GatewayState, Inbound
from tests.gateways.contract import pdf_part, text_part
from tests.gateways.embedded.puppet import NUMBER
from tests.waiting import eventually

Open = Callable[[str], EmbeddedGateway]
Frozen = tuple[EmbeddedGateway, threading.Thread, list[Outcome]]


class HastyGateway(EmbeddedGateway):
    """Waits a fraction of a second where the daemon waits minutes."""

    rhythm = Rhythm(ping=0.05, first_pause=0.02, longest_pause=0.05, stop=1.0)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    events = EventLog(tmp_path / "eventos.db", datetime.now, everybody)
    gateways: list[EmbeddedGateway] = []

    def start(manner: str) -> EmbeddedGateway:
        folder = tmp_path / "sessão #1"
        session.make_private(folder)
        session.remember_number(folder, NUMBER)
        command = [sys.executable, "-m", "tests.gateways.embedded.puppet", manner]
        gateways.append(HastyGateway("principal", folder, events=events, clock=datetime.now, command=command))
        return gateways[-1]

    yield start
    for gateway in gateways:
        gateway.close()
    events.close()


def is_connected(gateway: EmbeddedGateway) -> bool:
    return gateway.condition().state is GatewayState.CONNECTED


def worker_of(gateway: EmbeddedGateway) -> Child:
    child = gateway._supervisor.child
    assert child is not None
    return child


def another_works(gateway: EmbeddedGateway, first: Child) -> bool:
    return is_connected(gateway) and gateway._supervisor.child not in (None, first)


def hear_nothing_for_long(child: Child) -> None:
    """As if its last sign of life had come an hour ago."""
    child.heard_at -= 3600


def test_a_message_is_named_to_the_daemon_before_it_is_allowed(opened: Open) -> None:
    gateway, ids = opened("good"), list[str]()
    eventually(lambda: is_connected(gateway))
    assert gateway.send("554988590187", text_part("Olá"), "", ids.append) == Sent("3EB0PUPPET")
    assert ids == ["3EB0PUPPET"]
    assert gateway.sender() == NUMBER


def test_what_is_not_of_the_protocol_is_ignored(opened: Open) -> None:
    gateway = opened("noisy")
    eventually(lambda: is_connected(gateway))
    assert isinstance(gateway.send("554988590187", text_part("Olá"), ""), Sent)


def test_a_worker_that_was_killed_is_replaced(opened: Open) -> None:
    gateway = opened("good")
    eventually(lambda: is_connected(gateway))
    first = worker_of(gateway)
    os.kill(first.pid, signal.SIGTERM)
    eventually(lambda: another_works(gateway, first))
    assert isinstance(gateway.send("554988590187", text_part("Olá"), ""), Sent)


def test_a_worker_without_a_heartbeat_is_replaced(opened: Open) -> None:
    gateway = opened("stuck")
    eventually(lambda: is_connected(gateway))
    first = worker_of(gateway)
    hear_nothing_for_long(first)
    eventually(lambda: another_works(gateway, first))


@pytest.fixture
def frozen(opened: Open) -> Frozen:
    """A gateway whose worker froze under a large file: its pipe is full, and whoever writes into it waits."""
    gateway, outcomes = opened("good"), list[Outcome]()
    eventually(lambda: is_connected(gateway))
    os.kill(worker_of(gateway).pid, signal.SIGSTOP)
    part = pdf_part(filling=bytes(2_000_000))
    sending = threading.Thread(target=lambda: outcomes.append(gateway.send("554988590187", part, "")), daemon=True)
    sending.start()
    eventually(lambda: worker_of(gateway)._waiting and worker_of(gateway)._writing.locked())
    return gateway, sending, outcomes


@pytest.mark.skipif(sys.platform == "win32", reason="stops the worker by a signal")
def test_a_worker_that_freezes_under_a_large_file_is_replaced_and_nothing_left(frozen: Frozen) -> None:
    """The one who writes must not keep the supervisor from noticing."""
    gateway, sending, outcomes = frozen
    hear_nothing_for_long(worker_of(gateway))
    sending.join(120)
    assert [type(outcome) for outcome in outcomes] == [TryLater]


@pytest.mark.skipif(sys.platform == "win32", reason="stops the worker by a signal")
def test_a_worker_that_is_frozen_under_a_large_file_does_not_keep_the_daemon_from_stopping(frozen: Frozen) -> None:
    gateway, sending, outcomes = frozen
    closing = threading.Thread(target=gateway.close, daemon=True)
    closing.start()
    closing.join(120)
    assert not closing.is_alive()
    sending.join(120)
    assert [type(outcome) for outcome in outcomes] == [TryLater]


@pytest.mark.skipif(sys.platform == "win32", reason="a worker has a console of its own there")
def test_a_ctrl_c_in_the_terminal_does_not_reach_the_worker(opened: Open) -> None:
    gateway = opened("good")
    eventually(lambda: is_connected(gateway))
    assert os.getpgid(worker_of(gateway).pid) != os.getpgid(0)


def test_who_asks_a_closed_gateway_for_a_code_starts_no_worker_beside_its_successors(
    opened: Open, tmp_path: Path
) -> None:
    gateway = opened("good")
    gateway.close()
    session.forget_number(tmp_path / "sessão #1")
    with pytest.raises(GatewayError, match="sendo aberta de novo"):
        gateway.pairing().begin(datetime.now())
    assert not gateway._supervisor.active


@pytest.mark.parametrize("released", [True, False])
def test_whoever_waited_for_the_answer_to_a_message_has_sent_it(released: bool) -> None:
    answer = Answer(1, failure=Failure.NO_ANSWER.value)
    assert isinstance(of_answer(answer, "554988590187", released=released, now=datetime.now()), Unknown)


def test_a_worker_that_crashes_again_and_again_is_told(opened: Open) -> None:
    gateway = opened("crash")
    condition = eventually(lambda: (seen := gateway.condition()).state is GatewayState.STOPPED and seen)
    assert isinstance(condition, Condition)
    assert "chame o suporte" in condition.told
    assert "SIGABRT" in condition.detail
    assert isinstance(gateway.send("554988590187", text_part("Olá"), ""), TryLater)


def test_a_worker_that_dies_before_it_names_the_message_left_nothing(opened: Open) -> None:
    gateway, ids = opened("dies"), list[str]()
    eventually(lambda: is_connected(gateway))
    assert isinstance(gateway.send("554988590187", text_part("Olá"), "", ids.append), TryLater)
    assert ids == []


def test_a_worker_that_dies_after_it_was_allowed_leaves_doubt(opened: Open) -> None:
    gateway = opened("dies_after")
    eventually(lambda: is_connected(gateway))
    outcome = gateway.send("554988590187", text_part("Olá"), "")
    assert isinstance(outcome, Unknown)
    assert "pode ter sido entregue" in outcome.reason


def test_a_worker_that_waited_too_long_for_the_disk_left_nothing(opened: Open) -> None:
    gateway = opened("impatient")
    eventually(lambda: is_connected(gateway))
    first = worker_of(gateway)

    def slow_disk(_message_id: str) -> None:
        assert first.ended.wait(30.0)

    outcome = gateway.send("554988590187", text_part("Olá"), "", slow_disk)
    assert isinstance(outcome, TryLater)


def test_a_worker_that_does_not_answer_leaves_doubt_and_is_replaced(opened: Open) -> None:
    gateway = opened("mute")
    eventually(lambda: is_connected(gateway))
    first = worker_of(gateway)
    gateway.rhythm = replace(gateway.rhythm, answer=0.5)
    outcome = gateway.send("554988590187", text_part("Olá"), "")
    assert isinstance(outcome, Unknown)
    assert "0.5 s" in outcome.reason
    eventually(lambda: another_works(gateway, first))


def test_an_id_that_cannot_be_written_down_stops_the_message_and_its_worker(opened: Open) -> None:
    gateway = opened("good")
    eventually(lambda: is_connected(gateway))
    first = worker_of(gateway)

    def full_disk(_message_id: str) -> None:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        gateway.send("554988590187", text_part("Olá"), "", full_disk)
    eventually(lambda: another_works(gateway, first))


def test_a_closed_gateway_has_no_worker(opened: Open) -> None:
    gateway = opened("good")
    eventually(lambda: is_connected(gateway))
    pid = worker_of(gateway).pid
    gateway.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_without_a_paired_phone_no_worker_is_started(tmp_path: Path) -> None:
    events = EventLog(tmp_path / "eventos.db", datetime.now, everybody)
    gateway = EmbeddedGateway("principal", tmp_path / "s", events=events, clock=datetime.now, command=["/nowhere"])
    assert gateway.condition().state is GatewayState.NEEDS_PAIRING
    assert gateway._supervisor.child is None
    gateway.close()
    events.close()


def test_news_that_cannot_be_kept_do_not_silence_those_that_follow(tmp_path: Path) -> None:
    def known(phone: str, _text: str) -> bool:
        if phone == "1":
            raise RuntimeError("a defect")
        return True

    events = EventLog(tmp_path / "eventos.db", datetime.now, known)
    inbox = Inbox("principal", events)
    inbox.put(Written("3A00", "1", "oi", 1795309523.0))
    inbox.put(Written("3A01", "554988590187", "SAIR", 1795309523.0))
    inbox.close()
    assert [event.text for event in events.since("principal", 0).events if isinstance(event, Inbound)] == ["SAIR"]
    events.close()
