"""Every test here has a data folder of its own and none of the machine's variables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets everything with the test."""

    priority = 1.0

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.entries:
            raise PasswordDeleteError(username)
        del self.entries[service, username]


class NoKeyring(KeyringBackend):
    """A machine without keyring, as a Linux server."""

    priority = 0.0

    def __init__(self) -> None:
        """Without the base's, which reads options of the machine."""

    def get_password(self, service: str, username: str) -> str | None:
        raise NoKeyringError(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NoKeyringError(f"{service} {username} {len(password)}")

    def delete_password(self, service: str, username: str) -> None:
        raise NoKeyringError(f"{service} {username}")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of the test, not yet created."""
    for name in [name for name in os.environ if name.startswith("INTEGRATOR_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "dados"
    monkeypatch.setenv("INTEGRATOR_DADOS", str(folder))
    return folder


@pytest.fixture
def session_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a desktop, where it makes sense to look for a keyring."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")


@pytest.fixture
def no_keyring(session_bus: None) -> Iterator[None]:
    """Secrets have nowhere to go but the file."""
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def memory_keyring(session_bus: None) -> Iterator[MemoryKeyring]:
    """A working keyring, the test's own."""
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)
