"""Who may read and write files and folders on Windows, set through ``icacls``.

Users are named by security identifier (``S-1-5-…``) or as people write them (``LOJA\\maria``). A process that runs as
a service is SYSTEM itself: nobody further is let in by it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from integrator.windows.user import ADMINISTRATORS, SYSTEM

_FULL: Final = "F"
_MODIFY: Final = "M"
_INHERITED: Final = "(OI)(CI)"  # by the files and the folders inside


def restrict_command(path: Path, user: str, *, folder: bool) -> list[str]:
    """Leave ``path`` to SYSTEM, the administrators and ``user``; what is created in a folder is theirs, too."""
    who = dict.fromkeys((SYSTEM, ADMINISTRATORS, user))
    return _command(path, [_grant(each, _FULL, folder=folder) for each in who])


def allow_command(folder: Path, user: str) -> list[str]:
    """Let ``user`` change what is in the folder, beside SYSTEM and the administrators and whom it was opened to."""
    full = [_grant(each, _FULL, folder=True) for each in (SYSTEM, ADMINISTRATORS)]
    return _command(folder, [*full, _grant(user, _MODIFY, folder=True)])


def _grant(who: str, right: str, *, folder: bool) -> str:
    name = f"*{who}" if who.upper().startswith("S-1-") else who
    return f"{name}:{_INHERITED if folder else ''}{right}"


def _command(path: Path, grants: list[str]) -> list[str]:
    """``/inheritance:r`` drops what came from above, ``/grant:r`` replaces what the named ones had here."""
    return ["icacls", str(path), "/inheritance:r", "/grant:r", *grants]


if sys.platform == "win32":
    from integrator.windows.system_program import run_system_program
    from integrator.windows.user import current_sid

    def restrict(path: Path, *, folder: bool = False) -> None:
        """Leave ``path`` to SYSTEM, the administrators and the current user. Raises :class:`OSError`."""
        _run(restrict_command(path, current_sid(), folder=folder))

    def allow(folder: Path, user: str) -> None:
        """Let ``user`` change what is in the data folder, now and later. Raises :class:`OSError`."""
        _run(allow_command(folder, user))

    def _run(command: list[str]) -> None:
        code, _ = run_system_program(command)
        if code != 0:
            raise OSError(f"icacls returned {code}")
