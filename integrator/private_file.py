"""Files and folders that nobody but their owner may read, at any moment; files are replaced whole.

On Windows they are open to SYSTEM and the administrators, too.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

_TRIES: Final = 10
_BETWEEN_TRIES_S: Final = 0.05


def patiently(work: Callable[[], object]) -> None:
    """Replace or remove a file: Windows refuses while another program reads it, which takes an instant.

    Raises what ``work`` raises in the end.
    """
    for _again in range(_TRIES - 1):
        try:
            work()
        except PermissionError:
            time.sleep(_BETWEEN_TRIES_S)
        else:
            return
    work()


def write_private(path: Path, content: bytes, *, desktop: bool = False) -> None:
    """Write the file in place of the one that was there. Raises :class:`OSError`.

    ``desktop``: on Windows whoever the data folder lets in may read it, as a service writes it for the desktop's user.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    fresh = path.with_name(f"{path.name}.novo")
    fresh.unlink(missing_ok=True)
    # The permissions are narrowed while the file is still empty.
    fresh.touch(mode=0o600, exist_ok=False)
    if not desktop:
        restrict_file(fresh)
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    patiently(lambda: fresh.replace(path))


if sys.platform == "win32":
    from integrator.windows.rights import restrict

    #: There, 0o700 would be more than a mode: newer Pythons then cut the folder off from the rights of the one above.
    FOLDER_MODE = 0o777

    def restrict_file(path: Path) -> None:
        """Leave the file to its owner, and on Windows to SYSTEM and the administrators. Raises :class:`OSError`."""
        restrict(path)

    def restrict_folder(path: Path) -> None:
        """The same for a folder and what is created in it later."""
        restrict(path, folder=True)
else:
    FOLDER_MODE = 0o700

    def restrict_file(path: Path) -> None:
        """Leave the file to its owner, and on Windows to SYSTEM and the administrators. Raises :class:`OSError`."""
        path.chmod(0o600)

    def restrict_folder(path: Path) -> None:
        """The same for a folder and what is created in it later."""
        path.chmod(0o700)
