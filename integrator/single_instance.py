"""One integrator per data folder: a lock on a file, which the system releases however the process ends.

On Windows, too, a lock of a file holds for every session and user of the computer, services included, and for each
spelling of the folder's path: a named mutex would add nothing for the engine. The desktop, of which each session may
have one, uses mutexes (:mod:`integrator.desktop.single_instance`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from integrator.domain.errors import AlreadyRunning

#: Locked past the process id, so that others can read it: Windows forbids reading a locked byte.
_LOCKED_BYTE = 1024
_PID_DIGITS = 20
_FILE = "integrator.lock"


if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int, at: int = _LOCKED_BYTE) -> bool:
        """Lock the file while it is open here; False when another process has it, or this one by another opening.

        On Windows nobody else can then read the byte ``at``, which may lie behind the end of the file.
        """
        os.lseek(descriptor, at, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def try_lock(descriptor: int, at: int = _LOCKED_BYTE) -> bool:  # noqa: ARG001
        """Lock the file while it is open here; False when another process has it, or this one by another opening.

        On Windows nobody else can then read the byte ``at``, which may lie behind the end of the file.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_held(folder: Path) -> bool:
    """Whether an integrator holds the folder. Takes it for an instant to know: not for asking again and again."""
    if not (folder / _FILE).exists():
        return False
    try:
        InstanceLock(folder).release()
    except AlreadyRunning:
        return True
    return False


class InstanceLock:
    """Holds the data folder until :meth:`release`, the end of a ``with`` block, or the death of the process.

    Raises :class:`AlreadyRunning` when another process, or another lock of this one, holds it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / _FILE
        path.touch()
        # Not truncated on opening: the process id of the holder must stay.
        self._file = path.open("r+b", buffering=0)
        if not try_lock(self._file.fileno()):
            holder = self._file.read(_PID_DIGITS).decode("ascii", "replace").strip()
            self._file.close()
            raise AlreadyRunning(
                "O integrador já está em execução neste computador. Procure o ícone dele ao lado do relógio.",
                detail=f"data folder {folder}, process {holder or 'unknown'}",
            )
        self._file.truncate(0)
        self._file.write(str(os.getpid()).encode("ascii"))

    def release(self) -> None:
        """Let the folder go; a second call does nothing."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
