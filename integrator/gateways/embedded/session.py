"""The folder of a session: whoever has its files is the shop's WhatsApp, so that only the program may read them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from integrator.domain.errors import AlreadyRunning, GatewayError
from integrator.private_file import FOLDER_MODE, restrict_folder
from integrator.single_instance import InstanceLock

DATABASE: Final = "sessao.db"
_NUMBER: Final = "numero.txt"


def paired_number(folder: Path) -> str:
    """The number (E.164 digits) whose phone is paired with the session in ``folder``; empty when none is."""
    try:
        return (folder / _NUMBER).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def remember_number(folder: Path, number: str) -> None:
    """A phone was paired. Raises :class:`OSError`."""
    if paired_number(folder) != number:
        fresh = folder / f"{_NUMBER}.novo"
        fresh.write_text(number, encoding="ascii")
        fresh.replace(folder / _NUMBER)


def forget_number(folder: Path) -> None:
    """No phone is paired any more; the rest of the files go when the worker has let go of them."""
    (folder / _NUMBER).unlink(missing_ok=True)


def make_private(folder: Path) -> None:
    """Create the folder, open to the program's user alone. Raises :class:`GatewayError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        restrict_folder(folder)
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
            (folder / _NUMBER).unlink(missing_ok=True)
            for path in folder.glob(f"{DATABASE}*"):
                path.unlink()
    except (AlreadyRunning, OSError) as error:
        raise GatewayError(
            "A sessão do WhatsApp está em uso e não pôde ser apagada. Espere um instante e tente de novo.",
            detail=repr(error),
        ) from error
