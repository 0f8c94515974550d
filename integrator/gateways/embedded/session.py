"""The folder of a session: whoever has its files is the shop's WhatsApp, so that only the program may read them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from integrator.domain.errors import AlreadyRunning, GatewayError
from integrator.single_instance import InstanceLock

DATABASE: Final = "sessao.db"


def exists(folder: Path) -> bool:
    """Whether a phone was ever paired with the session in ``folder``."""
    return (folder / DATABASE).is_file()


def make_private(folder: Path) -> None:
    """Create the folder, open to the program's user alone. Raises :class:`GatewayError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _restrict(folder)
    except OSError as error:
        raise GatewayError(
            "Não consigo criar ou proteger a pasta da sessão do WhatsApp. Confira a permissão na pasta de dados.",
            detail=repr(error),
        ) from error


def delete(folder: Path) -> None:
    """Forget the session. Raises :class:`GatewayError` when it is in use or cannot be deleted."""
    if not folder.is_dir():
        return
    try:
        with InstanceLock(folder):
            for path in folder.glob(f"{DATABASE}*"):
                path.unlink()
    except (AlreadyRunning, OSError) as error:
        raise GatewayError(
            "A sessão do WhatsApp está em uso e não pôde ser apagada. Espere um instante e tente de novo.",
            detail=repr(error),
        ) from error


if sys.platform == "win32":
    import getpass
    import subprocess

    _WHO = ("*S-1-5-18", "*S-1-5-32-544")  # the system and the administrators

    def _restrict(folder: Path) -> None:
        """Whatever is created in the folder inherits who may read it."""
        grants = [f"{who}:(OI)(CI)F" for who in (*_WHO, getpass.getuser())]
        command = ["icacls", str(folder), "/inheritance:r", "/grant:r", *grants]
        done = subprocess.run(command, capture_output=True, check=False, creationflags=subprocess.CREATE_NO_WINDOW)
        if done.returncode != 0:
            raise OSError(f"icacls returned {done.returncode}")
else:

    def _restrict(folder: Path) -> None:
        folder.chmod(0o700)
