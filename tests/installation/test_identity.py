"""What tells computers and places of databases apart, and what does not."""

from __future__ import annotations

import platform
import re
from datetime import datetime
from pathlib import Path

import pytest

from integrator import machine
from integrator.domain.errors import JournalError
from integrator.installation.identity import journal_id, place_of, server_of, this_installation
from integrator.installation.moving import Former, Stage, read_moving, write_moving
from integrator.machine import Machine, this_machine

US = Machine("1" * 32, "BALCAO")
NOW = datetime(2026, 11, 20, 9)


@pytest.mark.parametrize("name", ["", "localhost", "LOCALHOST", "127.0.0.1", "127.0.1.1", "::1", platform.node()])
def test_all_names_of_this_computer_are_one(name: str) -> None:
    assert server_of(name, US) == server_of("localhost", US)


def test_this_computer_means_another_place_on_another_computer() -> None:
    assert server_of("localhost", US) != server_of("localhost", Machine("2" * 32, "BALCAO"))
    assert server_of("srv01", US) == server_of("SRV01", Machine("2" * 32, "NOTEBOOK")) == "srv01"
    assert server_of("10.0.0.5", US) == "10.0.0.5"


def test_windows_does_not_tell_cases_and_slashes_of_a_path_apart() -> None:
    first = place_of("{A}", rb"D:\S4\DADOS.FDB", "srv01", US)

    assert first == place_of("{a}", b"d:/s4/dados.fdb", "SRV01", US)
    assert first != place_of("{A}", rb"D:\S4\COPIA.FDB", "srv01", US)
    assert first != place_of("{B}", rb"D:\S4\DADOS.FDB", "srv01", US)
    assert place_of("A", b"/erp/Dados.fdb", "s", US) != place_of("A", b"/erp/dados.fdb", "s", US)
    assert place_of("A", "D:\\Sé\\É.FDB".encode("cp1252"), "s", US) == place_of("A", "d:/sé/é.fdb".encode(), "s", US)


def test_a_computer_without_an_id_makes_one_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_system_id", lambda: "")

    first, again, other = this_machine(tmp_path), this_machine(tmp_path), this_machine(tmp_path / "outra")

    assert first == again
    assert re.fullmatch("[0-9a-f]{32}", first.id)
    assert first.id != other.id


def test_that_id_does_not_travel_with_a_copied_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_system_id", lambda: "")
    here = this_machine(tmp_path)
    monkeypatch.setattr(platform, "node", lambda: "NOTEBOOK")

    assert this_machine(tmp_path).id != here.id


def test_the_systems_id_is_stored_as_a_digest_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = "0123456789abcdef0123456789abcdef"
    monkeypatch.setattr(machine, "_system_id", lambda: raw)

    found = this_machine(tmp_path)

    assert found.id != raw
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/etc/machine-id").exists(), reason="this system has no machine-id")
def test_an_unfinished_machine_id_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_LINUX", tmp_path / "machine-id")
    (tmp_path / "machine-id").write_text("uninitialized\n", encoding="ascii")
    assert machine._system_id() == ""
    (tmp_path / "machine-id").write_text("0123456789abcdef0123456789abcdef\n", encoding="ascii")
    assert machine._system_id() == "0123456789abcdef0123456789abcdef"


def test_a_copied_journal_has_the_same_id_and_another_owner(tmp_path: Path) -> None:
    here, there = tmp_path / "a" / "integrator.db", tmp_path / "b" / "integrator.db"
    first = this_installation(here, NOW, US)
    there.parent.mkdir()
    there.write_bytes(here.read_bytes())

    second = this_installation(there, NOW, US)

    assert first.journal == second.journal == journal_id(here)
    assert len(first.journal) == 36
    assert first.owner != second.owner


def test_a_file_that_is_no_journal_is_told(tmp_path: Path) -> None:
    (tmp_path / "integrator.db").write_bytes(b"isto nao e um banco de dados" * 100)
    with pytest.raises(JournalError):
        journal_id(tmp_path / "integrator.db")


def test_a_move_is_remembered_as_it_was_written(tmp_path: Path) -> None:
    former = Former("j", "dono", "m", "BALCÃO", ("p1", "p2"), NOW)
    assert read_moving(tmp_path) is None
    write_moving(tmp_path, Stage.ARRIVED, former)

    found = read_moving(tmp_path)

    assert found is not None
    assert (found.stage, found.former) == (Stage.ARRIVED, former)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"situacao": "chegou"}', '{"situacao": "?", "instalacao": {}}', "\xff"]
)
def test_a_torn_note_of_a_move_counts_as_a_move_that_is_not_finished(text: str, tmp_path: Path) -> None:
    (tmp_path / "mudanca.json").write_text(text, encoding="latin-1")

    found = read_moving(tmp_path)

    assert found is not None
    assert found.stage is Stage.UNPACKING
