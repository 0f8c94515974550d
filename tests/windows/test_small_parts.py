"""The small modules for Windows, as far as they say the same everywhere: commands, names, choices."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path, PureWindowsPath

import pytest

from integrator import program
from integrator.gateways.embedded.child import program as worker
from integrator.single_instance import InstanceLock, is_held
from integrator.windows.last_seconds import within_last_seconds
from integrator.windows.rights import allow_command, restrict_command
from integrator.windows.theme import is_dark

FOLDER = Path("C:/Meus Dados")
USER = "S-1-5-21-1-2-3-1001"


class TestRights:
    def test_a_private_file_is_its_owners_and_the_administrators(self) -> None:
        assert restrict_command(FOLDER, USER, folder=False)[2:] == [
            *("/inheritance:r", "/grant:r", "*S-1-5-18:F", "*S-1-5-32-544:F", f"*{USER}:F")
        ]

    def test_what_is_created_in_a_private_folder_inherits(self) -> None:
        assert restrict_command(FOLDER, USER, folder=True)[-1] == f"*{USER}:(OI)(CI)F"

    def test_a_service_grants_nobody_else(self) -> None:
        """Its user's name would be the computer's (``PC$``), which Windows refuses."""
        assert restrict_command(FOLDER, "S-1-5-18", folder=False)[4:] == ["*S-1-5-18:F", "*S-1-5-32-544:F"]

    def test_the_data_folder_is_opened_to_a_user_by_name_or_identifier(self) -> None:
        assert allow_command(FOLDER, "LOJA\\maria")[1:] == [
            *(str(FOLDER), "/inheritance:r", "/grant:r"),
            *("*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F", "LOJA\\maria:(OI)(CI)M"),
        ]
        assert allow_command(FOLDER, USER)[-1] == f"*{USER}:(OI)(CI)M"


class TestProgram:
    def test_from_the_sources_it_is_python(self) -> None:
        assert program.command("run", "--headless")[-4:] == ["-m", "integrator", "run", "--headless"]
        assert program.windowed_command("--autostart")[-3:] == ["-m", "integrator", "--autostart"]
        assert (program.home() / "integrator").is_dir()

    def test_packaged_the_children_are_of_the_executable_with_streams(self, monkeypatch: pytest.MonkeyPatch) -> None:
        suffix = ".exe" if sys.platform == "win32" else ""
        folder = Path("/opt/Loja do João").absolute()
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        monkeypatch.setattr(sys, "executable", str(folder / f"{program.WINDOWED}{suffix}"))
        assert worker() == [str(folder / f"integrator-cli{suffix}"), "--wa-worker"]
        assert program.windowed_command() == [sys.executable]
        assert program.home() == folder

    def test_the_two_executables_differ_also_where_case_does_not_count(self) -> None:
        assert PureWindowsPath(f"{program.WINDOWED}.exe") != PureWindowsPath(f"{program.CONSOLE}.exe")


class TestTheme:
    @pytest.mark.parametrize(("chosen", "dark"), [("escuro", True), (" Escuro ", True), ("claro", False)])
    def test_a_person_may_choose(self, monkeypatch: pytest.MonkeyPatch, chosen: str, dark: bool) -> None:
        monkeypatch.setenv("INTEGRATOR_TEMA", chosen)
        assert is_dark() is dark

    @pytest.mark.skipif(sys.platform == "win32", reason="there the system says")
    def test_light_where_nobody_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("INTEGRATOR_TEMA", "azul")
        assert not is_dark()


class TestLastSeconds:
    def test_what_ends_in_time_is_waited_for(self) -> None:
        done: list[str] = []
        assert within_last_seconds(lambda: done.append("row"), 30)
        assert done == ["row"]

    def test_what_does_not_is_left(self) -> None:
        released = threading.Event()
        assert not within_last_seconds(lambda: (released.wait(30), None)[1], 0.05)
        released.set()

    def test_a_fault_is_logged_and_windows_gets_its_answer(self, caplog: pytest.LogCaptureFixture) -> None:
        def fail() -> None:
            raise RuntimeError("no engine")

        assert within_last_seconds(fail, 30)
        assert "no engine" in caplog.text


def test_a_folder_is_held_while_an_integrator_runs_and_asking_leaves_it_free(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "dados")
    with InstanceLock(tmp_path / "dados"):
        assert is_held(tmp_path / "dados")
    assert not is_held(tmp_path / "dados")
    InstanceLock(tmp_path / "dados").release()


def test_every_module_for_windows_loads_everywhere() -> None:
    folder = Path(program.__file__).parent / "windows"
    code = "; ".join(f"import integrator.windows.{path.stem}" for path in folder.glob("[a-z]*.py"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
