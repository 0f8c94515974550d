"""``run --headless`` as a child process: it starts, works, tells what it does, and stops when asked."""

from __future__ import annotations

import signal
import sys
from datetime import datetime

import pytest

from tests.cli.conftest import Office, english_in
from tests.waiting import eventually
from tools.faults_shop import Shop


def wait_for(office: Office, word: str) -> None:
    eventually(lambda: word in office.log(), word, office.log)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a process of Windows at once")
@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl+C"])
def test_it_runs_until_it_is_asked_to_stop(asked: signal.Signals, office: Office, shop: Shop) -> None:
    office.run("pause")
    shop.debts(range(2), datetime.now().date())
    child = office.start("run", "--headless")
    try:
        wait_for(office, "pausado")
        second = office.spawn("run", "--headless")
        child.send_signal(asked)
        out, err = child.communicate(timeout=60)
    finally:
        child.kill()
        child.communicate()
    said = err.decode()
    assert (child.returncode, out) == (0, b"")
    assert said.startswith("Integrador em execução. Ctrl+C para parar.\n")
    assert "Pronto." in said
    assert "Situação: pausado até alguém retomar." in said
    assert said.rstrip().endswith("Integrador parado.")
    assert english_in(said) == [], said
    assert office.server is not None
    assert office.server.password not in said + office.log()
    assert (second.code, second.out) == (1, "")
    assert "já está em execução" in second.err
    ((beats,),) = shop.rows("SELECT COUNT(*) FROM WA_BATIMENTO WHERE SITUACAO = 'pausado até alguém retomar'")
    assert beats == 1
    assert {row.state for row in shop.queue().values()} == {"pendente"}
