"""Shows a file or a folder in the system's own file manager."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from integrator.domain.errors import IntegratorError


class FolderNotShown(IntegratorError):
    """There is no file manager, or it did not start."""

    title = "Pasta não aberta"


def show_in_folder(path: Path) -> None:
    """The folder itself, or the one that the file is in. Raises :class:`FolderNotShown`; may take seconds."""
    try:
        _open(path)
    except (OSError, subprocess.SubprocessError) as error:
        raise FolderNotShown(f"Não consegui abrir a pasta. Ela está em {path}.", detail=repr(error)) from error


if sys.platform == "win32":

    def _open(path: Path) -> None:
        if path.is_dir():
            os.startfile(path)
        else:
            # One text: the Explorer does not understand the quotes that a list of arguments would get.
            subprocess.run(f'explorer /select,"{path}"', check=False)

else:

    def _open(path: Path) -> None:
        folder = path if path.is_dir() else path.parent
        subprocess.run(["xdg-open", str(folder)], check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
