"""Passwords and tokens: read from the environment, the system's keyring or a protected file, in this order.

Never in ``config.toml``, never in a log. A keyring belongs to one user of the system; where the program runs as a
service, or there is no keyring (a Linux server), the protected file of the data folder serves
(:mod:`integrator.secrets.protected_file`). Secrets are short: Windows' keyring holds 1280 characters.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from integrator.paths import data_folder
from integrator.secrets import protected_file

#: Name of the database password: ``INTEGRATOR_SENHA``.
DATABASE_PASSWORD: Final = "senha"
#: What Firebird and the ERPs install with; tried when nothing was stored, so that a connection is all one configures.
_FACTORY_PASSWORD: Final = "masterkey"

_log = logging.getLogger(__name__)
_listeners: list[Callable[[str], object]] = []


class Source(StrEnum):
    """Where a secret was found or kept, as people read it."""

    ENVIRONMENT = "variável de ambiente"
    KEYRING = "cofre de senhas do sistema"
    FILE = "arquivo protegido"
    FACTORY = "senha padrão do Firebird"


def tell_secrets_to(listener: Callable[[str], object]) -> None:
    """Tell ``listener`` every secret that this process reads or stores from now on: the log's masker must know them."""
    _listeners.append(listener)


def read_secret(name: str) -> str | None:
    """The secret ``name`` (lower case, ``senha``), or ``None`` when nobody stored it.

    Raises :class:`~integrator.domain.errors.SettingsError` when the protected file is there but cannot be read.
    """
    found = _find(name)
    return found[0] if found else None


def store_secret(name: str, value: str, *, machine: bool = False) -> Source:
    """Keep a secret in the keyring, else in the protected file; ``machine`` asks for the file, which services can read.

    Its copy in the other place is deleted, so that the new value is the one read. Says where it was kept.
    """
    _check(name)
    _tell(value)
    if not machine and _write_keyring(name, value):
        protected_file.delete(data_folder(), name)
        return Source.KEYRING
    protected_file.write(data_folder(), name, value)
    _delete_keyring(name)
    return Source.FILE


def move_to_machine(name: str) -> bool:
    """Move a secret from this user's keyring to the protected file, where services read it; whether there was one.

    Raises :class:`OSError`; the keyring then keeps it.
    """
    _check(name)
    value = _read_keyring(name)
    if not value:
        return False
    store_secret(name, value, machine=True)
    return True


def is_for_machine(name: str) -> bool:
    """Whether the protected file has that secret. Raises :class:`~integrator.domain.errors.SettingsError`."""
    _check(name)
    return protected_file.read(data_folder(), name) is not None


def delete_secret(name: str) -> None:
    """Forget a secret, wherever it was stored; an environment variable is beyond reach."""
    _check(name)
    _delete_keyring(name)
    protected_file.delete(data_folder(), name)


def database_password(name: str = DATABASE_PASSWORD) -> tuple[str, Source]:
    """The password of one ERP database and where it came from; the factory one, with a warning, when none is stored.

    A database without a password of its own under ``name`` has that of the main one: mostly they are of one server.
    """
    found = _find(name) or _find(DATABASE_PASSWORD)
    if found:
        return found
    _log.warning("Nenhuma senha do banco guardada: tentando a senha padrão do Firebird. Guarde a senha do seu banco.")
    return _FACTORY_PASSWORD, Source.FACTORY


def _find(name: str) -> tuple[str, Source] | None:
    found = _search(name)
    if found is not None:
        _tell(found[0])
    return found


def _tell(secret: str) -> None:
    for listener in _listeners:
        listener(secret)


def _search(name: str) -> tuple[str, Source] | None:
    _check(name)
    from_environment = os.environ.get(f"INTEGRATOR_{name.upper()}")
    if from_environment:
        return from_environment, Source.ENVIRONMENT
    from_keyring = _read_keyring(name)
    if from_keyring:
        return from_keyring, Source.KEYRING
    from_file = protected_file.read(data_folder(), name)
    return (from_file, Source.FILE) if from_file else None


def _check(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"not a secret's name: {name!r}")


def _service() -> str:
    """One entry per data folder: two installations on a machine do not share a password."""
    return f"Integrador ({data_folder()})"


def _has_keyring() -> bool:
    """Whether looking for a keyring can help: on Linux all of them need the session bus, which servers lack.

    ``keyring`` and its back ends take 100 ms and 11 MB there, so they are not even imported for nothing. A service of
    Windows has a keyring that no person's programs can read: what it stores goes to the file.
    """
    return not _lacks_keyring()


if sys.platform == "win32":
    from integrator.windows.user import is_system as _lacks_keyring

else:

    def _lacks_keyring() -> bool:
        chosen = ("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND")
        return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in chosen)


def _read_keyring(name: str) -> str | None:
    if not _has_keyring():
        return None
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_service(), name)
    except KeyringError as error:
        _log.debug("keyring cannot be read: %s", type(error).__name__)
        return None


def _write_keyring(name: str, value: str) -> bool:
    if not _has_keyring():
        return False
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_service(), name, value)
    except KeyringError as error:
        _log.debug("keyring cannot be written: %s", type(error).__name__)
        return False
    return True


def _delete_keyring(name: str) -> None:
    if not _has_keyring():
        return
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(_service(), name)
    except KeyringError as error:
        _log.debug("keyring had nothing to delete: %s", type(error).__name__)
