"""A file that grows by whole pieces, though several processes add to it at the same time."""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path
from typing import Final

if sys.platform == "win32":
    from integrator.windows.append import open_to_append
else:

    def open_to_append(path: Path) -> int:
        """A descriptor whose every ``os.write`` goes to the end of the file. Raises :class:`OSError`."""
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)


#: Who reads a file while another process writes to it may see half a record; no writing lasts so long.
_AT_REST_S: Final = 5.0


class AppendFile:
    """Each piece is one call of the system, which puts it behind whatever stands there then."""

    def __init__(self, path: Path) -> None:
        """Open the file, made where there is none. Raises :class:`OSError`."""
        self._descriptor = open_to_append(path)
        self._torn = _was_left_within_a_line(path)

    @property
    def torn(self) -> bool:
        """The file ends within a line, which nobody goes on with."""
        return self._torn

    @property
    def gone(self) -> bool:
        """Somebody removed the file: what is written now nobody will read. Raises :class:`OSError`."""
        return os.fstat(self._descriptor).st_nlink == 0

    def write(self, lines: bytes) -> None:
        """Add whole lines; they begin one of their own whatever stood before. Raises :class:`OSError`.

        A disk that fills up may take a part of them; that is an error, too.
        """
        wanted = b"\n" + lines if self._torn else lines
        written = os.write(self._descriptor, wanted)
        if written < len(wanted):
            self._torn = self._torn or written > 0
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._torn = False

    def close(self) -> None:
        """Close it; a failure changes nothing for who wrote."""
        try:
            os.close(self._descriptor)
        except OSError:  # a network drive that went away
            return


def _was_left_within_a_line(path: Path) -> bool:
    """After a disk that filled up, or a computer that lost its power."""
    try:
        if time.time() - path.stat().st_mtime < _AT_REST_S:
            return False
        with path.open("rb") as source:
            if source.seek(0, os.SEEK_END) == 0:
                return False
            source.seek(-1, os.SEEK_END)
            return source.read(1) != b"\n"
    except OSError:  # it may be written to and not be read
        return False
