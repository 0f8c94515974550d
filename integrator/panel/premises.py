"""What all pages stand on: the configuration, the databases, the panel's own store, and the running engine."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from integrator.app import open_database
from integrator.domain.errors import SettingsError
from integrator.domain.message import Company
from integrator.erp.connection import Database
from integrator.erp.desk import Desk
from integrator.erp.queue import FirebirdQueue
from integrator.facade import Running
from integrator.panel.accounts.audit import Audit
from integrator.panel.accounts.sessions import Sessions
from integrator.panel.live import Live
from integrator.panel.store import PanelStore
from integrator.paths import PANEL_FILE
from integrator.policies import company_of
from integrator.sending.ports import Clock
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile

#: An attachment of ours stands no longer in the way of the ERP's backup than somebody looks at pages.
_LINGER_S = 5.0


@dataclass(frozen=True, slots=True)
class Shop:
    """One configured database as pages see it. ``settings`` has it as the only one."""

    settings: Settings
    database: Database

    @property
    def name(self) -> str:
        """As in ``[banco] nome``."""
        return self.settings.database.name

    @property
    def desk(self) -> Desk:
        """What people ask and decide."""
        return Desk(self.database)

    def queue(self, instance: str = "") -> FirebirdQueue:
        """The queue, to read messages from; it belongs to nobody, so that nothing can be reserved through it.

        ``instance`` is the number that it speaks of, that of ``[whatsapp]`` unless another is named.
        """
        return FirebirdQueue(
            self.database,
            owner="",
            instance=instance or self.settings.whatsapp.instance,
            fallback_company=company_of(self.settings),
        )

    def company(self) -> Company:
        """The shop as the ERP registers it, completed by ``[empresa]``."""
        return self.queue().companies()[0]


class Panel:
    """One per daemon. Used by any thread."""

    def __init__(self, config: ConfigFile, folder: Path, *, clock: Clock, running: Running) -> None:
        self.config = config
        self.folder = folder
        self.clock = clock
        self.running = running
        self.store = PanelStore(folder / PANEL_FILE)
        self.live = Live(self)
        self.sessions = Sessions(self.store, self.live.recheck)
        self.audit = Audit(self.store)
        self._lock = threading.Lock()
        self._version: str | None = None
        self._settings = Settings()
        self._problem: SettingsError | None = None
        self._shops: dict[str, Shop] = {}

    @property
    def settings(self) -> Settings:
        """Those of the file as it is now; while it cannot be used, the last ones that could."""
        self._refresh()
        return self._settings

    @property
    def config_problem(self) -> SettingsError | None:
        """Why the file as it is now cannot be used."""
        self._refresh()
        return self._problem

    def shops(self) -> tuple[Shop, ...]:
        """One per configured database. Empty while none is configured."""
        settings = self.settings
        with self._lock:
            return tuple(filter(None, (self._shop(settings, each.name) for each in settings.databases)))

    def close(self) -> None:
        """Let go of databases and store."""
        self.live.close()
        with self._lock:
            for shop in self._shops.values():
                shop.database.close()
            self._shops.clear()
        self.store.close()

    def forget_databases(self) -> None:
        """A password was stored anew: each database is attached to again with what is stored now."""
        with self._lock:
            for shop in self._shops.values():
                shop.database.close()
            self._shops.clear()

    def _refresh(self) -> None:
        with self._lock:
            try:
                version = self.config.read().version
                if version == self._version:
                    return
                self._version = version
                self._settings, self._problem = self.config.settings(), None
            except SettingsError as error:
                self._problem = error

    def _shop(self, settings: Settings, name: str) -> Shop | None:
        """The same attachment for as long as the same database is configured under that name."""
        own = settings.for_database(name)
        if not own.database.path:
            return None
        known = self._shops.get(name)
        if known is not None and known.settings.database == own.database:
            self._shops[name] = Shop(own, known.database)
        else:
            if known is not None:
                known.database.close()
            database = open_database(own)
            database.linger_s = _LINGER_S
            self._shops[name] = Shop(own, database)
        return self._shops[name]
