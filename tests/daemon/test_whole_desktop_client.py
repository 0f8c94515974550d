"""The desktop beside a service that sends the queue: it commands it, and its end changes nothing for the messages."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from integrator.local_address import read_address
from tests.daemon.whole_desk import ON_A_SCREEN, Technician, technician_at
from tests.daemon.whole_shop import customer_number
from tests.waiting import PATIENCE_S
from tools.firebird_server import PrivateServer

pytestmark = ON_A_SCREEN

_LEFT = ("enviada", "entregue", "lida")


@pytest.fixture
def technician(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Technician]:
    """A service runs that knows the database, but not its password."""
    with technician_at(firebird_server, tmp_path_factory.mktemp("loja")) as technician:
        technician.whole.shop.install()
        technician.whole.process = technician.start("--service")
        technician.whole.until(lambda: read_address(technician.whole.folder))
        yield technician


@pytest.fixture
def desktop(technician: Technician) -> Iterator[subprocess.Popen[bytes]]:
    """Opened beside it, at its first window."""
    with technician.start() as process:
        try:
            technician.until(lambda: "action=desktop_ready" in technician.whole.log(), "the first window")
            yield process
        finally:
            process.kill()


def gives_password(technician: Technician) -> None:
    """In the connection window, from the window "Situação"."""
    whole = technician.whole
    technician.press("b")
    technician.look(window="Conex")
    technician.fill("h", whole.firebird.password)
    technician.press("t")
    technician.until(lambda: technician.tried("test") == 1, "the end of the test")
    technician.look()
    technician.press("v")
    technician.until(lambda: "action=ready" in whole.log(), "the service, which has the password now")
    technician.look("cliente-conexao")


@pytest.mark.feature("S18")
def test_a_service_is_commanded_by_the_desktop_and_sends_on_without_it(
    technician: Technician, desktop: subprocess.Popen[bytes]
) -> None:
    whole = technician.whole
    technician.look("cliente-sem-senha", window="Integrador")
    gives_password(technician)
    whole.pair()
    person = whole.server.contact(customer_number(0))
    whole.becomes(whole.service(0, text="Pedido 0 pronto"), *_LEFT)

    assert technician.start().wait(PATIENCE_S) == 0  # a second start shows the first
    technician.look("cliente-situacao", window="Integrador")
    technician.press("s")
    assert desktop.wait(PATIENCE_S) == 0
    whole.becomes(whole.service(0, key="DEPOIS", text="Pedido 1 pronto"), *_LEFT)
    assert len(person.received) == 2
    assert "recusou o acesso" not in technician.whole.page("/historico")  # the panel uses the new password, too
    assert whole.firebird.password not in whole.log()
    assert whole.stop()[0] == 0
    assert whole.workers_left() == []
