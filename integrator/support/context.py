"""What the checks share: where things are, the settings once they are read, and one database at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from integrator.settings import Settings
from integrator.support.machine import Machine

if TYPE_CHECKING:
    from integrator.erp.connection import Database

ReadSettings = Callable[[], Settings]


class Context:
    """Read by one check after the other. ``data`` may not exist; nothing here creates it.

    ``settings`` and ``database`` are opened at first use and raise the errors of :mod:`integrator.domain.errors`;
    whoever made the context closes it. ``has_contract`` is set by the check that found our tables complete.
    """

    def __init__(self, config: Path, data: Path, read_settings: ReadSettings, machine: Machine | None = None) -> None:
        self.config = config
        self.data = data
        self.machine = machine or Machine()
        self.has_contract = False
        self._read_settings = read_settings
        self._settings: Settings | None = None
        self._database: Database | None = None

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            self._settings = self._read_settings()
        return self._settings

    @property
    def database(self) -> Database:
        """The only configured database of these settings."""
        if self._database is None:
            from integrator.app import open_database

            self._database = open_database(self.settings)
        return self._database

    def of_database(self, name: str) -> Context:
        """The same computer, seen for one of several databases."""
        settings = self.settings
        return Context(self.config, self.data, lambda: settings.for_database(name), self.machine)

    def close(self) -> None:
        """Detach, if anything was attached. May hang with a frozen server: called under a time limit."""
        if self._database is not None:
            self._database.close()
