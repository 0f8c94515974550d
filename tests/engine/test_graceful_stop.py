"""The program as it is installed, in its own process with the real clock, told to stop in the middle of a message."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from integrator.erp.connection import Target
from integrator.gateways.simulator.ledger import read_ledger
from tests.engine.conftest import MORNING, simulator_in
from tests.waiting import PATIENCE_S, eventually
from tools.faults_engine import PASSWORD_VARIABLE, EngineRun, send_all
from tools.faults_shop import Shop, judge, key_of
from tools.firebird_server import PrivateServer

ROOT = Path(__file__).resolve().parents[2]

_CONFIG = """
[banco]
servidor = "{host}"
porta = {port}
caminho = '{path}'
usuario = "{user}"
cliente = '{client}'
[whatsapp]
motor = "simulador"
[painel]
ligado = false
[envio]
entre_partes_min_s = 1
entre_partes_max_s = 1
[calendario.cobranca]
seg_sex = "00:00-24:00"
sabado = "00:00-24:00"
domingo = "00:00-24:00"
feriados = true
"""


@pytest.mark.feature("B01", "S39")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to tell a process")
def test_told_to_stop_it_finishes_the_message_in_hand_and_leaves_the_next(
    firebird_server: PrivateServer, target: Target, shop: Shop, tmp_path: Path
) -> None:
    shop.debts(range(2), MORNING.date(), every_boleto=True)
    folder = tmp_path / "dados"
    ledger = folder / "simulador"
    process = _start(firebird_server, target, tmp_path, folder)
    try:
        eventually(lambda: read_ledger(ledger).messages or process.poll() is not None, "the first part")
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE_S)
    finally:
        process.kill()

    queue = shop.queue()
    first = len(read_ledger(ledger).messages)
    with simulator_in(ledger) as simulator:
        send_all(EngineRun(target, folder, simulator.folder, MORNING + timedelta(days=1)))
        verdict = judge(shop.queue(), simulator.ledger())

    assert code == 0
    assert queue[key_of(0)].state in {"enviada", "entregue"}  # the first parts may have been delivered by now
    assert (queue[key_of(1)].state, first) == ("pendente", 3)
    assert (len(verdict.sent), verdict.duplicates, verdict.lost) == (2, (), ())


def _start(server: PrivateServer, target: Target, folder: Path, data: Path) -> subprocess.Popen[bytes]:
    config = folder / "config.toml"
    config.write_text(
        _CONFIG.format(host=target.host, port=target.port, path=target.path, user=target.user, client=target.client),
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "integrator", "--config", str(config), "--dados", str(data), "run", "--headless"]
    environment = {**os.environ, **server.client_environment(), PASSWORD_VARIABLE: target.password}
    with (folder / "saida.txt").open("wb") as output:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
