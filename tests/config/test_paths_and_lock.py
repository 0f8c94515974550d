"""One data folder, one integrator."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integrator.domain.errors import AlreadyRunning
from integrator.paths import config_file, data_folder, ensure_data_folder, log_folder
from integrator.single_instance import InstanceLock

HOLDER = """
import sys
from pathlib import Path
from integrator.single_instance import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_integrator(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the folder until it is killed or its input ends."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_integrator_on_the_same_folder_is_told_so(tmp_path: Path) -> None:
    with another_integrator(tmp_path) as process, pytest.raises(AlreadyRunning, match="já está em execução") as refused:
        InstanceLock(tmp_path)
    assert f"process {process.pid}" in refused.value.detail


def test_a_killed_integrator_leaves_the_folder_free(tmp_path: Path) -> None:
    with another_integrator(tmp_path) as process:
        process.kill()
        process.wait()
        with InstanceLock(tmp_path):
            pass


def test_another_folder_is_another_integrator(tmp_path: Path) -> None:
    with another_integrator(tmp_path / "um"), InstanceLock(tmp_path / "dois"):
        pass


def test_a_released_folder_can_be_held_again_also_by_the_same_process(tmp_path: Path) -> None:
    first = InstanceLock(tmp_path)
    with pytest.raises(AlreadyRunning):
        InstanceLock(tmp_path)
    first.release()
    first.release()
    InstanceLock(tmp_path).release()


def test_the_folder_is_the_argument_then_the_variable(data: Path, tmp_path: Path) -> None:
    assert data_folder() == data
    assert data_folder(tmp_path / "outra") == tmp_path / "outra"
    assert config_file() == data / "config.toml"
    assert log_folder() == data / "registro"


def test_the_folder_is_created_when_first_needed(data: Path) -> None:
    assert not data.exists()
    assert ensure_data_folder() == data
    assert data.is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="folders of Linux")
def test_on_linux_the_folder_follows_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("INTEGRATOR_DADOS")
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("", "relativa"):
        monkeypatch.setenv("XDG_DATA_HOME", value)
        assert data_folder() == tmp_path / ".local" / "share" / "integrador"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert data_folder() == tmp_path / "xdg" / "integrador"
