"""A secret in a file of the data folder, for services and for machines without a keyring.

On Linux the file is its owner's alone (0600) and its text is plain. On Windows it is encrypted for the machine
(:mod:`integrator.secrets.dpapi`) and open to SYSTEM, the administrators and the user who stored it.
"""

from __future__ import annotations

import logging
import stat
import sys
from pathlib import Path

from integrator.domain.errors import SettingsError
from integrator.private_file import write_private

_log = logging.getLogger(__name__)


def read(folder: Path, name: str) -> str | None:
    """The secret, or ``None`` without a file. Raises :class:`SettingsError` when it cannot be read."""
    path = _path(folder, name)
    try:
        content = path.read_bytes()
        _warn_if_others_can_read(path)
        return _unprotect(content).decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"Não consegui ler a senha guardada em {path}. Guarde-a de novo com integrator senha, "
            "ou confira a permissão do arquivo.",
            detail=type(error).__name__,
        ) from error


def write(folder: Path, name: str, value: str) -> None:
    """Store the secret, atomically; nobody else can read the file at any moment."""
    write_private(_path(folder, name), _protect(value.encode("utf-8")))


def delete(folder: Path, name: str) -> None:
    """Remove the secret's file, if there is one."""
    _path(folder, name).unlink(missing_ok=True)


def _path(folder: Path, name: str) -> Path:
    return folder / "segredos" / f"{name}.bin"


def _warn_if_others_can_read(path: Path) -> None:
    if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        _log.warning("Outros usuários podem ler a senha em %s. Corrija com: chmod 600 %s", path, path)


if sys.platform == "win32":
    from integrator.secrets.dpapi import protect as _protect
    from integrator.secrets.dpapi import unprotect as _unprotect
else:

    def _protect(content: bytes) -> bytes:
        return content

    def _unprotect(content: bytes) -> bytes:
        return content
