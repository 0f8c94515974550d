"""Starting with the computer: the installer's entry, the user's own, and the word of the user against both."""

from __future__ import annotations

import configparser
import re
import sys
from pathlib import Path

import pytest

from integrator.desktop.autostart import (
    APPROVED,
    ENTRY,
    MARK,
    OWN,
    RUN,
    Autostart,
    AutostartRefused,
    FileAutostart,
    RegistryAutostart,
    this_autostart,
)
from integrator.windows.registry import Hive

PROGRAM = ["C:\\Program Files\\Integrador\\Integrador.exe", "--autostart"]
COMMAND = '"C:\\Program Files\\Integrador\\Integrador.exe" --autostart'
OFF_IN_TASK_MANAGER = b"\x03\x00\x00\x00" + bytes(8)
ON_IN_TASK_MANAGER = b"\x02\x00\x00\x00" + bytes(8)


class MemoryRegistry:
    """A registry in which only the user's values can be changed."""

    def __init__(self) -> None:
        self.values: dict[tuple[Hive, str, str], str | int | bytes] = {}

    def read(self, hive: Hive, key: str, name: str) -> str | int | bytes | None:
        return self.values.get((hive, key, name))

    def write(self, hive: Hive, key: str, name: str, value: str | int) -> None:
        self._check(hive)
        self.values[hive, key, name] = value

    def delete(self, hive: Hive, key: str, name: str) -> None:
        self._check(hive)
        self.values.pop((hive, key, name), None)

    def _check(self, hive: Hive) -> None:
        if hive is Hive.MACHINE:
            raise PermissionError(5, "Access is denied")

    @property
    def users(self) -> dict[tuple[str, str], str | int | bytes]:
        return {(key, name): value for (hive, key, name), value in self.values.items() if hive is Hive.USER}


@pytest.fixture
def registry() -> MemoryRegistry:
    return MemoryRegistry()


@pytest.fixture
def installed(registry: MemoryRegistry) -> MemoryRegistry:
    registry.values[Hive.MACHINE, RUN, ENTRY] = COMMAND
    return registry


def switch(registry: MemoryRegistry) -> RegistryAutostart:
    return RegistryAutostart(registry, PROGRAM)


@pytest.mark.feature("S16")
def test_a_user_switches_off_what_the_installer_switched_on_for_everybody(installed: MemoryRegistry) -> None:
    autostart = switch(installed)
    assert autostart.enabled()
    assert autostart.allows_start()

    autostart.set(False)
    assert not autostart.enabled()
    assert not autostart.allows_start()
    assert installed.users == {(OWN, MARK): 0}

    autostart.set(True)
    assert autostart.enabled()
    assert autostart.allows_start()
    assert installed.users == {}, "the entry of everybody is enough"


def test_without_the_installers_entry_the_user_gets_one(registry: MemoryRegistry) -> None:
    autostart = switch(registry)
    assert not autostart.enabled()
    autostart.set(True)
    assert autostart.enabled()
    assert registry.users == {(RUN, ENTRY): COMMAND}
    autostart.set(False)
    assert not autostart.enabled()
    assert (RUN, ENTRY) not in registry.users


@pytest.mark.parametrize(("noted", "on"), [(OFF_IN_TASK_MANAGER, False), (ON_IN_TASK_MANAGER, True), (b"", True)])
def test_the_task_managers_word_counts(installed: MemoryRegistry, noted: bytes, on: bool) -> None:
    installed.values[Hive.MACHINE, APPROVED, ENTRY] = noted
    assert switch(installed).enabled() is on


def test_what_the_task_manager_switched_off_can_be_switched_on_here(installed: MemoryRegistry) -> None:
    installed.values[Hive.MACHINE, APPROVED, ENTRY] = OFF_IN_TASK_MANAGER
    installed.values[Hive.USER, APPROVED, ENTRY] = OFF_IN_TASK_MANAGER
    switch(installed).set(True)
    assert switch(installed).enabled()
    assert installed.users == {(RUN, ENTRY): COMMAND}


def test_a_refusal_of_windows_is_told(registry: MemoryRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(5, "Access is denied")

    monkeypatch.setattr(registry, "write", refuse)
    for on in (True, False):
        with pytest.raises(AutostartRefused, match="peça a quem administra este computador"):
            switch(registry).set(on)


@pytest.mark.parametrize(
    "word", ["/opt/Integrador", "/opt/Loja do João/integrador", 'a"b', "50%", "R$ 10", "`x`", "back\\slash"]
)
def test_elsewhere_a_file_starts_it_whatever_its_path(tmp_path: Path, word: str) -> None:
    autostart: Autostart = FileAutostart(tmp_path / "config", [word, "--autostart"])
    assert not autostart.enabled()
    autostart.set(True)
    assert autostart.enabled()
    assert autostart.allows_start()
    file = configparser.ConfigParser(interpolation=None)
    file.read(tmp_path / "config" / "autostart" / "integrador.desktop", encoding="utf-8")
    line = file["Desktop Entry"]["Exec"].replace("\\\\", "\\").replace("%%", "%")
    words = re.findall(r'"((?:\\.|[^"\\])*)"', line)
    assert [re.sub(r"\\(.)", r"\1", each) for each in words] == [word, "--autostart"]
    autostart.set(False)
    assert not autostart.enabled()
    autostart.set(False)


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_elsewhere_the_desktops_own_settings_count(tmp_path: Path, line: str) -> None:
    autostart = FileAutostart(tmp_path, PROGRAM)
    autostart.set(True)
    with (tmp_path / "autostart" / "integrador.desktop").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    assert not autostart.enabled()
    autostart.set(True)
    assert autostart.enabled()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(AutostartRefused, match="Confira a permissão"):
        FileAutostart(tmp_path, PROGRAM).set(True)


@pytest.mark.skipif(sys.platform == "win32", reason="a file is written on Linux alone")
def test_the_file_is_in_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    this_autostart().set(True)
    content = (tmp_path / "autostart" / "integrador.desktop").read_text(encoding="utf-8")
    assert '"--autostart"' in content
