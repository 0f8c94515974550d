"""`dev.py`, the one command of a developer."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import commands, firebird_packages
from tools.firebird_packages import Firebird
from tools.messages import SetupError

ROOT = Path(__file__).resolve().parents[2]


def test_an_old_python_can_read_the_file_that_turns_it_away() -> None:
    source = (ROOT / "dev.py").read_text(encoding="utf-8")

    assert "3.11 ou mais novo" in source
    ast.parse(source, feature_version=(3, 6))


def test_with_everything_in_place_setup_takes_no_time() -> None:
    before = spent_by_children()
    done = subprocess.run(
        [sys.executable, ROOT / "dev.py", "setup"], check=True, capture_output=True, text=True, encoding="utf-8"
    )

    assert done.stdout == "Tudo pronto.\n"
    assert spent_by_children() - before < 2


def spent_by_children() -> float:
    """Seconds of processor: how busy the computer is besides does not count."""
    times = os.times()
    return times.children_user + times.children_system


def test_an_unknown_command_shows_the_usage_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["tests"]) == 2
    assert "dev.py COMANDO" in capsys.readouterr().out


def test_what_cannot_be_had_is_one_line_with_its_fix(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing() -> None:
        raise SetupError("Falta ao Python o módulo venv.", "sudo apt-get install python3-venv")

    monkeypatch.setattr("tools.environment.ensure", missing)

    assert commands.main(["setup"]) == 1
    error = capsys.readouterr().err
    assert error == "Falta ao Python o módulo venv. Para resolver: sudo apt-get install python3-venv\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there the demo opens its database by path")
def test_the_demo_gets_a_server_of_its_own_and_the_password_only_by_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], extra: dict[str, str]) -> int:
        ran.append((command, extra))
        return 5

    monkeypatch.setattr(commands, "DEMO", tmp_path / "demo")
    monkeypatch.setattr(commands, "_wait", run)

    assert commands.main(["demo", "--out", "elsewhere"]) == 5

    [(command, extra)] = ran
    options = dict(zip(command[4::2], command[5::2], strict=True))
    assert command[1:4] == ["-m", "integrator", "demo"]
    assert options["--servidor"] == "127.0.0.1"
    assert int(options["--porta"]) > 1023
    assert Path(options["--cliente"]).name == "libfbclient.so.2"
    assert options["--pasta-bancos"] == str(tmp_path / "demo/bancos")
    assert options["--out"] == "elsewhere"
    assert extra[commands.PASSWORD_VARIABLE] not in command


def runs(monkeypatch: pytest.MonkeyPatch, folder: Path, linted: int) -> None:
    """In place of the repository, a folder whose `dev.py` is nothing but a lint with that exit code."""
    (folder / "dev.py").write_text(f"print('linted', flush=True); raise SystemExit({linted})", encoding="utf-8")
    monkeypatch.setattr(commands, "ROOT", folder)
    monkeypatch.setattr(commands, "PYTHON", Path(sys.executable))
    monkeypatch.setattr("tools.environment.ensure", lambda: None)
    monkeypatch.setattr(commands, "_ensure_programs", lambda: None)


@pytest.mark.parametrize(("tested", "linted", "answer"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (2, 1, 2)])
def test_the_checks_run_beside_the_tests_are_told_after_them_and_count(
    tested: int,
    linted: int,
    answer: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def run(*arguments: str) -> int:
        assert arguments[:2] == ("-m", "pytest")
        print("tested", flush=True)
        return tested

    runs(monkeypatch, tmp_path, linted)
    monkeypatch.setattr(commands, "_python", run)

    assert commands.main(["test"]) == answer
    assert capfd.readouterr().out.split() == ["tested", "linted"]


def test_tests_that_were_broken_off_leave_no_checks_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def remembered(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        begun.append(start(*arguments, **options))
        return begun[-1]

    def broken_off(*_: str) -> int:
        raise KeyboardInterrupt

    runs(monkeypatch, tmp_path, 0)
    (tmp_path / "dev.py").write_text("import time; time.sleep(60)", encoding="utf-8")
    monkeypatch.setattr(subprocess, "Popen", remembered)
    monkeypatch.setattr(commands, "_python", broken_off)

    assert commands.main(["test"]) == 130
    [checks] = begun
    assert checks.returncode


def test_what_python_compiled_is_kept_whatever_the_shell_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    program = "import sys; sys.exit(sys.dont_write_bytecode)"

    assert commands._wait([sys.executable, "-c", program], {}) == 0


def test_installing_firebird_starts_no_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    answers: list[int] = []

    def install(*_: str) -> bool:
        answers.append(subprocess.run([policy], check=False).returncode)
        return True

    monkeypatch.setattr(firebird_packages, "_POLICY", policy)
    monkeypatch.setattr(firebird_packages, "apt_install", install)
    monkeypatch.setattr(firebird_packages, "_DISABLE_SERVICE", ("true",))
    firebird_packages._install()

    assert answers == [101]
    assert not policy.exists()


def test_an_unpacked_firebird_tells_processes_where_its_libraries_are(tmp_path: Path) -> None:
    libraries = tmp_path / "usr/lib/x86_64-linux-gnu"
    libraries.mkdir(parents=True)
    (libraries / "libfbclient.so.2").touch()

    assert Firebird(tmp_path).environment()["LD_LIBRARY_PATH"] == str(libraries)
    assert Firebird(Path("/")).environment() == {}
