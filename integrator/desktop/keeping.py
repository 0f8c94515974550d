"""Where a window's passwords go: to the service where one sends the queue, else to this user's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from integrator.desktop.connection.saving import OwnKeeper, Saved, ServiceKeeper
from integrator.desktop.engine import Engine


@dataclass(frozen=True, slots=True)
class EngineKeeper:
    """Decides when something is kept: the window may be open before it is known who sends (implements ``Keeper``)."""

    engine: Engine
    has_service: Callable[[], bool]

    def keep(self, name: str, password: str) -> tuple[Callable[[], object], Saved]:
        keeper = ServiceKeeper(self.engine.keep_password) if self.has_service() else OwnKeeper()
        return keeper.keep(name, password)
