"""One desktop in a session: the second start shows the first, whatever became of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest

from integrator.desktop import single_instance
from integrator.desktop.meeting_place import FAMILY, is_open_elsewhere, place_of
from integrator.desktop.single_instance import QUIT, SHOW, DesktopSilent, Opening, say, say_to_all

#: What only a defect makes somebody wait for.
_PATIENCE_S = 30.0
on_linux = pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal, or looks at its socket")

DESKTOP = f"""
import sys
from pathlib import Path
from integrator.desktop import single_instance
from integrator.desktop.single_instance import Opening
single_instance._PATIENCE_S = {_PATIENCE_S}
opening = Opening.first(Path(sys.argv[1]), lambda message: print(message, flush=True))
print("open" if opening else "second", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_desktop(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the desktop open until it is killed or its input ends."""
    command = [sys.executable, "-c", DESKTOP, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def desktop(folder: Path, on_message: Callable[[str], None]) -> Iterator[Opening]:
    opening = Opening.first(folder, on_message)
    assert opening is not None
    try:
        yield opening
    finally:
        opening.close()


@pytest.fixture(params=["dados", "d" * 120], ids=["short path", "path longer than a socket's"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    made = tmp_path / "Loja do João" / str(request.param)
    made.mkdir(parents=True)
    return made


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever speaks waits for an answer longer than a busy computer needs to give one."""
    monkeypatch.setattr(single_instance, "_PATIENCE_S", _PATIENCE_S)


@pytest.mark.feature("S16")
@pytest.mark.usefixtures("patient")
def test_a_second_start_makes_the_first_one_show_itself(folder: Path) -> None:
    with another_desktop(folder) as first:
        assert first.stdout is not None
        assert Opening.first(folder, print) is None
        assert say(folder, SHOW)
        assert first.stdout.readline() == "show\n"
        assert say_to_all(folder, QUIT) == 1
        assert first.stdout.readline() == "quit\n"


@pytest.mark.usefixtures("patient")
def test_a_desktop_that_was_killed_is_no_obstacle(folder: Path) -> None:
    with another_desktop(folder) as first:
        first.kill()
        first.wait()
        assert not say(folder, SHOW)
        with another_desktop(folder) as second:
            assert say(folder, SHOW)
            assert second.stdout is not None
            assert second.stdout.readline() == "show\n"


@pytest.mark.usefixtures("patient")
def test_a_closed_desktop_lets_the_next_one_open(tmp_path: Path) -> None:
    for _ in range(3):
        heard: SimpleQueue[str] = SimpleQueue()
        with desktop(tmp_path, heard.put) as opening:
            assert say(tmp_path, SHOW)
            assert heard.get(timeout=_PATIENCE_S) == "show"
        opening.close()
    assert not say(tmp_path, SHOW)
    assert say_to_all(tmp_path, QUIT) == 0


def test_of_many_starts_at_once_one_opens(tmp_path: Path) -> None:
    opened: SimpleQueue[Opening | None] = SimpleQueue()
    starts = [threading.Thread(target=lambda: opened.put(Opening.first(tmp_path, print))) for _ in range(8)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    winners = [each for each in (opened.get() for _ in starts) if each]
    assert len(winners) == 1
    winners[0].close()


@pytest.mark.usefixtures("patient")
def test_each_data_folder_has_a_desktop_of_its_own(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("um", "dois")]
    for each in folders:
        each.mkdir()
    heard: SimpleQueue[str] = SimpleQueue()
    with desktop(folders[0], lambda _: heard.put("um")), desktop(folders[1], lambda _: heard.put("dois")):
        assert say(folders[1], SHOW)
    assert heard.get(timeout=_PATIENCE_S) == "dois"
    assert not is_open_elsewhere(folders[0])


def test_a_desktop_that_hangs_is_told_soon(tmp_path: Path) -> None:
    released = threading.Event()
    with desktop(tmp_path, lambda _: (released.wait(60), None)[1]):
        began = time.monotonic()
        with pytest.raises(DesktopSilent, match="já está aberto neste computador, mas não respondeu"):
            say(tmp_path, SHOW)
        assert time.monotonic() - began < 20, "it waited for the desktop"
        released.set()


@on_linux
def test_a_desktop_whose_whole_process_stands_still_is_told_too(tmp_path: Path) -> None:
    with another_desktop(tmp_path) as first:
        os.kill(first.pid, signal.SIGSTOP)
        # On a busy computer one of its threads may still answer for a while after the signal was sent.
        os.waitid(os.P_PID, first.pid, os.WSTOPPED)
        with pytest.raises(DesktopSilent):
            say(tmp_path, SHOW)


@pytest.mark.usefixtures("patient")
def test_what_is_no_message_does_nothing_and_the_next_one_is_heard(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from multiprocessing.connection import Client

    heard: SimpleQueue[str] = SimpleQueue()
    with desktop(tmp_path, heard.put), place_of(tmp_path)() as address:
        for nonsense in (b"", b"apague tudo", b"\xff\x80", b"x" * 5000):
            with Client(address, FAMILY) as connection:
                connection.send_bytes(nonsense)
        Client(address, FAMILY).close()
        assert say(tmp_path, SHOW)
        assert heard.get(timeout=_PATIENCE_S) == "show"
        assert heard.empty()


@pytest.mark.usefixtures("patient")
def test_a_fault_while_showing_does_not_deafen_the_desktop(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_message: str) -> None:
        raise RuntimeError("no window")

    with desktop(tmp_path, fail):
        assert say(tmp_path, SHOW)
        assert say(tmp_path, SHOW)
    assert "no window" in caplog.text


@on_linux
def test_only_who_owns_the_data_folder_may_use_the_lock(tmp_path: Path) -> None:
    with desktop(tmp_path, print):
        assert (tmp_path / "janelas.lock").stat().st_mode & 0o077 == 0
