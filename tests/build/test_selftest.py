"""`--selftest` itself: how it tells what it found."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from integrator import selftest
from integrator.selftest import checks

Checks = tuple[tuple[str, Callable[[], str]], ...]


def _broken() -> str:
    raise OSError("a biblioteca não\nabriu")


def _set(monkeypatch: pytest.MonkeyPatch, *found: tuple[str, Callable[[], str]]) -> None:
    monkeypatch.setattr(checks, "CHECKS", found)


def test_each_part_is_a_line_and_one_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, ("Boleto", _broken), ("Janelas", lambda: "Tk 8.6"))
    out = io.StringIO()

    assert selftest.selftest(out) == 1

    _, first, second, last = out.getvalue().splitlines()
    assert first.startswith("falhou  Boleto: a biblioteca não abriu (OSError em test_selftest.py:")
    assert second == "ok      Janelas: Tk 8.6"
    assert last == "1 falhou."


def test_the_program_without_a_console_writes_what_it_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _set(monkeypatch, ("Janelas", lambda: "Tk 8.6"))
    file = tmp_path / "saída.json"

    assert selftest.main([str(file)]) == 0

    told = json.loads(file.read_text(encoding="utf-8"))
    assert told["ok"] is True
    assert told["checks"] == [{"name": "Janelas", "ok": True, "detail": "Tk 8.6"}]


def test_without_a_console_and_without_a_file_the_exit_code_still_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, ("Boleto", _broken))
    monkeypatch.setattr("sys.stdout", None)

    assert selftest.main([]) == 1


def test_a_file_that_cannot_be_written_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _set(monkeypatch, ("Janelas", lambda: "Tk 8.6"))

    assert selftest.main([str(tmp_path / "não existe" / "saída.json")]) == 1
    assert "Escolha outra pasta." in capsys.readouterr().err


def test_too_many_arguments_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert selftest.main(["a.json", "b.json"]) == 2
    assert "Use: --selftest" in capsys.readouterr().err
