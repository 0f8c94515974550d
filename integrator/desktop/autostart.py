"""Whether the desktop starts with the computer: one entry, and a switch that every user may use.

On Windows the installer writes the entry for everybody (``HKLM\\…\\Run``), which an ordinary user cannot remove.
Switched off, a value of the user's own says so, and a start by the entry ends at once; switched on, that value goes
away, and where the entry is missing or was disabled in the Task Manager the user gets one of their own.
Elsewhere it is a file in the user's ``autostart`` folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from integrator.domain.errors import IntegratorError
from integrator.program import windowed_command
from integrator.windows.registry import Hive, Registry

AUTOSTART: Final = "--autostart"
ENTRY: Final = "Integrador"
RUN: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED: Final = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
OWN: Final = r"Software\Integrador"
MARK: Final = "IniciarComWindows"
_DESKTOP_FILE: Final = "integrador.desktop"


class AutostartRefused(IntegratorError):
    """The system did not take the change."""

    title = "Início automático não alterado"


class Autostart(Protocol):
    """The switch "Iniciar com o Windows"."""

    def enabled(self) -> bool:
        """Whether the desktop starts by itself."""
        ...

    def set(self, on: bool) -> None:
        """Switch it. Raises :class:`AutostartRefused`."""
        ...

    def allows_start(self) -> bool:
        """Whether a start by the entry (``--autostart``) may go on, or ends at once since this user switched it off."""
        ...


def this_autostart() -> Autostart:
    """The switch of this system and user."""
    command = windowed_command(AUTOSTART)
    if sys.platform == "win32":
        from integrator.windows.registry import WindowsRegistry

        return RegistryAutostart(WindowsRegistry(), command)
    base = os.environ.get("XDG_CONFIG_HOME", "")
    return FileAutostart(Path(base) if base else Path.home() / ".config", command)


class RegistryAutostart:
    """The switch on Windows."""

    def __init__(self, registry: Registry, command: Sequence[str]) -> None:
        self._registry = registry
        self._command = subprocess.list2cmdline(command)

    def enabled(self) -> bool:
        """Whether the desktop starts by itself: an entry that works, and no word of this user against it."""
        return self.allows_start() and (self._works(Hive.MACHINE) or self._works(Hive.USER))

    def set(self, on: bool) -> None:
        """Switch it for this user. Raises :class:`AutostartRefused`."""
        try:
            if on:
                self._switch_on()
            else:
                self._registry.write(Hive.USER, OWN, MARK, 0)
                self._registry.delete(Hive.USER, RUN, ENTRY)
        except OSError as error:
            raise AutostartRefused(
                "O Windows não aceitou mudar o início automático. Uma regra da empresa ou o antivírus pode impedir: "
                "peça a quem administra este computador.",
                detail=repr(error),
            ) from error

    def allows_start(self) -> bool:
        """Whether this user has not switched it off."""
        return self._registry.read(Hive.USER, OWN, MARK) != 0

    def _switch_on(self) -> None:
        self._registry.delete(Hive.USER, OWN, MARK)
        if not self._works(Hive.MACHINE):
            self._registry.write(Hive.USER, RUN, ENTRY, self._command)
            self._registry.delete(Hive.USER, APPROVED, ENTRY)

    def _works(self, hive: Hive) -> bool:
        """The Task Manager leaves an entry where it is and notes beside it, in an odd first byte, that it is off."""
        noted = self._registry.read(hive, APPROVED, ENTRY)
        is_off = isinstance(noted, bytes) and bool(noted) and bool(noted[0] & 1)
        return bool(self._registry.read(hive, RUN, ENTRY)) and not is_off


class FileAutostart:
    """The switch of the desktops that follow freedesktop.org; ``base`` is the user's folder of configurations."""

    def __init__(self, base: Path, command: Sequence[str]) -> None:
        self._path = base / "autostart" / _DESKTOP_FILE
        self._command = command

    def enabled(self) -> bool:
        """Whether the file is there and no desktop's own settings have hidden it."""
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return False
        return not {"Hidden=true", "X-GNOME-Autostart-enabled=false"} & {line.strip() for line in lines}

    def set(self, on: bool) -> None:
        """Write or remove the file. Raises :class:`AutostartRefused`."""
        try:
            if on:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.write_text(self._content(), encoding="utf-8")
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            raise AutostartRefused(
                f"Não consegui mudar {self._path}. Confira a permissão desse arquivo e da pasta dele.",
                detail=repr(error),
            ) from error

    def allows_start(self) -> bool:
        """A file that is not there starts nothing."""
        return True

    def _content(self) -> str:
        command = " ".join(_quoted(word) for word in self._command)
        return (
            f"[Desktop Entry]\nType=Application\nName={ENTRY}\nComment=Mensagens do seu ERP por WhatsApp\n"
            f"Exec={command}\nTerminal=false\n"
        )


def _quoted(word: str) -> str:
    """A word of an ``Exec`` line: quoted, its signs escaped once as an argument and once as a value of the file."""
    for sign in ("\\", '"', "`", "$"):
        word = word.replace(sign, f"\\{sign}")
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'
