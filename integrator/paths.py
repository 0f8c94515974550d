"""Where this installation keeps its files: one data folder, the same for every user of the machine on Windows.

And where the program has those that come with it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from integrator.private_file import FOLDER_MODE

#: The panel's memory in the data folder: people, sessions, versions of texts, keys.
PANEL_FILE: Final = "painel.db"
#: In the data folder while the engine of this computer is a service: no desktop takes its place when it is stopped.
SERVICE_MARK: Final = "servico.instalado"
_VARIABLE = "INTEGRATOR_DADOS"


def data_folder(chosen: Path | None = None) -> Path:
    """The data folder: ``chosen`` (``--dados``), else ``INTEGRATOR_DADOS``, else the system's place. Not created."""
    if chosen is not None:
        return chosen.absolute()
    named = os.environ.get(_VARIABLE, "")
    return Path(named).absolute() if named else _system_folder()


def ensure_data_folder(chosen: Path | None = None) -> Path:
    """The data folder, created if absent; on Linux only its owner may enter it."""
    folder = data_folder(chosen)
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    return folder


def config_file(chosen: Path | None = None) -> Path:
    """The default place of ``config.toml``."""
    return data_folder(chosen) / "config.toml"


def log_folder(chosen: Path | None = None) -> Path:
    """The folder of the daily log files."""
    return data_folder(chosen) / "registro"


def packaged(*parts: str) -> Path:
    """A file or folder that comes with the program, below ``integrator/``; it is there when frozen, too."""
    return Path(__file__).parent.joinpath(*parts)


def _system_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Integrador"
    base = os.environ.get("XDG_DATA_HOME", "")
    # The XDG specification says that a relative path there is to be ignored.
    root = Path(base) if base and Path(base).is_absolute() else Path.home() / ".local" / "share"
    return root / "integrador"
