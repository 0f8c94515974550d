"""What windows, panel and commands may ask of a running engine; the daemon answers.

Every method may be called from any thread and answers at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StationStatus:
    """What one database's engine is doing. ``text`` is in Portuguese; ``problem`` is empty when there is none.

    ``asks`` is why nothing is sent from this installation and everything is only simulated; empty: it may send.
    """

    database: str
    text: str
    next_send: datetime | None = None
    problem: str = ""
    asks: str = ""


class Running(Protocol):
    """The running daemon."""

    def stations(self) -> tuple[StationStatus, ...]:
        """One per configured database, in the order of the configuration."""
        ...

    def wake(self) -> None:
        """Look at the queue and at the configuration now, not at the next tick."""
        ...

    def simulator(self) -> Path | None:
        """The folder of the simulator's ledger, while it is the WhatsApp engine."""
        ...
