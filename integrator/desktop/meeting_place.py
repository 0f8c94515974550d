"""Where the starts of the desktop find each other: the sign that one is open, and the address where it hears.

The system takes the sign down however the process ends, and its own permissions say who may speak: on Windows the user
of that desktop, SYSTEM and elevated administrators (a pipe with the usual rights); elsewhere who may enter the data
folder.

On Windows the sign is a mutex of the session, and a second one, of the whole computer, tells starts in other sessions
(Remote Desktop) that the desktop is open somewhere. Elsewhere one data folder has one desktop, by a lock on a file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path

#: Gives an address that is good inside the ``with`` block.
Place = Callable[[], AbstractContextManager[str]]


if sys.platform == "win32":
    from integrator.machine import digest
    from integrator.windows import mutex
    from integrator.windows.sessions import session_id

    FAMILY = "AF_PIPE"
    _PIPES = "\\\\.\\pipe\\"

    class Sign:
        """That the desktop is open, in this session and on this computer; ``address`` is where it hears."""

        def __init__(self, here: mutex.Mutex, anywhere: mutex.Mutex, address: str) -> None:
            self._both = (here, anywhere)
            self.address = address

        def close(self) -> None:
            """Take it down; a second call does nothing."""
            for each in self._both:
                each.close()

    def hang_out(folder: Path) -> Sign | None:
        """The sign of this session; None when it is out already. Raises :class:`OSError`."""
        name = _name(folder)
        here = mutex.Mutex(f"Local\\{name}")
        if not here.is_first:
            here.close()
            return None
        return Sign(here, mutex.Mutex(f"Global\\{name}"), _pipe(folder))

    def is_open_elsewhere(folder: Path) -> bool:
        """Whether another session of this computer has the desktop of that data folder open, and this one has not."""
        name = _name(folder)
        return mutex.is_out(f"Global\\{name}") and not mutex.is_out(f"Local\\{name}")

    def place_of(folder: Path) -> Place:
        """Where the desktop of this session hears, if there is one."""
        return _at(_pipe(folder))

    def places_of_all(folder: Path) -> list[Place]:
        """Where the desktops of all sessions hear; that of this one alone where pipes cannot be listed."""
        start = f"{_name(folder)}-"
        try:
            names = os.listdir(_PIPES)  # noqa: PTH208 - not a real folder
        except OSError:
            return [place_of(folder)]
        return [_at(_PIPES + name) for name in names if name.startswith(start)]

    def _at(address: str) -> Place:
        return lambda: nullcontext(address)

    def _pipe(folder: Path) -> str:
        return f"{_PIPES}{_name(folder)}-{session_id()}"

    def _name(folder: Path) -> str:
        return f"Integrador-{digest('desktop', os.path.normcase(folder.resolve()))[:16]}"

else:
    from integrator.single_instance import try_lock

    FAMILY = "AF_UNIX"
    _LOCK = "janelas.lock"
    _SOCKET = "janelas.sock"
    #: The system takes 107 bytes.
    _LONGEST = 100

    class Sign:
        """That the desktop is open; ``address`` is where it hears."""

        def __init__(self, lock: int, reached: AbstractContextManager[str]) -> None:
            self._lock = lock
            self._reached = reached
            self.address = reached.__enter__()
            Path(self.address).unlink(missing_ok=True)  # of a desktop that did not end by itself

        def close(self) -> None:
            """Take it down; a second call does nothing."""
            if self._lock >= 0:
                self._reached.__exit__(None, None, None)
                os.close(self._lock)
                self._lock = -1

    def hang_out(folder: Path) -> Sign | None:
        """The sign of this session; None when it is out already. Raises :class:`OSError`."""
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if try_lock(lock):
            return Sign(lock, _reach(folder))
        os.close(lock)
        return None

    def is_open_elsewhere(folder: Path) -> bool:  # noqa: ARG001 - the same question on every system
        """Whether another session has the desktop open: here a data folder has one, whatever the session."""
        return False

    def place_of(folder: Path) -> Place:
        """Where the desktop of this session hears, if there is one."""
        return partial(_reach, folder)

    def places_of_all(folder: Path) -> list[Place]:
        """Where the desktops of all sessions hear."""
        return [place_of(folder)]

    @contextmanager
    def _reach(folder: Path) -> Iterator[str]:
        """The socket's path; that of a folder deep down goes by the number under which the folder is open."""
        path = folder / _SOCKET
        if len(os.fsencode(path)) <= _LONGEST:
            yield str(path)
            return
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield f"/proc/self/fd/{opened}/{_SOCKET}"
        finally:
            os.close(opened)
