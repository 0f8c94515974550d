"""Every number sends by one gateway, where a test needs no more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from integrator.sending.gateway import Gateway
from integrator.settings.sections import NumberSettings


@dataclass(frozen=True, slots=True)
class OneEngine:
    """Implements :class:`integrator.daemon.station.Engines`."""

    only: Gateway

    def gateway(self, number: NumberSettings) -> Gateway:
        del number
        return self.only

    def running(self, instance: str) -> Gateway | None:
        del instance
        return self.only

    def drop(self, instance: str) -> None:
        """Its maker closes it."""

    def keep(self, instances: Collection[str]) -> None:
        """Its maker closes it."""
