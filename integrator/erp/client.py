"""Which Firebird client library to load: the configured one, the one beside the program, or the system's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

#: Set by whoever starts the program with a client of its own beside it (the project's ``dev.py``).
_VARIABLE = "INTEGRATOR_FBCLIENT"
_FILE = "fbclient.dll" if sys.platform == "win32" else "libfbclient.so.2"


def client_library(configured: str) -> Path | None:
    """The library's path; None leaves the search to the system (registry and PATH, or the linker)."""
    if configured:
        return Path(configured)
    beside = (
        Path(sys.executable).parent / _FILE if getattr(sys, "frozen", False) else Path(os.environ.get(_VARIABLE, ""))
    )
    return beside if beside.is_file() else None
