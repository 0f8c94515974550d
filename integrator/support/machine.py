"""What the doctor asks of this computer, in one place, so that tests can stand in for any of it."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from integrator.support.program_files import missing_files


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _resolve(host: str) -> tuple[str, ...]:
    """The addresses of a name, each once; raises ``OSError`` (``socket.gaierror``) for an unknown one."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _knock(host: str, port: int, timeout_s: float) -> None:
    """Open and close a connection; raises ``OSError`` telling refused from unanswered."""
    socket.create_connection((host, port), timeout=timeout_s).close()


def _try_write(folder: Path) -> None:
    """Write a byte to a file of its own in ``folder`` and remove it; raises ``OSError``."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")
        file.flush()
        os.fsync(file.fileno())


def _loopback() -> None:
    """Listen on the loopback and connect to it, as panel and simulator do; raises ``OSError``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(2.0)
        with socket.create_connection(listener.getsockname()[:2], timeout=2.0):
            accepted, _ = listener.accept()
            accepted.close()


@dataclass(frozen=True, slots=True)
class Machine:
    """This computer; ``now`` is naive local time. Everything that touches disk or network may raise ``OSError``."""

    now: Callable[[], datetime] = datetime.now
    free_bytes: Callable[[Path], int] = _free_bytes
    try_write: Callable[[Path], None] = _try_write
    resolve: Callable[[str], tuple[str, ...]] = _resolve
    knock: Callable[[str, int, float], None] = _knock
    loopback: Callable[[], None] = _loopback
    missing_files: Callable[[], tuple[str, ...]] = missing_files
