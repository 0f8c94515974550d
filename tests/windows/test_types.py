"""What only Windows runs has the types that Windows' libraries ask for: mypy reads it as that system's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def modules_with_a_part_for_windows() -> list[str]:
    files = sorted((ROOT / "integrator").rglob("*.py"))
    return [str(file.relative_to(ROOT)) for file in files if "sys.platform" in file.read_text(encoding="utf-8")]


@pytest.mark.slow
def test_the_parts_for_windows_have_no_type_error() -> None:
    modules = modules_with_a_part_for_windows()
    assert "integrator/windows/session_end.py" in {Path(each).as_posix() for each in modules}
    # A cache of its own, or the two systems would drive each other's out. What follows an early return for Windows
    # cannot be reached there: that is meant.
    options = ["--platform", "win32", "--follow-imports=silent", "--no-warn-unreachable"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--cache-dir", ".mypy_cache/win32", *modules],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
