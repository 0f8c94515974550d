"""Where the ERP's database is, and as whom it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Target:
    """Where the database is. ``host`` empty means embedded; ``path`` is a server path or an alias.

    ``raw_text``: for reading an ERP's own tables. The attachment is NONE and every text cell (CHAR without its
    padding, VARCHAR, text blobs) arrives as the ``bytes`` that are stored. ``raw_encoding`` is then the Python codec
    in which statements and text parameters are written: that of the ERP.

    ``connect_timeout_s``: how long the port and the handshake may take; ``attach_timeout_s``: all of it, until the
    database is open. Both in seconds.
    """

    host: str
    port: int
    path: str
    user: str
    password: str
    client: Path | None = None
    role: str = ""
    connect_timeout_s: float = 5.0
    attach_timeout_s: float = 15.0
    raw_text: bool = False
    raw_encoding: str = "cp1252"

    @property
    def dsn(self) -> str:
        """The connection string for the client library."""
        return f"{self.host}/{self.port}:{self.path}" if self.host else self.path
