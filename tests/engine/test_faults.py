"""A short form of ``dev.py faults``: random kills, two integrators, both kinds of WhatsApp engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrator.gateways.simulator.posts import Mode
from tools.faults import prove
from tools.firebird_server import PrivateServer


@pytest.mark.feature("B01", "B11")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # finalizers of fdb's lost statements
def test_nothing_is_lost_or_doubled_while_everything_is_killed_at_random(
    mode: Mode, firebird_server: PrivateServer, tmp_path: Path
) -> None:
    figures = prove(tmp_path, mode, rows=30, kills=8, seed=7)

    assert (figures.duplicates, figures.lost) == (0, 0)
    assert figures.sent_once + figures.uncertain == 30
    assert figures.engines_killed > 0
