"""Passwords come from the environment, the keyring or a protected file, and never from nowhere in silence."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from integrator.domain.errors import SettingsError
from integrator.secrets import Source, database_password, delete_secret, read_secret, store_secret
from tests.config.conftest import MemoryKeyring

on_linux = pytest.mark.skipif(sys.platform == "win32", reason="file permissions of Linux")


def secret_file(data: Path) -> Path:
    return data / "segredos" / "senha.bin"


@pytest.mark.feature("S18")
def test_a_stored_password_is_read_back_from_the_keyring(memory_keyring: MemoryKeyring, data: Path) -> None:
    assert store_secret("senha", "çãé!") is Source.KEYRING
    assert database_password() == ("çãé!", Source.KEYRING)
    assert not secret_file(data).exists()


@pytest.mark.feature("S18")
def test_without_a_keyring_the_password_goes_to_the_protected_file(no_keyring: None) -> None:
    assert store_secret("senha", "çãé!") is Source.FILE
    assert database_password() == ("çãé!", Source.FILE)


def test_the_environment_wins(memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    store_secret("senha", "guardada")
    monkeypatch.setenv("INTEGRATOR_SENHA", "do ambiente")
    assert database_password() == ("do ambiente", Source.ENVIRONMENT)


def test_a_new_password_replaces_the_old_one_wherever_that_was(memory_keyring: MemoryKeyring, data: Path) -> None:
    store_secret("senha", "do cofre")
    assert store_secret("senha", "do arquivo", machine=True) is Source.FILE
    assert read_secret("senha") == "do arquivo"
    store_secret("senha", "do cofre outra vez")
    assert read_secret("senha") == "do cofre outra vez"
    assert not secret_file(data).exists()


@pytest.mark.feature("S18")
@pytest.mark.usefixtures("no_keyring")
def test_with_nothing_stored_the_factory_password_is_tried_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert database_password() == ("masterkey", Source.FACTORY)
    assert caplog.record_tuples == [
        (
            "integrator.secrets",
            logging.WARNING,
            "Nenhuma senha do banco guardada: tentando a senha padrão do Firebird. Guarde a senha do seu banco.",
        )
    ]


@pytest.mark.usefixtures("no_keyring")
def test_no_other_secret_has_a_default() -> None:
    assert read_secret("token_evolution") is None


@pytest.mark.parametrize("machine", [False, True])
def test_a_deleted_secret_is_gone(memory_keyring: MemoryKeyring, machine: bool) -> None:
    store_secret("senha", "x", machine=machine)
    delete_secret("senha")
    delete_secret("senha")
    assert read_secret("senha") is None


def test_two_data_folders_do_not_share_a_password(
    memory_keyring: MemoryKeyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_secret("senha", "da primeira")
    monkeypatch.setenv("INTEGRATOR_DADOS", str(tmp_path / "outra"))
    assert read_secret("senha") is None


@on_linux
def test_the_file_is_its_owners_alone(no_keyring: None, data: Path) -> None:
    store_secret("senha", "x")
    assert stat.S_IMODE(secret_file(data).stat().st_mode) == 0o600
    assert stat.S_IMODE(secret_file(data).parent.stat().st_mode) == 0o700


@on_linux
def test_a_file_that_others_can_read_is_warned_about(
    no_keyring: None, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store_secret("senha", "x")
    secret_file(data).chmod(0o644)
    assert read_secret("senha") == "x"
    assert "chmod 600" in caplog.text


@on_linux
def test_a_file_that_cannot_be_read_is_an_error_and_no_reason_to_try_the_factory_password(
    no_keyring: None, data: Path
) -> None:
    store_secret("senha", "x")
    secret_file(data).write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="Guarde-a de novo"):
        database_password()


@pytest.mark.parametrize("name", ["../senha", "Senha", "", "a b"])
def test_a_name_cannot_leave_the_folder(name: str) -> None:
    with pytest.raises(ValueError, match="not a secret's name"):
        read_secret(name)


@on_linux
def test_a_server_without_session_bus_does_not_even_import_keyring(data: Path) -> None:
    code = (
        "import sys; from integrator.secrets import delete_secret, read_secret, store_secret; "
        "store_secret('senha', 'x'); print(read_secret('senha')); delete_secret('senha'); "
        "print(read_secret('senha'), 'keyring' in sys.modules)"
    )
    environment = {"INTEGRATOR_DADOS": str(data), "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "x\nNone False\n"
