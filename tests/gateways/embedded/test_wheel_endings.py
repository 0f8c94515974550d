"""The unmodified neonize wheel when a session ends or never begins: each test has a process of its own."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fake_whatsapp.server import FakeWhatsApp
from tests.gateways.embedded.wheel import Wheel, WheelError
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")

NUMBER = "554988590187"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeWhatsApp]:
    with FakeWhatsApp(tmp_path_factory.mktemp("server")) as server:
        server.contact(NUMBER)
        yield server
        assert server.problems == []


@pytest.fixture(scope="module")
def saved(server: FakeWhatsApp, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A paired session on disk."""
    database = tmp_path_factory.mktemp("saved") / "sessao.db"
    with Wheel(server, database) as wheel:
        wheel.pair(server)
        wheel.text(NUMBER, "Olá")
    return database


@pytest.fixture
def resume(server: FakeWhatsApp, saved: Path, tmp_path: Path) -> Iterator[Callable[[], Wheel]]:
    """Starts a client on a copy of the saved session."""
    started: list[Wheel] = []

    def start() -> Wheel:
        started.append(Wheel(server, Path(shutil.copy(saved, tmp_path / f"{len(started)}.db"))))
        return started[-1]

    yield start
    server.heal()
    for wheel in started:
        wheel.kill()


def sessions_in(database: Path) -> int:
    """How many sessions the library keeps there. It tells of a logout before it deletes the session."""
    with closing(sqlite3.connect(database)) as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM whatsmeow_device").fetchone()
    return int(count)


def test_a_ban_is_told_with_its_kind_and_its_seconds(server: FakeWhatsApp, resume: Callable[[], Wheel]) -> None:
    server.login_failure(402, code="101", expire="3600")
    wheel = resume()
    wheel.ask("connect")
    told = wheel.wait_for("TemporaryBanEv")
    assert (told["code"], told["expire"]) == (1, 3600)
    assert not wheel.ask("look")["logged_in"]


def test_an_outdated_client_is_told_so(server: FakeWhatsApp, resume: Callable[[], Wheel]) -> None:
    server.login_failure(405)
    wheel = resume()
    wheel.ask("connect")
    wheel.wait_for("ClientOutdatedEv")
    assert not wheel.ask("look")["logged_in"]


@pytest.mark.parametrize(("code", "reason"), [(401, "LOGGED_OUT"), (403, "MAIN_DEVICE_GONE")])
def test_a_refused_session_is_deleted_and_the_next_start_shows_a_code(
    server: FakeWhatsApp, resume: Callable[[], Wheel], tmp_path: Path, code: int, reason: str
) -> None:
    server.login_failure(code)
    wheel = resume()
    wheel.ask("connect")
    assert wheel.wait_for("LoggedOutEv")["reason"] == reason
    eventually(lambda: sessions_in(tmp_path / "0.db") == 0)
    wheel.kill()
    with Wheel(server, tmp_path / "0.db") as again:
        again.ask("connect")
        again.wait_for("qr")


def test_a_server_in_trouble_is_waited_for(server: FakeWhatsApp, resume: Callable[[], Wheel]) -> None:
    server.login_failure(503)
    wheel = resume()
    before = server.connections
    wheel.ask("connect")
    eventually(lambda: server.connections > before)
    server.heal()
    wheel.wait_for("ConnectedEv")
    assert wheel.heard("qr") == []


def test_a_session_taken_over_by_another_client_stays_down(server: FakeWhatsApp, resume: Callable[[], Wheel]) -> None:
    wheel = resume()
    wheel.connect()
    before = server.connections
    server.replaced()
    wheel.wait_for("StreamReplacedEv")
    eventually(lambda: not wheel.ask("look")["connected"])
    assert server.connections == before


def test_a_receipt_of_unknown_kind_makes_the_library_stop_listening(
    server: FakeWhatsApp, resume: Callable[[], Wheel]
) -> None:
    wheel = resume()
    wheel.connect()
    server.unknown_receipt(wheel.text(NUMBER, "Olá"), "server-error")
    assert "Receipt.Type" in wheel.wait_for("ended")["error"]
    assert server.connected, "and the line stays up: nothing else would show it"


def test_without_a_session_calls_fail_in_words(server: FakeWhatsApp, tmp_path: Path) -> None:
    with Wheel(server, tmp_path / "nova.db") as wheel:
        with pytest.raises(WheelError, match="client is nil"):
            wheel.text(NUMBER, "cedo demais")
        with pytest.raises(WheelError, match="client is nil"):
            wheel.ask("check", NUMBER)


def test_a_passkey_is_asked_for_and_pairing_goes_no_further(server: FakeWhatsApp, tmp_path: Path) -> None:
    with Wheel(server, tmp_path / "nova.db") as wheel:
        wheel.ask("connect")
        wheel.wait_for("qr")
        server.ask_passkey()
        assert wheel.wait_for("login")["text"] == "passkey-request"
        assert not wheel.ask("look")["logged_in"]


def test_killed_while_sending_it_resumes_without_a_code_and_customers_read_everything(
    server: FakeWhatsApp, saved: Path, tmp_path: Path
) -> None:
    database = Path(shutil.copy(saved, tmp_path))
    customers = [server.contact(f"55498859010{last}") for last in range(2)]
    for _ in range(3):
        before = len(server.messages)
        with Wheel(server, database) as wheel:
            wheel.connect()
            for order in range(4):
                wheel.begin("text", customers[order % 2].number, "sem parar")
            eventually(lambda start=before: len(server.messages) > start)  # type: ignore[misc]
        assert wheel.heard("qr") == []
    read = [bubble for customer in customers for bubble in customer.received]
    assert len({bubble.id for bubble in read}) == len(read) >= 3
    assert {bubble.text for bubble in read} == {"sem parar"}


def test_a_code_typed_on_the_phone_links_as_well_and_the_client_can_unlink_itself(tmp_path: Path) -> None:
    with FakeWhatsApp(tmp_path) as server, Wheel(server, tmp_path / "nova.db") as wheel:
        wheel.ask("connect")
        wheel.wait_for("qr")
        digits = wheel.ask("digits", server.account)
        assert len(digits.replace("-", "")) == 8
        server.type_code(digits)
        wheel.wait_for("ConnectedEv")
        assert wheel.ask("me") == server.account
        wheel.ask("logout")
        assert not server.linked
        assert server.problems == []


def test_unlinked_on_the_phone_it_says_so_and_can_be_paired_anew(tmp_path: Path) -> None:
    with FakeWhatsApp(tmp_path) as server:
        customer = server.contact(NUMBER)
        with Wheel(server, tmp_path / "sessao.db") as wheel:
            wheel.pair(server)
            wheel.text(NUMBER, "antes")
            server.log_out_from_phone()
            wheel.wait_for("LoggedOutEv")
            eventually(lambda: sessions_in(tmp_path / "sessao.db") == 0)
            eventually(lambda: not wheel.ask("look")["connected"])
            with pytest.raises(WheelError):
                wheel.text(NUMBER, "sem sessão")
        with Wheel(server, tmp_path / "sessao.db") as again:
            again.pair(server)
            again.text(NUMBER, "depois")
            customer.write("oi")
            again.wait_for("MessageEv")
        assert [bubble.text for bubble in customer.received] == ["antes", "depois"]
        assert server.problems == []
