"""One integrator per data folder: a lock on a file, which the system releases however the process ends."""

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


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class InstanceLock:
    """Holds the data folder until :meth:`release`, the end of a ``with`` block, or the death of the process.

    Raises :class:`AlreadyRunning` when another process, or another lock of this one, holds it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "integrator.lock"
        path.touch()
        # Not truncated on opening: the process id of the holder must stay.
        self._file = path.open("r+b", buffering=0)
        if not _try_lock(self._file.fileno()):
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
