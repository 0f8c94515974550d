"""The port to the engine's thread: the desktop may have to begin it and to end it, and never looks inside."""

from __future__ import annotations

from typing import Protocol

from integrator.desktop.local_engine import Waiting


class Host(Protocol):
    """The engine's place in this process; the daemon implements it. Methods may be called from any thread."""

    def waiting(self) -> Waiting:
        """Whether the engine's thread runs here, and what it waits for."""
        ...

    def begin(self) -> None:
        """Run the engine here, unless another process of this computer does; nothing happens where it runs already."""
        ...

    def end(self) -> None:
        """Ask it to end: the row in hand is finished first. Returns at once."""
        ...

    def ended(self, seconds: float) -> bool:
        """Whether it ended within that time."""
        ...
