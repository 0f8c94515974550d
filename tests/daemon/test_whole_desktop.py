"""The whole program as a shop's technician meets it: from the first start to a message on a customer's phone.

A real display, keys pressed on it, codes read from its picture, a real Firebird, the unmodified WhatsApp library; only
WhatsApp itself is played.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.daemon.whole_desk import ON_A_SCREEN, Technician, technician_at
from tests.daemon.whole_shop import customer_number
from tests.waiting import PATIENCE_S, eventually
from tools.firebird_server import PrivateServer

pytestmark = ON_A_SCREEN

#: The first three lines of this kind; a later one is the panel's.
_OWN_CONNECTION, _LINES = re.compile(r"^(servidor|porta|caminho) = .*\n", re.MULTILINE), 3


@pytest.fixture
def technician(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Technician]:
    with technician_at(firebird_server, tmp_path_factory.mktemp("loja")) as technician:
        config = technician.whole.folder / "config.toml"
        config.write_text(_OWN_CONNECTION.sub("", config.read_text(encoding="utf-8"), _LINES), encoding="utf-8")
        yield technician


def connect_database(technician: Technician) -> None:
    """Fill the first window, try, save, and let it install the tables."""
    whole, firebird, config = technician.whole, technician.whole.firebird, technician.whole.folder / "config.toml"
    target = whole.shop.database.target
    for letter, text in (("s", target.host), ("p", target.port), ("b", target.path), ("h", firebird.password)):
        technician.fill(letter, str(text))
    technician.press("t")
    technician.until(lambda: technician.tried("test") == 1, "the end of the test")
    technician.look()
    technician.press("v")
    technician.until(lambda: target.path in config.read_text(encoding="utf-8"), "the configuration")
    technician.look()
    technician.press("i")
    technician.look(window="Instalar as tabelas")
    technician.press("i")
    technician.until(lambda: technician.tried("install") == 1 and technician.tried("test") == 2, "the tables")
    technician.until(lambda: "action=ready" in whole.log(), "the engine, which reads the configuration by itself")
    technician.look("conexao-pronta-inteira")
    technician.press("n")  # no user of its own today


def connect_phone(technician: Technician) -> None:
    """From the connection window on: the code is read from the screen."""
    technician.look()
    technician.press("w")
    technician.until(technician.code, "the code of the pairing window")
    technician.look("conectar-inteira")
    technician.whole.server.scan(technician.code())
    technician.until(lambda: technician.whole.state() == "conectado", "the paired number")
    technician.look("conectado-inteira")


@pytest.mark.feature("S14", "S16", "S17", "G05", "C17", "C19")
def test_from_the_first_start_to_a_message_with_nothing_configured_but_the_connection(technician: Technician) -> None:
    whole = technician.whole
    empty = technician.tray()
    technician.open()
    technician.until(lambda: technician.tray() != empty, "the icon")
    technician.until(lambda: "action=desktop_ready" in whole.log(), "the first window")
    technician.look("primeiro-inicio", window="Conex")
    connect_database(technician)
    connect_phone(technician)

    customer = whole.server.contact(customer_number(0))
    key = whole.service(0)
    whole.wake()
    whole.until(lambda: customer.received)
    whole.becomes(key, "enviada", "entregue", "lida")

    assert technician.start().wait(PATIENCE_S) == 0  # a second start shows the first
    technician.look("situacao-inteira", window="Integrador")
    written = whole.log() + (whole.folder / "config.toml").read_text(encoding="utf-8")
    assert whole.firebird.password not in written
    assert customer_number(0)[4:] not in written
    assert whole.command("--quit").returncode == 0
    assert whole.process is not None
    assert whole.process.wait(PATIENCE_S) == 0
    eventually(lambda: whole.workers() == [], "the end of the worker")
