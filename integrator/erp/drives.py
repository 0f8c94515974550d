"""Network drives: ``Z:\\DADOS\\X.PDF`` means something only in the session of the user who connected ``Z:``.

A service, or the same program started as administrator, does not see that drive: paths are therefore turned into the
network's own names (``\\\\SERVIDOR\\pasta\\DADOS\\X.PDF``). A database on such a drive cannot be opened at all: only
the server that holds the file may.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from integrator.domain.errors import DatabaseRefused
from integrator.domain.fault import Fault
from integrator.erp.registry import users_drive

_LETTER = re.compile(r"([A-Za-z]):(?=[\\/]|$)")
_SHARE = re.compile(r"[\\/]{2}([^\\/]+)[\\/]+([^\\/]+)[\\/]*(.*)")
_THIS_COMPUTER = frozenset({"", "localhost", "127.0.0.1", "::1"})

#: The network folder behind a letter (``Z``), None for a disk of this computer.
Lookup = Callable[[str], str | None]


def to_unc(path: str, lookup: Lookup | None = None) -> str:
    """``path`` by the network's own name when its drive is a network folder, else ``path`` as it is."""
    found = _LETTER.match(path)
    share = (lookup or network_folder)(found.group(1).upper()) if found else None
    if found is None or not share:
        return path
    return share.rstrip("\\/") + path[found.end() :].replace("/", "\\")


def require_local_database(host: str, path: str, lookup: Lookup | None = None) -> None:
    """Raises :class:`DatabaseRefused`, naming the right server, when this computer would open a file of another's."""
    if host.strip().lower() not in _THIS_COMPUTER:
        return
    real = to_unc(path, lookup)
    share = _SHARE.match(real)
    if share is None:
        return
    computer, folder, rest = share.groups()
    seen = f"{real} (é o que {path[:2]} mostra neste computador)" if real != path else real
    raise DatabaseRefused(
        f"O banco está em uma pasta do computador {computer}, {seen}, e o Firebird só abre arquivos do próprio "
        f'computador. Ponha em [banco] servidor = "{computer}" e, em caminho, o lugar do arquivo dentro dele (a pasta '
        f"que ele compartilha como {folder}, e nela {rest}).",
        detail=f"{path} -> {real}",
        fault=Fault.NETWORK_FOLDER,
    )


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _LONGEST = 1024
    #: A disk of this computer may bear the letter that some user keeps for the network.
    _NO_ROOT_DIR = 1

    def network_folder(letter: str) -> str | None:
        """What ``letter`` (``Z``) is connected to: in this session, else for some user of this computer."""
        length = wintypes.DWORD(_LONGEST)
        remote = ctypes.create_unicode_buffer(_LONGEST)
        if ctypes.WinDLL("mpr").WNetGetConnectionW(f"{letter}:", remote, ctypes.byref(length)) == 0:
            return remote.value
        is_missing = ctypes.WinDLL("kernel32").GetDriveTypeW(f"{letter}:\\") == _NO_ROOT_DIR
        return users_drive(letter) if is_missing else None

else:

    def network_folder(letter: str) -> str | None:
        """Drives have letters on Windows alone."""
        return users_drive(letter)
