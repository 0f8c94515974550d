"""How `dev.py build` checks what it made: a copy elsewhere, started with next to nothing."""

import json
import sys
from pathlib import Path

import pytest

from integrator.program import CONSOLE, WINDOWED
from tools import build
from tools.messages import SetupError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its stand-ins are scripts of a Unix shell")

_CONSOLE = """\
#!/bin/sh
here=$(dirname "$0")
echo "$0|$PATH|$PYTHONPATH$VIRTUAL_ENV$LD_LIBRARY_PATH" >> "{told}"
test "$1" != --selftest || test -z "{fails}"
"""
_WINDOWED = """\
#!/bin/sh
cat > "$2" <<'END'
{found}
END
"""


def _stand_in(folder: Path, told: Path, *, fails: str = "", windows: bool = True) -> Path:
    folder.mkdir(parents=True)
    found = {"ok": windows, "checks": [{"name": "Janelas", "ok": windows, "detail": "sem tema"}]}
    for name, text in (
        (CONSOLE, _CONSOLE.format(told=told, fails=fails)),
        (WINDOWED, _WINDOWED.format(found=json.dumps(found))),
    ):
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def test_both_programs_are_started_from_a_copy_with_a_bare_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    monkeypatch.setattr(build, "BUILD", _stand_in(tmp_path / "dist/Integrador", told))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert build.main(["--only-check"]) == 0

    started = [line.split("|") for line in told.read_text(encoding="utf-8").splitlines()]
    assert len(started) == 2
    for program, path, python in started:
        assert "Programas de São José" in program
        assert not Path(program).exists()
        assert (path, python) == ("/usr/bin:/bin", "")


def test_a_console_program_that_fails_its_checks_fails_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "BUILD", _stand_in(tmp_path / "dist/Integrador", tmp_path / "told", fails="sim"))

    assert build.main(["--only-check"]) == 1


def test_what_the_windowed_program_wrote_counts_though_it_ended_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "BUILD", _stand_in(tmp_path / "dist/Integrador", tmp_path / "told", windows=False))

    assert build.main(["--only-check"]) == 1
    assert "Janelas: sem tema" in capfd.readouterr().out


def test_without_a_build_there_is_nothing_to_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "BUILD", tmp_path / "dist/Integrador")

    with pytest.raises(SetupError, match="Não há nada empacotado"):
        build.main(["--only-check"])


def test_an_unknown_option_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--tudo"]) == 2
    assert "--only-check" in capsys.readouterr().err
