"""Whether this computer ever wrote to a number: read beside the journal, from any thread."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from integrator.domain.phone import spellings


class Recipients:
    """Reads ``integrator.db``; knows nobody until there is one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None

    def knows(self, phone: str) -> bool:
        """Whether a part was ever posted to that number (E.164 digits), under any spelling.

        A journal that cannot be read knows nobody.
        """
        try:
            with self._lock:
                db = self._opened()
                return any(
                    db.execute("SELECT 1 FROM post WHERE destination = ? LIMIT 1", (each,)).fetchone() is not None
                    for each in spellings(phone)
                )
        except sqlite3.Error:
            return False

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            uri = f"{self._path.absolute().as_uri()}?mode=ro"
            self._db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5.0, check_same_thread=False)
        return self._db
