"""The programs by which windows, installer and packages are tried: a display, a window manager, NSIS and wine.

From apt, as root; elsewhere a note: the tests that need one of them are skipped with that reason.
"""

import os
import shutil
from typing import Final

from tools import firebird_packages

#: Each program, and the package of Debian that has it.
_PACKAGES: Final = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "trayer": "trayer",
    "makensis": "nsis",
    "wine": "wine wine64",
}


def ensure() -> None:
    """Install what is missing; what cannot be had is told."""
    if os.name == "nt":
        return
    missing = " ".join(package for program, package in _PACKAGES.items() if shutil.which(program) is None)
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get") is not None:
        print("Instalando o que os testes das janelas e do instalador usam ...", flush=True)
        firebird_packages.apt_install(*missing.split())
    if any(shutil.which(program) is None for program in _PACKAGES):
        print(f"Aviso: sem estes pacotes há testes que não rodam. Para ter: sudo apt-get install {missing}")
