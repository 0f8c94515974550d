"""``integrator pair`` and ``gateway …`` against the simulator's pretended phone, alone and beside the integrator."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

import pytest
from rich.live import Live

from integrator.cli import gateway_trial
from integrator.cli.pairing_talk import PairingTalk
from integrator.daemon import numbers
from integrator.domain.errors import GatewayError
from integrator.domain.lifecycle import State
from integrator.domain.sender import Used
from integrator.erp.connection import Database
from integrator.gateways.configured import Place, opened
from integrator.gateways.simulator.pairing import PairingControl
from integrator.gateways.simulator.wire import is_running
from integrator.journal.senders import SenderBook
from integrator.local_address import read_address
from integrator.sending.gateway import Gateway, GatewayState, Pairing
from integrator.settings import Settings
from integrator.settings.sections import NumberSettings
from tests.cli.conftest import Office, english_in
from tests.waiting import eventually
from tools.faults_shop import Shop
from tools.firebird_server import free_port


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once a code is on the screen: nobody holds a phone before it earlier."""
    seen, show = threading.Event(), PairingTalk._show

    def shows(talk: PairingTalk, pairing: Pairing, live: Live | None, deadline: datetime) -> None:
        show(talk, pairing, live, deadline)
        if pairing.code is not None:
            seen.set()

    monkeypatch.setattr(PairingTalk, "_show", shows)
    return seen


@contextmanager
def phone(folder: Path, shown: threading.Event) -> Iterator[None]:
    """A pretended phone that reads the code of the simulator in ``folder``."""
    stop = threading.Event()

    def work() -> None:
        control = PairingControl(folder)
        while not stop.wait(0.05):
            if not shown.is_set():
                continue
            with suppress(GatewayError):
                code = control.look(datetime.now()).code
                if code and control.read(code.text, datetime.now()).state is GatewayState.CONNECTED:
                    return

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _unpaired(number: NumberSettings, place: Place) -> Iterator[Gateway]:
    """The simulator begins connected; a shop's phone does not."""
    with opened(number, place) as gateway:
        pairable = gateway.pairing()
        assert pairable is not None
        pairable.end(datetime.now())
        yield gateway


@pytest.mark.feature("S23", "S25")
def test_a_phone_is_paired_without_the_integrator_running(
    desk: Office, shown: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.configure("[whatsapp]\nmotor = 'simulador'\n")
    monkeypatch.setattr(numbers, "opened", _unpaired)

    with phone(desk.data / "simulador", shown):
        answer = desk.run("pair", "--em-uso")

    assert answer.code == 0, answer
    assert "não é algo que o WhatsApp endosse" in answer.out
    assert "█" in answer.out
    assert "se renova sozinho" in answer.out
    assert "Conectado: (" in answer.out
    assert "desligue a mensagem de saudação" in answer.out
    assert english_in(answer.out + answer.err) == []
    with closing(SenderBook(desk.data / "integrator.db")) as book:
        digits = "".join(c for c in answer.out.partition("Conectado: ")[2].partition(".")[0] if c.isdigit())
        record = book.record(f"55{digits}")
    assert record is not None
    assert record.used is Used.IN_USE


@pytest.mark.feature("E04")
def test_another_number_than_the_configured_one_is_told(desk: Office) -> None:
    desk.configure("[whatsapp]\nmotor = 'simulador'\ncelular = '49991112222'\n")

    answer = desk.run("pair")

    assert answer.code == 1
    assert "a configuração espera (49) 99111-2222" in answer.out
    assert "integrator gateway disconnect --numero principal" in answer.out


def test_a_number_of_the_official_engine_is_not_paired(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEGRATOR_TOKEN_PRINCIPAL", "segredo-da-meta")
    desk.configure("[whatsapp]\nmotor = 'oficial'\nmeta_numero_id = '1'\n")

    assert "não há celular a desconectar" in desk.run("gateway", "disconnect", "--all").out


@pytest.fixture
def running(office: Office, shop: Shop) -> Iterator[subprocess.Popen[bytes]]:
    """The integrator at work, its panel at a port of its own."""
    office.connect(
        shop.database.target.path,
        more=f"[painel]\nporta = {free_port()}\n[whatsapp]\nmotor = 'simulador'\nnumero_teste = '49988590187'\n"
        "[calendario.servico]\nseg_sex = '00:00-24:00'\nsabado = '00:00-24:00'\ndomingo = '00:00-24:00'\n",
    )
    child = office.start("run", "--headless", INTEGRATOR_PAINEL__LIGADO="sim")
    try:
        eventually(lambda: read_address(office.data) and "action=ready" in office.log(), "the start", office.log)
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            said = child.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            child.kill()
            said = child.communicate()
    assert child.returncode == 0, f"{said}\n{office.log()}"


@pytest.mark.feature("S20", "S23")
def test_beside_the_running_integrator_the_phone_is_let_go_paired_again_and_tested(
    office: Office, running: subprocess.Popen[bytes], shown: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A simulated phone may be off for hours: that the message has left is enough.
    monkeypatch.setattr(gateway_trial, "_OVER", gateway_trial._OVER | {State.SENT})

    gone = office.run("gateway", "disconnect", "--sim")
    away = office.run("gateway", "status")
    with phone(office.data / "simulador", shown):
        paired = office.run("pair", "--novo")
    back = office.run("gateway", "status")
    tested = office.run("gateway", "test", "--espera", "180")

    assert (gone.code, gone.err) == (0, "")
    assert "desconectado. Nada sai por ele" in gone.out
    assert away.code == 1
    assert "Situação: à espera de ser conectado" in away.out or "Situação: desconectado" in away.out
    assert paired.code == 0, paired
    assert "█" in paired.out
    assert back.code == 0, back
    assert "Situação: conectado, (" in back.out
    assert "novos" not in back.out  # nobody counts who is only pretended
    assert "Na fila: mensagem de teste para (49) 98859-0187." in tested.out
    left = any(state.label in tested.out for state in (State.SENT, State.DELIVERED, State.READ))
    assert left, f"{tested}\n{office.log()}"
    assert english_in(gone.out + away.out + paired.out + back.out) == []


def test_a_test_by_a_number_goes_into_the_database_that_it_serves(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.configure(
        "[banco]\ncaminho = 'D:\\A.FDB'\n[whatsapp]\nnumero_teste = '49988590187'\n"
        "[[outros_bancos]]\nnome = 'filial'\ncaminho = 'D:\\B.FDB'\n"
        "[[outros_numeros]]\ninstancia = 'vendas'\nmotor = 'embutido'\nbanco = 'filial'\n"
    )
    opened: list[tuple[str, str]] = []

    def open_database(settings: Settings) -> Database:
        opened.append((settings.database.path, settings.whatsapp.instance))
        raise GatewayError("Basta.")

    monkeypatch.setattr("integrator.app.open_database", open_database)
    for number in ("vendas", "principal"):
        desk.run("gateway", "test", "--numero", number)
    assert opened == [("D:\\B.FDB", "vendas"), ("D:\\A.FDB", "principal")]


def test_ctrl_c_leaves_cleanly(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.configure("[whatsapp]\nmotor = 'simulador'\n")
    monkeypatch.setattr(numbers, "opened", _unpaired)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PairingTalk, "_show", interrupted)

    answer = desk.run("pair")

    assert answer.code == 130
    assert "nenhum celular foi conectado" in answer.err
    assert not is_running(desk.data / "simulador"), "the engine that was opened for it is closed"
