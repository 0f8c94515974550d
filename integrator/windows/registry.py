"""The few values of the Windows registry that the program writes, behind a port."""

from __future__ import annotations

import sys
from enum import Enum
from typing import Protocol


class Hive(Enum):
    """Whose values: everybody's, which only administrators change, or those of the user of this process."""

    MACHINE = "HKEY_LOCAL_MACHINE"
    USER = "HKEY_CURRENT_USER"


class Registry(Protocol):
    """Values by key and name. Methods raise :class:`OSError` where Windows refuses."""

    def read(self, hive: Hive, key: str, name: str) -> str | int | bytes | None:
        """The value; None when there is none, or it cannot be read."""
        ...

    def write(self, hive: Hive, key: str, name: str, value: str | int) -> None:
        """Set it; the key is created."""
        ...

    def delete(self, hive: Hive, key: str, name: str) -> None:
        """Remove the value; nothing happens when there is none."""
        ...


if sys.platform == "win32":
    import winreg

    _HIVES = {Hive.MACHINE: winreg.HKEY_LOCAL_MACHINE, Hive.USER: winreg.HKEY_CURRENT_USER}
    #: As 64-bit programs see it, whichever this one is.
    _VIEW = winreg.KEY_WOW64_64KEY

    class WindowsRegistry:
        """The registry of this computer."""

        def read(self, hive: Hive, key: str, name: str) -> str | int | bytes | None:
            """The value; None when there is none, or it cannot be read."""
            try:
                with winreg.OpenKey(_HIVES[hive], key, 0, winreg.KEY_QUERY_VALUE | _VIEW) as opened:
                    value: object = winreg.QueryValueEx(opened, name)[0]
            except OSError:
                return None
            return value if isinstance(value, str | int | bytes) else None

        def write(self, hive: Hive, key: str, name: str, value: str | int) -> None:
            """Set it; the key is created. Raises :class:`OSError`."""
            kind = winreg.REG_SZ if isinstance(value, str) else winreg.REG_DWORD
            with winreg.CreateKeyEx(_HIVES[hive], key, 0, winreg.KEY_SET_VALUE | _VIEW) as opened:
                winreg.SetValueEx(opened, name, 0, kind, value)

        def delete(self, hive: Hive, key: str, name: str) -> None:
            """Remove the value; nothing happens when there is none. Raises :class:`OSError`."""
            try:
                with winreg.OpenKey(_HIVES[hive], key, 0, winreg.KEY_SET_VALUE | _VIEW) as opened:
                    winreg.DeleteValue(opened, name)
            except FileNotFoundError:
                return
