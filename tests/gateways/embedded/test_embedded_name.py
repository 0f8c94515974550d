"""What the account calls itself: told by the library when it connects, or asked for until WhatsApp has told it."""

from __future__ import annotations

import logging
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest

from integrator.gateways.embedded import session
from integrator.gateways.embedded.gate import Gate
from integrator.gateways.embedded.listening import Listening
from integrator.gateways.embedded.protocol import Done, LogOut, Named, News, Ping, Situation
from integrator.gateways.embedded.standing import Standing, View
from integrator.gateways.embedded.worker import Worker
from integrator.gateways.events.log import EventLog, everybody
from integrator.sending.gateway import GatewayState
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.gateways.embedded.shop import ASKED, STORED, HastyGateway, Shop, is_, scan
from tests.waiting import eventually

_CONNECTED = Situation("conectado", "5549988887777")


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Shop]:
    """A shop whose WhatsApp is a person's account: nothing names it when it is paired."""
    with (
        closing(EventLog(tmp_path / "eventos.db", datetime.now, everybody)) as events,
        FakeWhatsApp(tmp_path / "servidor", shop="") as server,
    ):
        yield Shop(server, server.contact(ASKED, also=STORED, canonical=STORED), tmp_path / "sessão", events)


def name_of(gateway: HastyGateway) -> str:
    return gateway.pairing().look(datetime.now()).name


@pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")
def test_an_account_without_a_name_is_asked_again_without_harm_and_has_it_once_whatsapp_told_it(
    person: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with closing(person.open()) as gateway:
        scan(person, gateway)
        eventually(lambda: is_(gateway, GatewayState.CONNECTED))
        worker, heard = person.server.worker_pid, gateway._supervisor.child
        assert heard is not None
        pings = heard.heard_at + 1.0  # five heartbeats: it was asked for after each
        eventually(lambda: heard.heard_at > pings)
        assert (name_of(gateway), person.server.worker_pid) == ("", worker)
    with closing(sqlite3.connect(person.folder / session.DATABASE)) as store, store:  # as the library keeps it
        assert store.execute("UPDATE whatsmeow_device SET push_name = ?", ("Farmácia\nCentral \u202e🙂",)).rowcount == 1
    with closing(person.open()) as gateway:
        eventually(lambda: is_(gateway, GatewayState.CONNECTED))
        assert name_of(gateway) == "Farmácia Central 🙂"
        gateway.pairing().end(datetime.now())
        assert name_of(gateway) == ""
    assert "Farmácia" not in caplog.text


@dataclass
class _Own:
    """As the library's definitions describe a device."""

    PushName: str = ""
    BussinessName: str = ""


@dataclass
class _Library:
    device: _Own = field(default_factory=_Own)
    asked: int = 0
    own: Any = None

    def account(self) -> _Own:
        self.asked += 1
        return self.device


def test_a_name_that_comes_late_is_told_once_and_asked_for_no_more() -> None:
    told: list[News] = []
    library = _Library()
    listening = Listening(library, Gate(lambda _, __: None), told.append, lambda _, __: None)  # type: ignore[arg-type]
    listening.look_up_name()
    assert library.asked == 0  # before the first connection the question would end the process
    listening.ready = True
    listening.look_up_name()
    assert (library.asked, told) == (1, [])
    library.device.PushName = "Farmácia Central"
    for _ in range(3):
        listening.look_up_name()
    assert (library.asked, told) == (2, [Named("Farmácia Central")])


def test_a_name_that_cannot_be_asked_for_ends_no_worker(capfd: pytest.CaptureFixture[str]) -> None:
    answered: SimpleQueue[News] = SimpleQueue()

    def fail() -> None:
        raise ValueError("not a device")

    worker = Worker(SimpleNamespace(tell=answered.put, tell_and_wait=answered.put))  # type: ignore[arg-type]
    posting = SimpleNamespace(log_out=Done)
    worker._session = SimpleNamespace(listening=SimpleNamespace(look_up_name=fail), posting=posting)  # type: ignore[assignment]
    worker._end = lambda why, detail="": sys.exit(f"{why} {detail}")  # type: ignore[method-assign]
    for request in (Ping(1), LogOut(2)):
        worker._tasks.put(request)
    threading.Thread(target=worker._work, daemon=True).start()
    assert answered.get(timeout=120) == Done(2)
    assert "could not be asked for: ValueError" in capfd.readouterr().err


def test_the_name_stays_while_the_connection_is_away_and_goes_with_the_phone() -> None:
    standing = Standing(datetime.now, "", View(GatewayState.CONNECTING))
    for news in (Named("Farmácia Central"), _CONNECTED, Situation("sem_conexao"), _CONNECTED):
        standing.hear(news)
        assert standing.view().name == "Farmácia Central"
    assert "Farmácia" not in repr(standing.view())
    standing.hear(Situation("desconectado"))
    assert standing.view().name == ""
