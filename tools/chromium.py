"""Finds a Chromium for the tests that need a browser, or gets it by apt as root. Standard library only."""

import os
import shutil
from pathlib import Path

from tools import firebird_packages
from tools.messages import SetupError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


def locate() -> Path | None:
    """The first one that is installed."""
    return next((Path(found) for name in _NAMES if (found := shutil.which(name))), None)


def ensure() -> Path:
    """The browser to use. SetupError says how to get one."""
    found = locate()
    if found is None and shutil.which("apt-get") and os.name != "nt" and os.geteuid() == 0:
        print("Instalando o Chromium, o navegador dos testes do painel ...", flush=True)
        firebird_packages.apt_install("chromium", "libnss3-tools")  # the tools tell it which certificates to trust
        found = locate()
    if found is None:
        raise SetupError("Falta um navegador para os testes do painel.", "sudo apt-get install chromium")
    return found
