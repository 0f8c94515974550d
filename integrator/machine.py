"""Which computer this is: a digest that differs between computers, and the name that people know it by.

Windows has ``MachineGuid``, Linux ``/etc/machine-id``; where neither can be read, a file of our own in the data folder
serves, with the computer's name, because that file would travel with a copied folder. Only a digest is ever stored.
"""

from __future__ import annotations

import hashlib
import platform
import re
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

_OWN_FILE = "computador.id"
_LINUX = Path("/etc/machine-id")
_NAME_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Machine:
    """``id`` is a digest of 32 hexadecimal digits; ``name`` is for people only and may change."""

    id: str
    name: str


def this_machine(folder: Path) -> Machine:
    """The computer that runs this. ``folder`` keeps the id where the system has none. Raises ``OSError``."""
    name = platform.node() or "sem nome"
    return Machine(digest("computador", _system_id() or _own_id(folder, name)), name[:_NAME_LIMIT])


def digest(*pieces: str) -> str:
    """32 hexadecimal digits that tell these pieces from others."""
    return hashlib.sha256("\x00".join(("integrator", *pieces)).encode()).hexdigest()[:32]


if sys.platform == "win32":
    import winreg

    def _system_id() -> str:
        """``MachineGuid`` as a 64-bit program sees it, whichever this one is; empty when it cannot be read."""
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography", 0, access) as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0]).strip().lower()
        except OSError:
            return ""
else:

    def _system_id() -> str:
        """``/etc/machine-id``; empty where there is none yet, as in a fresh container ("uninitialized")."""
        try:
            text = _LINUX.read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            return ""
        return text if re.fullmatch(r"[0-9a-f]{32}", text) else ""


def _own_id(folder: Path, name: str) -> str:
    path = folder / _OWN_FILE
    try:
        kept = path.read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        kept = ""
    if not kept:
        kept = str(uuid.uuid4())
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(kept, encoding="ascii")
    return f"{kept} {name.lower()}"
