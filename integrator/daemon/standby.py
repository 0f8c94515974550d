"""The daemon while its settings cannot be used: nothing is sent, and the windows of this computer are answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from integrator.facade import NumberStatus, StationStatus
from integrator.sending.gateway import Pairable, Webhook


@dataclass(slots=True)
class Standby:
    """A daemon without databases and numbers (implements :class:`integrator.facade.Running`).

    ``waits`` says in Portuguese what for. ``again`` is set when somebody wants the settings looked at.
    """

    waits: str
    service: bool
    again: threading.Event
    on_end: Callable[[], object]

    def stations(self) -> tuple[StationStatus, ...]:
        return ()

    def wake(self) -> None:
        self.again.set()

    def end(self) -> None:
        self.on_end()
        self.again.set()

    def simulator(self) -> Path | None:
        return None

    def numbers(self) -> tuple[NumberStatus, ...]:
        return ()

    def pairing(self, instance: str) -> Pairable | None:
        del instance
        return None

    def webhook(self, instance: str) -> Webhook | None:
        del instance
        return None

    def reconnect(self, instance: str) -> None:
        """No engine runs."""
