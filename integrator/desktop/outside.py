"""Files and folders opened by the system's own programs, and files chosen in the system's own window."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tkinter as tk
from collections.abc import Sequence
from pathlib import Path
from tkinter import filedialog

from integrator.domain.errors import IntegratorError

#: A name for people, and the patterns of the files that it is for.
Kinds = Sequence[tuple[str, tuple[str, ...]]]


def open_outside(path: Path) -> None:
    """Open a file or a folder with what the system has for it. Raises :class:`IntegratorError` when it has nothing."""
    try:
        _open(path)
    except OSError as error:
        raise IntegratorError(
            f"Não consegui abrir {path}. Abra-o pelo gerenciador de arquivos.", detail=repr(error)
        ) from error


def pick_file(parent: tk.Misc, title: str, kinds: Kinds) -> str:
    """The path of the file that the person chose, as the system writes it; empty when none was."""
    chosen = filedialog.askopenfilename(parent=parent, title=title, filetypes=list(kinds))
    return str(Path(chosen)) if chosen else ""


if sys.platform == "win32":
    import os

    def _open(path: Path) -> None:
        os.startfile(path)
else:

    def _open(path: Path) -> None:
        opener = shutil.which("xdg-open")
        if opener is None:
            raise FileNotFoundError("xdg-open")
        subprocess.Popen(
            [opener, str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
