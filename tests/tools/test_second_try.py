"""Only what others draw on a screen is tried a second time, and no test holds the others up for ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.environment import ROOT

_TESTS = """
import pytest
from tests.waiting import NotSeen

TRIES = []

def test_it(request):
    TRIES.append(1)
    if len(TRIES) <= {fails}:
        {fault}
"""


def run(folder: Path, fault: str, fails: int, *options: str) -> subprocess.CompletedProcess[str]:
    """That test, with this project's configuration."""
    test = folder / "test_it.py"
    test.write_text(_TESTS.format(fault=fault, fails=fails), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", *options]
    return subprocess.run([*command, str(test)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def outcome(folder: Path, fault: str, fails: int) -> str:
    """What pytest counts at the end."""
    return run(folder, fault, fails).stdout.rstrip().rpartition("\n")[2]


@pytest.mark.parametrize(
    "fault",
    [
        "raise NotSeen('a window')",
        "raise AssertionError('Locator expected to be visible')",
        "raise TimeoutError('Locator.click: Timeout 30000ms exceeded.')",
    ],
)
def test_what_did_not_come_to_a_screen_is_tried_again_once(tmp_path: Path, fault: str) -> None:
    assert "1 passed, 1 rerun" in outcome(tmp_path, fault, fails=1)
    assert "1 failed, 1 rerun" in outcome(tmp_path, fault, fails=2)


@pytest.mark.parametrize(
    "fault", ["raise AssertionError('sent twice')", "raise TimeoutError('timed out')", "pytest.fail('lost')"]
)
def test_everything_else_fails_at_once(tmp_path: Path, fault: str) -> None:
    said = outcome(tmp_path, fault, fails=1)
    assert "1 failed" in said
    assert "rerun" not in said


def test_a_test_that_hangs_where_no_python_runs_ends_and_is_named(tmp_path: Path) -> None:
    # The second one waits for the first, holds Python's own lock meanwhile, and no signal ends it.
    hang = "import ctypes; c = ctypes.PyDLL(None); m = bytes(64); [c.pthread_mutex_lock(m) for _ in range(2)]"

    ended = run(tmp_path, hang, 1, "-o", "timeout=1", "-o", "faulthandler_timeout=2")

    assert ended.returncode == 1
    assert "in test_it" in ended.stderr
