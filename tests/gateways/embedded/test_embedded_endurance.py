"""The long proof of the embedded engine, short: flat memory over many files, and processes killed while they send."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")


@pytest.mark.slow
def test_files_arrive_whole_and_whatever_is_killed_nothing_is_lost_doubled_or_unrecorded(tmp_path: Path) -> None:
    from tools.engine_endurance import run

    endurance, kills = run(tmp_path, sends=60, kib=300, kills=3, seed=6)
    assert endurance.broken == ()
    assert endurance.daemon.flat, endurance.daemon
    assert endurance.worker.flat, endurance.worker
    assert kills.broken == ()
    assert kills.sent + kills.uncertain == kills.rows
    assert kills.kills == 3
