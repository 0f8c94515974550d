"""What the Windows registry knows: installed Firebird servers, and the network drives of the users. Empty elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

_INSTANCES = r"SOFTWARE\Firebird Project\Firebird Server\Instances"


def firebird_folders() -> list[Path]:
    """The folders of installed Firebird servers, the 64-bit view of the registry first."""
    return [Path(folder) for folder in _instances()]


def users_drive(letter: str) -> str | None:
    """The network folder behind ``letter`` (``Z``) for some user of this computer who keeps it connected.

    A service has no drives of its own, and its session does not see those of the users; the registry does.
    """
    return next(iter(_remote_paths(letter)), None)


if sys.platform == "win32":
    import winreg

    def _instances() -> list[str]:
        found = []
        for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
            try:
                with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _INSTANCES, 0, winreg.KEY_READ | view) as key:
                    folder, _ = winreg.QueryValueEx(key, "DefaultInstance")
            except OSError:
                continue
            if folder and str(folder) not in found:
                found.append(str(folder))
        return found

    def _remote_paths(_letter: str) -> list[str]:
        found = []
        for user in _users():
            try:
                with winreg.OpenKey(winreg.HKEY_USERS, rf"{user}\Network\{_letter}") as key:
                    remote, _ = winreg.QueryValueEx(key, "RemotePath")
            except OSError:
                continue
            found.append(str(remote))
        return found

    def _users() -> list[str]:
        users: list[str] = []
        try:
            while True:
                users.append(winreg.EnumKey(winreg.HKEY_USERS, len(users)))
        except OSError:
            return users

else:

    def _instances() -> list[str]:
        return []

    def _remote_paths(_letter: str) -> list[str]:
        return []
