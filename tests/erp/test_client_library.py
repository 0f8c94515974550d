"""Which Firebird client is chosen on computers with several, and why not the others."""

from __future__ import annotations

import os
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from integrator.domain.errors import SettingsError
from integrator.erp import client
from integrator.erp.client import VARIABLE, Computer, client_library, find_client, require_safe
from integrator.erp.library_files import bits_of

_MACHINES = {32: 0x014C, 64: 0x8664}


def _dll(folder: Path, bits: int = 64) -> Path:
    """The first bytes of a Windows library."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "fbclient.dll"
    header = b"MZ" + bytes(0x3A) + struct.pack("<I", 0x80)
    file.write_bytes(header.ljust(0x80, b"\0") + b"PE\0\0" + struct.pack("<H", _MACHINES[bits]) + bytes(64))
    return file


@pytest.fixture
def windows() -> Computer:
    """A Windows computer, 64 bits, with nothing on it."""
    return Computer(
        windows=True,
        bits=64,
        file="fbclient.dll",
        environment={},
        program=None,
        registry=list,
        wheel=lambda: None,
    )


def test_the_configured_one_comes_before_all_others(windows: Computer, tmp_path: Path) -> None:
    chosen = _dll(tmp_path / "mine")
    beside = replace(windows, program=_dll(tmp_path / "program").parent)

    assert find_client(str(chosen), beside).path == chosen


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: _dll(folder, 32), "é de 32 bits e este programa é de 64"),
        (lambda folder: folder / "fbclient.dll", "não existe"),
        (lambda folder: _text(folder / "fbclient.dll"), "não é uma biblioteca"),
    ],
)
def test_a_configured_one_that_does_not_serve_is_never_replaced_in_silence(
    windows: Computer, tmp_path: Path, make: object, reason: str
) -> None:
    assert callable(make)
    path = make(tmp_path)
    choice = find_client(str(path), replace(windows, program=_dll(tmp_path / "program").parent))

    assert (choice.path, choice.usable, choice.rejected) == (path, False, ((path, reason),))
    assert reason in choice.why


def _text(path: Path) -> Path:
    path.write_text("isto não é uma biblioteca", encoding="utf-8")
    return path


def test_places_are_tried_from_the_most_deliberate_to_the_most_accidental(windows: Computer, tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("program", "variable", "wheel", "installed", "files", "path")}
    full = replace(
        windows,
        program=folders["program"],
        wheel=lambda: folders["wheel"],
        registry=lambda: [folders["installed"]],
        environment={
            VARIABLE: str(folders["variable"] / "fbclient.dll"),
            "ProgramW6432": str(folders["files"]),
            "PATH": os.pathsep.join(["", f'"{folders["path"]}"']),
        },
    )
    files = [
        _dll(folders["program"]),
        _dll(folders["variable"]),
        _dll(folders["wheel"]),
        _dll(folders["installed"]),
        _dll(folders["files"] / "Firebird/Firebird_2_5/bin"),
        _dll(folders["path"]),
    ]
    for file in files:
        assert find_client("", full).path == file
        file.unlink()

    nothing = find_client("", full)
    assert (nothing.path, nothing.usable) == (None, False)
    assert "64 bits" in nothing.why


def test_an_old_server_keeps_its_client_in_bin_and_the_erps_32_bit_one_is_passed_over(
    windows: Computer, tmp_path: Path
) -> None:
    erp = _dll(tmp_path / "erp", 32)
    installed = _dll(tmp_path / "Firebird_2_5/bin")
    shop = replace(
        windows, registry=lambda: [tmp_path / "Firebird_2_5"], environment={VARIABLE: str(erp), "PATH": str(tmp_path)}
    )

    choice = find_client("", shop)

    assert choice.path == installed
    assert "registro do Windows" in choice.why
    assert choice.rejected == ((erp, "é de 32 bits e este programa é de 64"),)


def test_the_library_in_syswow64_is_the_one_for_32_bits(windows: Computer, tmp_path: Path) -> None:
    wrong = _dll(tmp_path / "SysWOW64", 32)
    shop = replace(windows, environment={"SystemRoot": str(tmp_path)})
    assert find_client("", shop).rejected == ((wrong, "é de 32 bits e este programa é de 64"),)

    right = _dll(tmp_path / "System32")
    assert find_client("", shop).path == right


@pytest.mark.parametrize(
    ("content", "bits"),
    [
        (b"\x7fELF\x02" + bytes(60), 64),
        (b"\x7fELF\x01" + bytes(60), 32),
        (b"\x7fELF", None),
        (b"MZ" + bytes(10), None),
        (b"MZ" + bytes(0x3A) + struct.pack("<I", 0xFFFFFF), None),
        (b"", None),
    ],
)
def test_the_bits_are_read_from_the_files_header(tmp_path: Path, content: bytes, bits: int | None) -> None:
    file = tmp_path / "library"
    file.write_bytes(content)

    assert bits_of(file) == bits


def test_on_linux_the_linker_finds_it_unless_a_variable_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    linux = Computer(windows=False, environment={}, program=None)
    assert (find_client("", linux).path, find_client("", linux).usable) == (None, True)

    own = Path("/lib/x86_64-linux-gnu/libc.so.6")
    if own.exists():
        monkeypatch.setenv(VARIABLE, str(own))
        assert client_library("") == own


@pytest.fixture
def server(windows: Computer, tmp_path: Path) -> Computer:
    """One with programs in their folder, and a service."""
    environment = {"ProgramFiles": str(tmp_path / "Program Files"), "SystemRoot": str(tmp_path / "Windows")}
    program = tmp_path / "D" / "Integrador"
    return replace(windows, environment=environment, program=program, service=lambda: True)


@pytest.mark.parametrize("folder", ["Program Files/Firebird", "D/Integrador", "Windows/System32"])
def test_a_service_takes_a_configured_library_from_the_folders_of_the_administrators(
    server: Computer, tmp_path: Path, folder: str
) -> None:
    require_safe(str(_dll(tmp_path / folder)), server)


@pytest.mark.parametrize(
    "folder",
    [
        "dados",
        "Program Files/../dados",
        "Program Files de Maria",
        "Windows/System32/spool/drivers/color",
        "Program Files/leads",
        "leads back",
    ],
)
def test_a_service_takes_none_that_an_ordinary_user_may_have_put_there(
    server: Computer, tmp_path: Path, folder: str
) -> None:
    _dll(tmp_path / "dados")
    _dll(tmp_path / "Program Files" / "Firebird")
    (tmp_path / "Program Files" / "leads").symlink_to(tmp_path / "dados")
    (tmp_path / "leads back").symlink_to(tmp_path / "Program Files" / "Firebird")
    with pytest.raises(SettingsError, match="Apague a linha cliente"):
        require_safe(str(tmp_path / folder / "fbclient.dll"), server)


def test_the_program_of_a_service_asks_before_it_loads(
    server: Computer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = _dll(tmp_path / "dados")
    monkeypatch.setattr(client, "Computer", lambda: server)
    with pytest.raises(SettingsError):
        client_library(str(chosen))
    monkeypatch.setattr(client, "Computer", lambda: replace(server, service=lambda: False))
    assert client_library(str(chosen)) == chosen
