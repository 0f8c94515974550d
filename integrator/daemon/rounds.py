"""All databases in turn on one thread, and the configuration looked at before each round.

What a person saved, by the panel or by hand, counts from the next round on: only the databases that it concerns are
opened anew. A configuration that cannot be used is told, and the last one that could stays in force.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from integrator.daemon.station import Premises, Station
from integrator.domain.errors import SettingsError
from integrator.facade import NumberStatus, StationStatus
from integrator.gateways.configured import SIMULATOR_FOLDER, simulator_folder
from integrator.installation.rehearsal_folder import FOLDER as REHEARSAL_FOLDER
from integrator.logs import log_event
from integrator.policies import check_settings
from integrator.sending.gateway import Pairable, Webhook
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile
from integrator.settings.panel import PanelSettings
from integrator.settings.sections import Engine, LogSettings

log = logging.getLogger(__name__)


class Rounds:
    """The running daemon (implements :class:`integrator.facade.Running`): :meth:`turn` belongs to one thread.

    ``load`` reads the settings of ``config``, of one database only where the program was started so. Raises
    :class:`SettingsError` for settings that cannot be used.
    """

    def __init__(
        self, settings: Settings, premises: Premises, config: ConfigFile, load: Callable[[], Settings]
    ) -> None:
        self.settings = settings
        self._premises = premises
        self._config = config
        self._load = load
        self._seen = config.read().version
        self._stopping = threading.Event()
        self._again = threading.Event()
        self._to_drop: SimpleQueue[str] = SimpleQueue()
        self._ring = deque(Station(settings.for_database(each.name), premises) for each in settings.databases)
        self.service = False
        self.waits = ""
        self.on_wake: Callable[[], None] = lambda: None
        self.on_end: Callable[[], object] = lambda: None
        self.on_settings: Callable[[Settings], None] = lambda _: None
        self.on_round: Callable[[], None] = lambda: None

    def open(self) -> None:
        """Open what can be opened now. Raises :class:`SettingsError` and what waiting does not mend."""
        for station in tuple(self._ring):
            station.open()

    def turn(self) -> None:
        """One round, or more when somebody asked meanwhile; each begins with another database. Never raises."""
        while not self._stopping.is_set():
            self._again.clear()
            self._drop()
            self._reload()
            for station in tuple(self._ring):
                if not self._stopping.is_set():
                    station.tick()
            self._ring.rotate(-1)
            self.on_round()
            if not self._again.is_set():
                return

    def stop(self) -> None:
        """Ask to stop: the row in hand is finished, no other is begun."""
        self._stopping.set()
        for station in tuple(self._ring):
            station.stop()

    def close(self) -> None:
        """Let go of every database."""
        for station in tuple(self._ring):
            station.close()

    def stations(self) -> tuple[StationStatus, ...]:
        names = [each.name for each in self.settings.databases]
        told = {status.database: status for status in (station.status() for station in tuple(self._ring))}
        return tuple(told[name] for name in names if name in told)

    def wake(self) -> None:
        self._again.set()
        self.on_wake()

    def end(self) -> None:
        self.on_end()

    def simulator(self) -> Path | None:
        asking = next((station for station in tuple(self._ring) if station.status().asks), None)
        if asking is not None:
            return asking.rehearsal_folder / REHEARSAL_FOLDER / SIMULATOR_FOLDER
        simulated = next((number for number in self.settings.numbers if number.engine is Engine.SIMULATOR), None)
        return None if simulated is None else simulator_folder(self._premises.folder, simulated)

    def numbers(self) -> tuple[NumberStatus, ...]:
        names = dict.fromkeys(n.instance for s in tuple(self._ring) for n in s.settings.numbers)
        running = ((name, self._premises.numbers.running(name)) for name in names)
        return tuple(
            NumberStatus(name, gateway.name, gateway.capabilities, gateway.condition(), gateway.sender())
            for name, gateway in running
            if gateway is not None
        )

    def pairing(self, instance: str) -> Pairable | None:
        gateway = self._premises.numbers.running(instance)
        return None if gateway is None else gateway.pairing()

    def webhook(self, instance: str) -> Webhook | None:
        gateway = self._premises.numbers.running(instance)
        return None if gateway is None else gateway.webhook()

    def reconnect(self, instance: str) -> None:
        self._to_drop.put(instance)
        self.wake()

    def _drop(self) -> None:
        """Stop the engines that are to be started anew; their databases open them at this round."""
        while not self._to_drop.empty():
            instance = self._to_drop.get()
            for station in tuple(self._ring):
                if any(number.instance == instance for number in station.settings.numbers):
                    station.close()
            self._premises.numbers.drop(instance)

    def _reload(self) -> None:
        try:
            version = self._config.read().version
            if version == self._seen:
                return
            self._seen = version
            settings = self._load()
            check_settings(settings)
            self._apply(settings)
        except SettingsError as error:
            log_event(log, "config_refused", level=logging.WARNING, message=error.message, detail=error.detail)

    def _apply(self, settings: Settings) -> None:
        """Stations whose settings stayed as they were go on undisturbed."""
        kept = {station.settings.database.name: station for station in self._ring}
        ring: list[Station] = []
        for each in settings.databases:
            own = settings.for_database(each.name)
            known = kept.get(each.name)
            if known is not None and _of_sending(known.settings) == _of_sending(own):
                ring.append(kept.pop(each.name))
            else:
                ring.append(Station(own, self._premises))
        for station in kept.values():
            station.close()
        self._premises.numbers.keep({n.instance for station in ring for n in station.settings.numbers})
        self._ring = deque(ring)
        self.settings = settings
        log_event(log, "config_changed", reopened=", ".join(kept) or "-")
        self.on_settings(settings)


def _of_sending(settings: Settings) -> Settings:
    """Without what no message depends on."""
    return settings.model_copy(update={"panel": PanelSettings(), "log": LogSettings()})
