"""The streams of live pages in a test's panel."""

from __future__ import annotations

import pytest

from integrator.panel.app import build_app


@pytest.fixture(autouse=True)
def with_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites of this test serve live changes."""
    monkeypatch.setattr("tests.panel.site.build_app", lambda panel: build_app(panel, extra=[panel.live.route()]))
