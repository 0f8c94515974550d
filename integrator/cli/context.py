"""What every command shares: the chosen data folder and settings, and how an error is told."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from integrator.domain.errors import IntegratorError
from integrator.erp.connection import Database
from integrator.logs import setup_logging
from integrator.paths import ensure_data_folder, log_folder
from integrator.secrets import database_password
from integrator.settings import Settings
from integrator.settings.sections import LogLevel


@dataclass(frozen=True, slots=True)
class Choice:
    """``--config`` and ``--dados`` as given."""

    config: Path | None
    data: Path | None

    def settings(self) -> Settings:
        """The settings; raises ``SettingsError``."""
        return Settings.load(self.config)

    def folder(self) -> Path:
        """The data folder, created if absent."""
        return ensure_data_folder(self.data)

    def start_log(self, settings: Settings, *, console: bool) -> None:
        """Log to the data folder and, if asked, to the console; the database's password is masked in both."""
        detailed = settings.log.level is LogLevel.DETAILED
        masker = setup_logging(log_folder(self.data), detailed=detailed, days=settings.log.days, console=console)
        masker.add_secret(database_password()[0])


def choose(config: Path | None, data: Path | None) -> Choice:
    """Remember the options for this run; child processes inherit the data folder."""
    if data is not None:
        os.environ["INTEGRATOR_DADOS"] = str(data.absolute())
    return Choice(config, data)


def choice_of(context: typer.Context) -> Choice:
    """The options of the running command."""
    chosen = context.find_root().obj
    assert isinstance(chosen, Choice)
    return chosen


@contextmanager
def database_of(context: typer.Context) -> Iterator[Database]:
    """The configured database, detached at the end."""
    from integrator.app import open_database

    database = open_database(choice_of(context).settings())
    try:
        yield database
    finally:
        database.close()


def tell_error(error: IntegratorError) -> None:
    """An error as people read it, on the error output."""
    print(f"{error.title}: {error.message}", file=sys.stderr)
