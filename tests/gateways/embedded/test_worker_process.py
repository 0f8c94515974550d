"""The real worker as a process: nothing of it outlives the daemon, and without its library it does nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from integrator.gateways.embedded import child as child_module
from integrator.gateways.embedded.child import Child, program
from integrator.gateways.embedded.protocol import End, Ended, News, Pong, Start
from tests.gateways.embedded.wheel import ROOT
from tests.waiting import eventually

_DAEMON = """
import sys, time
from integrator.gateways.embedded import child as child_module
from integrator.gateways.embedded.child import Child, program
from integrator.gateways.embedded.protocol import Start
child = Child(program(), lambda news: None)
child.post(Start(sys.argv[1], sys.argv[2]))
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def news() -> list[News]:
    return []


def is_running(pid: int) -> bool:
    """Whether it runs, a process that ended and whose parent did not ask yet not counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform == "win32", reason="looks into /proc")
def test_a_worker_ends_with_the_daemon_even_when_that_is_killed(tmp_path: Path) -> None:
    """Also while its library is at work, which here waits for an answer that never comes."""
    silent = socket.create_server(("127.0.0.1", 0))
    proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
    daemon = subprocess.Popen(
        [sys.executable, "-c", _DAEMON, str(tmp_path / "s"), proxy], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    with silent, daemon:
        assert daemon.stdout is not None
        worker = int(daemon.stdout.readline())
        silent.settimeout(30.0)
        connection, _ = silent.accept()
        assert is_running(worker)
        os.kill(daemon.pid, signal.SIGKILL)
        with connection:
            eventually(lambda: not is_running(worker))


def test_without_its_library_the_worker_says_so_and_downloads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, news: list[News]
) -> None:
    package = tmp_path / "sem biblioteca" / "neonize"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('it was imported')", encoding="ascii")
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    child = Child(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(package.parent)!r}); sys.argv[1:] = ['--wa-worker']; "
            "from integrator.__main__ import main; main()",
        ],
        news.append,
    )
    child.post(Start(str(tmp_path / "s")))
    assert child.ended.wait(30)
    child.kill()  # what it told last was heard then
    assert isinstance(news[-1], Ended)
    assert news[-1].why == End.NO_LIBRARY
    assert [each.name for each in package.iterdir()] == ["__init__.py"]


def test_what_a_worker_complained_of_last_is_known_when_it_is_gone(
    monkeypatch: pytest.MonkeyPatch, news: list[News]
) -> None:
    def read_slowly(text: str) -> str:
        time.sleep(0.2)
        return text

    monkeypatch.setattr(child_module, "without_numbers", read_slowly)
    child = Child([sys.executable, "-c", "import os; os.write(2, b'SIGABRT'); os.abort()"], news.append)
    assert child.ended.wait(30)
    child.kill()
    assert child.complaints == "SIGABRT"


def test_without_a_network_the_worker_says_so_and_ends(tmp_path: Path, news: list[News]) -> None:
    child = Child(program(), news.append)
    child.post(Start(str(tmp_path / "sessão # 100%?"), "http://127.0.0.1:9"))
    assert child.ended.wait(30)
    child.kill()  # what it told last was heard then
    assert isinstance(news[-1], Ended)
    assert news[-1].why == End.OFFLINE
    assert "127.0.0.1:9" in news[-1].detail
    assert (tmp_path / "sessão # 100%?" / "sessao.db").exists()


def test_the_worker_loads_little() -> None:
    listing = "import sys; from integrator.gateways.embedded import worker; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True, cwd=ROOT)
    heavy = {"neonize", "typer", "pydantic", "requests", "sqlite3", "PIL", "httpx", "ssl"}
    assert heavy.isdisjoint(loaded.stdout.split())


def test_requests_that_nobody_can_read_are_survived(news: list[News]) -> None:
    child = Child(program(), news.append)
    pipe = child._process.stdin
    assert pipe is not None
    pipe.write(b"what?\n\xff\xff{\n")
    child.ping()
    eventually(lambda: any(isinstance(each, Pong) for each in news))
    child.kill()
