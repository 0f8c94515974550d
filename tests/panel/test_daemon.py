"""The program as a shop starts it, a browser open on it: what is confirmed leaves, and it ends when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from integrator.demo.sample_erp.build import SampleErp
from integrator.domain.errors import IntegratorError
from integrator.erp.connection import Database
from integrator.local_address import one_time_link, read_address
from tools.firebird_server import PrivateServer, free_port

#: Generous: what is promised is two seconds on a machine that does nothing else. An open page would be waited for.
STOP_S = 25.0
_ONLY_WHAT_WAITS = "UPDATE WA_FILA SET SITUACAO = 'cancelada' WHERE SITUACAO = 'pendente'"
CONFIG = """\
[banco]
servidor = "{host}"
porta = {port}
caminho = '{path}'
cliente = '{client}'
[whatsapp]
motor = "simulador"
[painel]
porta = {panel_port}
[envio]
intervalo_min_s = 20
intervalo_max_s = 20
[calendario.servico]
seg_sex = "00:00-24:00"
sabado = "00:00-24:00"
domingo = "00:00-24:00"
"""


@contextmanager
def running(erp: SampleErp, server: PrivateServer, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``integrator run --headless`` on the shop's database, with its panel."""
    target = erp.target
    values = {"host": target.host, "port": target.port, "path": target.path, "client": target.client}
    config = folder / "config.toml"
    config.write_text(CONFIG.format(**values, panel_port=free_port()), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "integrator", "--config", str(config), "--dados", str(folder), "run", "--headless"],
        env={**os.environ, **server.client_environment(), "INTEGRATOR_SENHA": server.password},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def link(folder: Path, process: subprocess.Popen[bytes], to: str) -> str:
    """As soon as the panel answers."""
    deadline = time.monotonic() + 75
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return one_time_link(folder, to)
        except IntegratorError:
            time.sleep(0.1)
    raise AssertionError("the panel did not open")


@pytest.mark.feature("G21")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to tell a process")
def test_what_is_confirmed_on_the_page_leaves_and_the_program_ends_with_the_page_open(
    shop: SampleErp, firebird_server: PrivateServer, tmp_path: Path, chromium: Chromium
) -> None:
    with closing(Database(shop.target)) as database:  # so that nothing stands before what is confirmed
        database.run(lambda session: session.execute(_ONLY_WHAT_WAITS))
    with running(shop, firebird_server, tmp_path) as process:
        context = chromium.new_context(locale="pt-BR")
        page = context.new_page()
        address = link(tmp_path, process, "/confirmar")
        page.goto(address)
        page.get_by_role("link", name="Agora não").click()
        page.goto(address.partition("/entrar")[0] + "/confirmar")
        page.get_by_role("button", name="Confirmar a mensagem de Mercearia").click()
        page.get_by_text("1 mensagem confirmada.").wait_for()  # the next address would call the post off
        page.goto(address.partition("/entrar")[0] + "/simulador")
        expect(page.get_by_role("main")).to_contain_text("Mercearia Schütz", timeout=60_000)
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
        taken = time.monotonic() - told
        context.close()

    assert code == 0
    assert taken < STOP_S
    assert read_address(tmp_path) is None, "nobody is told where a panel is that has stopped"
