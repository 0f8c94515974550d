"""Where a rehearsal leaves what it shows, and how that goes away. Light: the daemon imports it at each start."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

FOLDER: Final = "ensaio"


def forget_rehearsal(folder: Path) -> None:
    """Delete what an earlier rehearsal left: it holds what customers owe, and is out of date once we send."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
