"""The program's Windows code, run by a Windows Python under Wine: see docs/wine.md.

One Wine serves all tests of this file: its first process decides on which display windows are shown.
"""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tools import wine_python
from tools.firebird_server import PrivateServer
from tools.wine_python import WinePython, windows_path
from tools.x_server import x_server

#: What a probe may take on a computer that does much else: one of them starts four Pythons.
_PROBE_S = 240.0
pytestmark = [
    pytest.mark.skipif(bool(wine_python.obstacle()), reason=wine_python.obstacle()),
    pytest.mark.timeout(2 * _PROBE_S),
]

Probe = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def wine() -> Iterator[tuple[WinePython, str]]:
    """The interpreter and the display of its windows; other test runs of this folder wait."""
    if shutil.which("Xvfb") is None or shutil.which("openbox") is None:
        pytest.skip("a display needs Xvfb and openbox")
    python = WinePython(wine_python.FOLDER)
    with (python.folder / "lock").open("w") as lock, x_server() as display:
        fcntl.flock(lock, fcntl.LOCK_EX)
        python.stop()
        try:
            yield python, display
        finally:
            python.stop()


@pytest.fixture
def probe(wine: tuple[WinePython, str], tmp_path: Path) -> Probe:
    """Runs probes of `probes.py`, by their names; their answers by the same names."""
    python, display = wine
    folder = tmp_path / "dados da loja ção"
    folder.mkdir()

    def ask(*names: str, **variables: str) -> dict[str, Any]:
        more = {"INTEGRATOR_DADOS": windows_path(folder), **variables}
        script = ("-m", "tests.windows.wine.probes", ",".join(names), windows_path(folder))
        done = python.run(*script, display=display, more=more, timeout_s=_PROBE_S)
        assert done.returncode == 0, done.stderr
        answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answers

    return ask


def test_secrets_survive_in_the_vault_and_in_the_machines_own_file(probe: Probe) -> None:
    answer = probe("secrets")["secrets"]
    assert answer == {
        "unsealed": True,
        "garbage": "refused",
        "machine": True,
        "vault": True,
        "backend": "WinVaultKeyring",
    }


def test_one_engine_one_desktop_and_one_log_of_all_share_the_folder(probe: Probe) -> None:
    answers = probe("engine_lock", "desktops", "account", "appending")
    assert answers["engine_lock"] == {"while it lives": True, "after its death": False}
    assert answers["desktops"] == {
        "second": "True",
        "heard": ["show"],
        "other": "open",
        "beside it": False,
        "again": True,
        "nobody": False,
    }
    assert answers["account"]["sid"].startswith("S-1-5-21-")
    assert answers["account"]["session"] > 0
    assert answers["account"]["computer"] == 32
    assert answers["appending"] == {"written": ["um", "dois", "três"], "removed": True}


def test_the_icon_and_the_unseen_window_hear_windows(probe: Probe) -> None:
    answers = probe("session_end", "tray", "autostart")
    assert answers["session_end"] == {
        "resumed": True,
        "may end": 1,
        "called off": [],
        "heard": ["end"],
        "closed": True,
    }
    assert answers["tray"] == {"shown": True, "clicked": True, "ended": True}
    assert answers["autostart"] == {"on": [True, True], "off": [False, False]}


def test_the_library_of_the_database_and_the_one_of_whatsapp_load(probe: Probe, firebird_server: PrivateServer) -> None:
    place = firebird_server.create_database("wine.fdb")
    variables = {"PROBE_PORT": str(firebird_server.port), "PROBE_SECRET": firebird_server.password}
    answers = probe("database", "worker", PROBE_DATABASE=str(place), **variables)
    assert answers["database"] == {"library": "fbclient.dll", "version": "3", "text": "ação"}
    assert answers["worker"] == {"hello": True, "exit": 0}
