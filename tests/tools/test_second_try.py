"""Only what others draw on a screen is tried a second time."""

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


def outcome(folder: Path, fault: str, fails: int) -> str:
    """What pytest counts at the end, with this project's configuration."""
    test = folder / "test_it.py"
    test.write_text(_TESTS.format(fault=fault, fails=fails), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", str(test)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout.rstrip().rpartition("\n")[2]


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
