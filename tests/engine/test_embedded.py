"""The engine on a database file without any server, as a shop with one computer may have it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from integrator.gateways.simulator.process import RunningSimulator
from tests.engine.conftest import MORNING
from tools import firebird_packages
from tools.faults_engine import PASSWORD_VARIABLE
from tools.firebird_server import PrivateServer

ROOT = Path(__file__).resolve().parents[2]

_NIGHT = """
import sys
from datetime import datetime
from pathlib import Path
import fdb
from integrator.erp.connection import Target
from integrator.gateways.simulator.ledger import read_ledger
from tools.faults_engine import EngineRun, send_all
from tools.faults_shop import Shop, judge

path, client, folder, simulator, start = sys.argv[1:]
fdb.load_api(client)
fdb.create_database(dsn=path, user="SYSDBA", password="", charset="WIN1252", page_size=8192).close()
target = Target("", 3050, path, "SYSDBA", "", Path(client))
shop = Shop(target)
shop.install()
shop.debts(range(3), datetime.fromisoformat(start).date())
shop.close()
send_all(EngineRun(target, Path(folder), Path(simulator), datetime.fromisoformat(start)))
verdict = judge(shop.queue(), read_ledger(Path(simulator)))
shop.close()
print(len(verdict.sent), len(verdict.duplicates), len(verdict.lost))
"""


@pytest.mark.feature("B01")
@pytest.mark.skipif(sys.platform == "win32", reason="the embedded engine of the wheel is tried by the frozen build")
def test_a_night_on_a_database_without_server(
    firebird_server: PrivateServer, simulator: RunningSimulator, tmp_path: Path
) -> None:
    """In its own process, because a process loads one Firebird client and its settings once."""
    firebird = firebird_packages.ensure()
    (tmp_path / "lock").mkdir()
    places = {"FIREBIRD": firebird_server.folder / "root", "FIREBIRD_MSG": firebird_server.folder / "root"}
    environment = {
        **os.environ,
        **firebird.environment(),
        **{name: str(path) for name, path in places.items()},
        "FIREBIRD_LOCK": str(tmp_path / "lock"),
        "FIREBIRD_BOOT_BUILD": "1",
        PASSWORD_VARIABLE: "unused",
    }
    arguments = [
        tmp_path / "loja.fdb",
        firebird.client_library,
        tmp_path / "dados",
        simulator.folder,
        MORNING.isoformat(),
    ]

    done = subprocess.run(
        [sys.executable, "-c", _NIGHT, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert (done.returncode, done.stdout.split()) == (0, ["3", "0", "0"]), done.stderr[-2000:]
