"""What a change is looked for in: databases, engines, configuration, log, and the simulator's ledger."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from integrator.domain.errors import IntegratorError
from integrator.erp.pulse import Pulse, read_pulse

if TYPE_CHECKING:
    from integrator.panel.premises import Panel, Shop

_AWAY_S: Final = 15.0
_LOGS: Final = "registro"
_LEDGER: Final = "ledger.jsonl"


class Looks:
    """Each call: the topics that changed since the one before, however long ago. What was never seen has changed.

    One thread at a time.
    """

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._seen: dict[str, object] = {}
        self._pulses: dict[str, Pulse] = {}
        self._away: dict[str, float] = {}

    def __call__(self) -> set[str]:
        panel = self._panel
        changed = set()
        if self._differs("config", _signature(panel.config.path)):
            changed |= {"config", "estado"}
        for shop in panel.shops():
            changed |= self._database(shop)
        if self._differs("stations", panel.running.stations()):
            changed.add("estado")
        if self._differs("log", _signature(_newest(panel.folder / _LOGS))):
            changed.add("registro")
        ledger = panel.running.simulator()
        if self._differs("ledger", _signature(ledger / _LEDGER if ledger else None)):
            changed.add("simulador")
        return changed

    def _database(self, shop: Shop) -> set[str]:
        name = shop.name
        if time.monotonic() < self._away.get(name, 0.0):
            return set()
        last = self._pulses.get(name)
        try:
            pulse = read_pulse(shop.database, last)
        except IntegratorError as error:
            self._away[name] = time.monotonic() + _AWAY_S
            return {"estado", "fila"} if self._differs(f"away {name}", error.message) else set()
        finally:
            shop.database.rest()
        self._pulses[name] = pulse
        changed = {"estado", "fila"} if self._differs(f"away {name}", "") else set()
        if last is None or pulse.queue != last.queue:
            changed.add("fila")
        if last is None or pulse.consents != last.consents:
            changed.add("clientes")
        if last is None or pulse.config != last.config:
            changed |= {"config", "estado", "fila"}
        if last is None or pulse.state != last.state:
            changed.add("estado")
        return changed

    def _differs(self, what: str, now: object) -> bool:
        before, self._seen[what] = self._seen.get(what, self), now
        return before != now


def _signature(path: Path | None) -> tuple[str, int, int]:
    """Name, size and time of a file; one that is not there has none."""
    try:
        status = path.stat() if path else None
    except OSError:
        status = None
    return (path.name, status.st_size, status.st_mtime_ns) if path and status else ("", 0, 0)


def _newest(folder: Path) -> Path | None:
    """The log of the last day that has one: names sort by date."""
    return max(folder.glob("*.log"), default=None)
