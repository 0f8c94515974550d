"""An ordinary day at the shop's computer: pauses, a test, an end in the middle of a message, and a power cut.

The program is the whole one, with its icon and windows on a real display; only WhatsApp is played.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from integrator.local_address import read_address
from tests.daemon.whole_desk import ON_A_SCREEN, Technician, technician_at
from tests.daemon.whole_shop import customer_number
from tests.fake_whatsapp.phone import Phone
from tests.waiting import PATIENCE_S
from tools.firebird_server import PrivateServer

pytestmark = ON_A_SCREEN

_LEFT = ("enviada", "entregue", "lida")


@pytest.fixture
def technician(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Technician]:
    """The program is configured, and waits between the parts of a message."""
    with technician_at(firebird_server, tmp_path_factory.mktemp("loja")) as technician:
        technician.whole.shop.install()
        technician.whole.server.receipts_automatic = True
        config = technician.whole.folder / "config.toml"
        text = config.read_text(encoding="utf-8")
        for edge in ("min", "max"):
            text = text.replace(f"entre_partes_{edge}_s = 0", f"entre_partes_{edge}_s = 2")
        config.write_text(text, encoding="utf-8")
        yield technician


def opened(technician: Technician) -> None:
    """The program is started and its engine answers."""
    whole = technician.whole
    ready = whole.log().count("action=desktop_ready")
    whole.process = technician.start(knows_password=True)
    whole.until(lambda: whole.log().count("action=desktop_ready") > ready)
    whole.until(lambda: read_address(whole.folder) and whole._answers())


def pause(technician: Technician) -> None:
    """From the window "Situação", until somebody resumes."""
    technician.until(lambda: technician.shown() == "idle", "rest")
    technician.press("p")
    technician.look()
    for _ in range(3):
        technician.screen.key("Down")
    technician.screen.key("Return")
    technician.whole.until(lambda: "pausado" in technician.whole.beat().lower())
    technician.until(lambda: technician.shown() == "paused", "the sign of the pause, and the line that ends it")


def rests_and_goes_on(technician: Technician, person: Phone) -> None:
    pause(technician)
    whole = technician.whole
    waiting = whole.service(0, key="PAUSA", text="Pedido 1 pronto")
    whole.wake()
    technician.look("dia-pausado")
    assert (whole.row(waiting).state, len(person.received)) == ("pendente", 1)
    technician.press("m")
    whole.becomes(waiting, *_LEFT)
    technician.until(lambda: technician.shown() != "paused", "the sign that it goes on")


def tries(technician: Technician, friend: Phone) -> None:
    """A test message from the window of that name."""
    technician.press("t")
    technician.look(window="Enviar teste")
    technician.screen.type(friend.number[2:] + "\n")
    technician.whole.until(lambda: friend.received)
    technician.look("dia-teste")
    technician.screen.key("Escape")


def ends_in_the_middle(technician: Technician, debtor: Phone) -> None:
    """Told to end when the first part of a message has left."""
    whole = technician.whole
    debt = whole.debt(2, boleto=True)
    whole.until(lambda: debtor.received)
    assert whole.process is not None
    whole.process.send_signal(signal.SIGTERM)
    technician.look("dia-terminando")
    assert whole.process.wait(PATIENCE_S) == 0
    row = whole.row(debt)
    assert row.state in _LEFT
    assert len(debtor.received) == len(row.parts) > 1
    assert whole.workers() == []


def loses_power(technician: Technician, person: Phone) -> None:
    """``kill -9`` while messages leave, and a new start."""
    whole = technician.whole
    opened(technician)
    whole.until(lambda: whole.state() == "conectado")
    before = len(whole.server.messages)
    keys = [whole.service(0, key=f"QUEDA-{number}", text=f"Nota {number} emitida") for number in range(5)]
    whole.until(lambda: len(whole.server.messages) > before + 1)
    whole.kill()
    assert whole.workers_left() == [], "a worker does not outlive the program"
    opened(technician)
    whole.until(lambda: all(whole.row(key).state in (*_LEFT, "incerta") for key in keys))
    assert max(Counter(each.text for each in person.received).values()) == 1
    left = {f"Nota {number} emitida" for number, key in enumerate(keys) if whole.row(key).state in _LEFT}
    assert len(left) >= len(keys) - 1, "only the one in hand may be in doubt"
    assert left <= {each.text for each in person.received}


@pytest.mark.feature("S16")
def test_a_day_with_a_pause_a_test_an_end_and_a_power_cut(technician: Technician) -> None:
    whole = technician.whole
    opened(technician)
    whole.pair()
    person, friend, debtor = (whole.server.contact(customer_number(number)) for number in range(3))
    whole.becomes(whole.service(0, text="Pedido 0 pronto"), *_LEFT)
    technician.look("dia-situacao", window="Integrador")
    rests_and_goes_on(technician, person)
    tries(technician, friend)
    ends_in_the_middle(technician, debtor)
    loses_power(technician, person)
    assert whole.command("--quit").returncode == 0
    assert whole.process is not None
    assert whole.process.wait(PATIENCE_S) == 0
    assert whole.workers_left() == []
