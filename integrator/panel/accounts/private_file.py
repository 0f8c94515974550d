"""Files that nobody but their owner may read, at any moment; replaced whole.

On Windows they are open to SYSTEM and the administrators, too.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def write_private(path: Path, content: bytes, *, desktop: bool = False) -> None:
    """Write the file in place of the one that was there. Raises :class:`OSError`.

    ``desktop``: on Windows whoever the data folder lets in may read it, as a service writes it for the desktop's user.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.novo")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600, exist_ok=False)
    if not desktop:
        _restrict(fresh)
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


if sys.platform == "win32":
    from integrator.secrets.dpapi import restrict as _restrict
else:

    def _restrict(path: Path) -> None:
        path.chmod(0o600)
