"""The numbers for this computer's other programs: paired by JSON with the token of ``painel.json``, by nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from integrator.app import JOURNAL_FILE
from integrator.domain.errors import GatewayError
from integrator.facade import NumberStatus
from integrator.gateways.simulator.pairing import PairingControl
from integrator.gateways.simulator.process import RunningSimulator, start_simulator
from integrator.journal.senders import SenderBook
from integrator.local_address import ADDRESS_FILE, PanelAway, ask, read_address, remove_address, write_address
from integrator.sending.gateway import Capabilities, Code, Condition, GatewayState, Pairing
from tests.panel.site import Site

CAPABLE = Capabilities(False, False, True, pairs_by_qr=True, pairs_by_code=True)


class Phone:
    """An engine's pairing that a test steers."""

    def __init__(self, until_of_code: timedelta = timedelta(seconds=20)) -> None:
        self.state = GatewayState.LOGGED_OUT
        self.number = ""
        self.problem = ""
        self.name = ""
        self.asked_for = ""
        self.away = ""
        self._life = until_of_code

    def look(self, now: datetime) -> Pairing:
        if self.away:
            raise GatewayError(self.away)
        waits = self.state is GatewayState.NEEDS_PAIRING
        code = Code(f"2@codigo-{now:%H%M%S}", now + self._life) if waits else None
        digits = "GH5EC9DZ" if waits and self.asked_for else ""
        return Pairing(self.state, self.number, code, digits, self.problem, self.name)

    def begin(self, now: datetime, phone: str = "") -> Pairing:
        self.state, self.asked_for = GatewayState.NEEDS_PAIRING, phone
        return self.look(now)

    def end(self, now: datetime) -> Pairing:
        self.state, self.number = GatewayState.LOGGED_OUT, ""
        return self.look(now)


def running(site: Site, phone: Phone, instance: str = "principal", engine: str = "embutido") -> None:
    """That engine runs in the daemon of the site."""
    site.engine.connected = (
        *(each for each in site.engine.connected if each.instance != instance),
        NumberStatus(instance, engine, CAPABLE, Condition(phone.state), phone.number),
    )
    site.engine.pairable[instance] = phone


@pytest.fixture
def near(site: Site) -> Site:
    write_address(site.folder, site.server.port, "http")
    return site


@pytest.fixture
def simulator(near: Site, tmp_path: Path) -> Iterator[RunningSimulator]:
    with start_simulator(tmp_path / "simulador") as started:
        near.engine.ledger = started.folder
        yield started


def test_a_program_of_this_computer_pairs_the_number(near: Site, simulator: RunningSimulator) -> None:
    asked = {"instance": "principal", "do": "end"}
    assert ask(near.folder, "/local/whatsapp/pairing", asked)["state"] == "desconectado"
    shown = ask(near.folder, "/local/whatsapp/pairing", {"instance": "principal", "do": "begin"})
    assert (shown["state"], shown["number"], shown["problem"]) == ("aguardando_qr", "", "")
    assert near.sql("SELECT SITUACAO, QR_TEXTO FROM WA_INSTANCIA") == [("aguardando_qr", shown["qr"])]

    PairingControl(simulator.folder).read(shown["qr"], near.clock.now())
    seen = ask(near.folder, "/local/whatsapp/pairing", {"instance": "principal", "do": "look"})
    assert (seen["state"], seen["number"], seen["qr"]) == ("conectado", "5549999990001", "")
    assert (shown["name"], seen["name"]) == ("", "Loja do simulador")
    assert [each.split(":")[1].strip() for each in near.audit()[:2]] == [
        "pediu o código para conectar o número principal",
        "desconectou o número principal",
    ]


def test_the_numbers_are_told_with_what_their_engines_can_do(near: Site) -> None:
    running(near, Phone())
    (told,) = ask(near.folder, "/local/whatsapp/numbers", {})["numbers"]
    assert (told["instance"], told["state"], told["pairs_by_code"]) == ("principal", "desconectado", True)
    near.engine.connected = ()
    (told,) = ask(near.folder, "/local/whatsapp/numbers", {})["numbers"]
    assert told["state"] == ""


def test_a_pair_code_is_asked_for_a_phone_as_people_write_it(near: Site) -> None:
    phone = Phone()
    running(near, phone)
    asked = {"instance": "principal", "do": "begin", "phone": "(49) 98877-7766"}
    assert ask(near.folder, "/local/whatsapp/pairing", asked)["digits"] == "GH5EC9DZ"
    assert phone.asked_for == "5549988777766"


def test_the_guard_is_told_and_a_stopped_number_resumed(near: Site) -> None:
    phone = Phone()
    phone.state, phone.number = GatewayState.CONNECTED, "5549988777766"
    running(near, phone)
    asked = {"instance": "principal"}
    assert ask(near.folder, "/local/whatsapp/guard", asked) == {"known": False}
    book = SenderBook(near.folder / JOURNAL_FILE)
    book.meet(phone.number, "principal", near.clock.now())
    book.halt(phone.number, near.clock.now(), "Cinco falhas seguidas.")
    book.close()
    told = ask(near.folder, "/local/whatsapp/guard", asked)
    assert (told["cap_cold"], told["day"], told["stopped_why"]) == (20, 1, "Cinco falhas seguidas.")
    assert ask(near.folder, "/local/whatsapp/resume", asked) == {"resumed": True}
    assert ask(near.folder, "/local/whatsapp/resume", asked) == {"resumed": False}
    assert ask(near.folder, "/local/whatsapp/guard", asked)["stopped_why"] == ""
    woken = near.engine.woken
    ask(near.folder, "/local/whatsapp/wake", {})
    assert near.engine.woken == woken + 1


def test_what_cannot_be_done_is_told_in_words(near: Site) -> None:
    phone = Phone()
    running(near, phone)
    phone.away = "O WhatsApp não respondeu."
    wrong = (
        ({"do": "look"}, "O WhatsApp não respondeu."),
        ({"do": "nada"}, "não foi entendido"),
        ({"do": "begin", "phone": "123"}, "123"),
        ({"do": "look", "instance": "outro"}, "Não há número com o nome “outro”"),
    )
    for asked, told in wrong:
        with pytest.raises(GatewayError, match=told):
            ask(near.folder, "/local/whatsapp/pairing", asked)
    near.engine.pairable.clear()
    with pytest.raises(GatewayError, match="API oficial"):
        ask(near.folder, "/local/whatsapp/pairing", {"do": "look"})
    near.engine.connected = ()
    with pytest.raises(GatewayError, match="ainda não foi iniciado"):
        ask(near.folder, "/local/whatsapp/pairing", {"do": "look"})


def test_for_anybody_else_these_addresses_do_not_exist(near: Site) -> None:
    known = read_address(near.folder)
    assert known is not None
    for headers in ({}, {"authorization": "Bearer x"}, {"authorization": f"Basic {known.token}"}):
        for path in ("numbers", "pairing"):
            answer = requests.post(f"{near.url}/local/whatsapp/{path}", json={}, headers=headers, timeout=120)
            assert answer.status_code == 404
    right = {"authorization": f"Bearer {known.token}"}
    bodies = (b"[]", b"{", b'{"do": 1}', b'"x"', b"[" * 16000)
    for body in bodies:
        answer = requests.post(f"{near.url}/local/whatsapp/pairing", data=body, headers=right, timeout=120)
        assert answer.status_code == 400, body[:10]
    assert requests.post(f"{near.url}/local/whatsapp/pairing", data=b"x" * 20000, headers=right).status_code == 413
    assert requests.get(f"{near.url}/local/whatsapp/numbers", headers=right, timeout=120).status_code == 404
    remove_address(near.folder)
    with pytest.raises(PanelAway):
        ask(near.folder, "/local/whatsapp/numbers", {})


def test_an_address_that_somebody_reads_at_that_moment_is_written_and_removed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows refuses it."""
    refused: list[str] = []

    def once(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(path: Path, *given: object, **named: object) -> object:
            if path.name.startswith(ADDRESS_FILE) and name not in refused:
                refused.append(name)
                raise PermissionError(name)
            return real(path, *given, **named)

        return call

    monkeypatch.setattr(Path, "replace", once("replace", Path.replace))
    write_address(tmp_path, 8787, "http")
    assert read_address(tmp_path) is not None
    monkeypatch.setattr(Path, "unlink", once("unlink", Path.unlink))
    remove_address(tmp_path)
    assert read_address(tmp_path) is None
    assert refused == ["replace", "unlink"]


def test_a_stranger_on_the_port_of_a_panel_that_was_killed_is_not_taken_for_it(tmp_path: Path) -> None:
    class Stranger(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(500)
            self.end_headers()
            self.wfile.write(b"[1]")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        write_address(tmp_path, server.server_port, "http")
        with pytest.raises(PanelAway):
            ask(tmp_path, "/local/programa/status", {})
        server.shutdown()
