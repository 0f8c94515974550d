"""How to start this program again: as a child of itself, from a shortcut, or as a task of Windows.

Packaged, it is two executables in one folder: ``Integrador`` has windows and no console, ``integrator-cli`` is the
command line. A child that is spoken to through pipes must be the second one: the first has no standard streams.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

CONSOLE: Final = "integrator-cli"
WINDOWED: Final = "Integrador" if sys.platform == "win32" else "integrador"
_SUFFIX: Final = ".exe" if sys.platform == "win32" else ""


def is_frozen() -> bool:
    """Whether this is the packaged program and not Python with the sources."""
    return bool(getattr(sys, "frozen", False))


def is_windowed() -> bool:
    """Whether this is the packaged program without a console."""
    return is_frozen() and Path(sys.executable).stem == WINDOWED


def command(*arguments: str) -> list[str]:
    """The command line with these arguments; it has standard streams, and on Windows a console unless refused one."""
    if is_frozen():
        return [str(_beside(CONSOLE)), *arguments]
    return [_python("python.exe"), "-m", "integrator", *arguments]


def windowed_command(*arguments: str) -> list[str]:
    """The desktop with these arguments: without a console."""
    if is_frozen():
        return [str(_beside(WINDOWED)), *arguments]
    return [_python("pythonw.exe"), "-m", "integrator", *arguments]


def home() -> Path:
    """The folder to start it in: that of the executables, or of the sources."""
    return Path(sys.executable).parent if is_frozen() else Path(__file__).resolve().parents[1]


def _beside(name: str) -> Path:
    return Path(sys.executable).with_name(f"{name}{_SUFFIX}")


def _python(name: str) -> str:
    """Python's executable of that name where it has two of them, as on Windows; else the running one."""
    other = Path(sys.executable).with_name(name)
    return str(other) if sys.platform == "win32" and other.is_file() else sys.executable
