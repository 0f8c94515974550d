"""How the start of the desktop is told when it fails: the packaged program has no console."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrator.cli import desktop
from integrator.cli.context import choose
from integrator.domain.errors import IntegratorError, SettingsError


@pytest.mark.parametrize(("windowed", "quiet"), [(True, False), (False, False), (True, True)])
def test_a_start_that_fails_is_told_in_a_window_where_there_is_no_console(
    windowed: bool, quiet: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[IntegratorError] = []
    monkeypatch.setattr(desktop, "is_windowed", lambda: windowed)
    monkeypatch.setattr(desktop, "_tell", told.append)
    (tmp_path / "dados").write_text("um arquivo no lugar da pasta", encoding="utf-8")
    with pytest.raises(SettingsError, match="pasta de dados"):
        desktop.open_desktop(choose(None, tmp_path / "dados"), quiet=quiet)
    assert len(told) == (windowed and not quiet)


def test_a_start_with_the_computer_ends_at_once_where_another_session_has_the_icon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "is_open_elsewhere", lambda folder: folder == tmp_path)
    assert desktop.open_desktop(choose(None, tmp_path), quiet=True) == 0
    assert not (tmp_path / "registro").exists()
