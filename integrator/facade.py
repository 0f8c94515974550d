"""What windows, panel and commands may ask of a running engine; the daemon answers.

Every method may be called from any thread and answers at once, those about a number within seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from integrator.sending.gateway import Capabilities, Condition, Pairable, Webhook


@dataclass(frozen=True, slots=True)
class StationStatus:
    """What one database's engine is doing. ``text`` is in Portuguese; ``problem`` is empty when there is none.

    ``asks`` is why nothing is sent from this installation and everything is only simulated; empty: it may send.
    ``waiting``: messages that are due, None while that is not known. ``paused_until``: the end of a person's pause,
    ``datetime.max`` for one without an end.
    """

    database: str
    text: str
    next_send: datetime | None = None
    problem: str = ""
    asks: str = ""
    waiting: int | None = None
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NumberStatus:
    """A sender number whose engine runs. ``number`` is the paired one, E.164 digits, empty when none."""

    instance: str
    engine: str
    capabilities: Capabilities
    condition: Condition
    number: str


class Running(Protocol):
    """The running daemon."""

    @property
    def service(self) -> bool:
        """Whether it runs as a service, without anybody's desktop."""
        ...

    @property
    def waits(self) -> str:
        """Why it does not work yet, in Portuguese: its settings cannot be used. Empty: it works."""
        ...

    def stations(self) -> tuple[StationStatus, ...]:
        """One per configured database, in the order of the configuration."""
        ...

    def wake(self) -> None:
        """Look at the queue and at the configuration now, not at the next tick."""
        ...

    def end(self) -> None:
        """Ask the whole program to end: the row in hand is finished first."""
        ...

    def simulator(self) -> Path | None:
        """The folder of the simulator's ledger, while one is in use: as a number's engine, or for a rehearsal."""
        ...

    def numbers(self) -> tuple[NumberStatus, ...]:
        """The numbers whose engines run; none while no database may be sent from."""
        ...

    def pairing(self, instance: str) -> Pairable | None:
        """What pairs that number; None while its engine does not run, and for one that is not paired."""
        ...

    def webhook(self, instance: str) -> Webhook | None:
        """What takes the webhooks of that number's engine; None while it does not run, and where it has none."""
        ...

    def reconnect(self, instance: str) -> None:
        """Start that number's engine anew: its token changed."""
        ...
