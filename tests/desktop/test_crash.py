"""What nobody foresaw is in the log, and the next start tells of a native crash: real processes crash here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from integrator.desktop.crash import FILES

PROGRAM = """
import ctypes, gc, logging, sys, threading
from pathlib import Path
from integrator.desktop.crash import install
from integrator.logs import setup_logging
folder = Path(sys.argv[1])
setup_logging(folder).add_secret("s3nha-do-banco")
print(repr(install(logging.getLogger("integrator"), folder)))
sys.stdout.flush()
exec(sys.argv[2])
"""
SEGFAULT = "ctypes.string_at(0)"
not_windows = pytest.mark.skipif(sys.platform == "win32", reason="ctypes makes an error of it there")


def start(folder: Path, code: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), code], capture_output=True, text=True, check=False, timeout=60
    )


def log_of(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("integrador-*.log"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Loja do João" / "registro"


@not_windows
def test_a_native_crash_is_told_by_the_next_start_and_once(folder: Path) -> None:
    assert start(folder, SEGFAULT).returncode != 0
    assert "string_at" in (folder / FILES[0]).read_text(encoding="utf-8")

    told = start(folder)
    assert told.returncode == 0
    assert "string_at" in told.stdout
    assert "the program crashed the last time" in log_of(folder)

    assert start(folder).stdout == "''\n"
    assert log_of(folder).count("the program crashed the last time") == 1


@not_windows
def test_two_programs_side_by_side_keep_their_crashes_apart(folder: Path) -> None:
    code = "import subprocess; " + (
        f"subprocess.run([sys.executable, '-c', {PROGRAM!r}, sys.argv[1], {SEGFAULT!r}]); ctypes.string_at(0)"
    )
    start(folder, code)
    assert all("string_at" in (folder / name).read_text(encoding="utf-8") for name in FILES[:2])
    assert start(folder).stdout.count("string_at") == 2
    assert start(folder).stdout == "''\n"


def test_a_process_that_ends_by_itself_leaves_no_trace(folder: Path) -> None:
    written = "import faulthandler, os; faulthandler.dump_traceback(open(sys.argv[1] + '/falha-nativa.log', 'a'))"
    assert start(folder, written).returncode == 0
    assert start(folder).stdout == "''\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("1 / 0", "unforeseen error: the program ends"),
        ("threading.Thread(target=lambda: 1 / 0, name='tray').start()", "unforeseen error: the thread tray ends"),
        (
            "T = type('T', (), {'__del__': lambda self: 1 / 0}); t = T(); del t; gc.collect()",
            "error that could not be raised, in function",
        ),
    ],
)
def test_an_error_that_nothing_catches_is_in_the_log(folder: Path, code: str, said: str) -> None:
    ended = start(folder, code)
    assert said in log_of(folder)
    assert "ZeroDivisionError" in log_of(folder)
    assert "ZeroDivisionError" not in ended.stderr


def test_what_the_log_masks_is_masked_here_too(folder: Path) -> None:
    start(folder, "raise ValueError('s3nha-do-banco 49988590187')")
    assert "[segredo]" in log_of(folder)
    assert "s3nha-do-banco" not in log_of(folder)
    assert "49988590187" not in log_of(folder)


def test_an_interruption_by_the_person_and_the_end_of_a_thread_are_no_errors(folder: Path) -> None:
    start(folder, "t = threading.Thread(target=sys.exit); t.start(); t.join(); raise KeyboardInterrupt")
    assert log_of(folder) == ""


def test_a_folder_that_cannot_be_written_does_not_stop_the_program(tmp_path: Path) -> None:
    (tmp_path / "registro").write_text("a file is in the way", encoding="utf-8")
    ended = start(tmp_path / "registro", "print('runs')")
    assert ended.returncode == 0
    assert ended.stdout == "''\nruns\n"
