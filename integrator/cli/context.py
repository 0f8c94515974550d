"""What every command shares: the chosen data folder and settings, the log, and the database."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from integrator.domain.errors import IntegratorError, SettingsError
from integrator.erp.connection import Database
from integrator.logs import log_event, setup_logging
from integrator.logs.masking import Masker
from integrator.paths import ensure_data_folder, log_folder
from integrator.secrets import tell_secrets_to
from integrator.settings import Settings
from integrator.settings.sections import LogLevel
from integrator.support.known_secrets import known_secrets

if TYPE_CHECKING:
    import typer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """``--config``, ``--dados`` and ``--banco`` as given."""

    config: Path | None
    data: Path | None
    database: str = ""

    def settings(self) -> Settings:
        """The settings, of the chosen database only when one was chosen; raises ``SettingsError``."""
        settings = Settings.load(self.config)
        return settings.for_database(self.database) if self.database else settings

    def folder(self) -> Path:
        """The data folder, created if absent. Raises ``SettingsError`` when it cannot be."""
        try:
            return ensure_data_folder(self.data)
        except OSError as error:
            raise SettingsError(
                f"Não consegui usar a pasta de dados {error.filename}. Confira o caminho e a permissão, ou escolha "
                "outra com --dados.",
                detail=repr(error),
            ) from error

    def start_log(self, settings: Settings) -> Masker:
        """Log to the data folder; passwords and tokens are masked, there and by the masker that is returned."""
        self.folder()
        detailed = settings.log.level is LogLevel.DETAILED
        masker = setup_logging(log_folder(self.data), detailed=detailed, days=settings.log.days)
        tell_secrets_to(masker.add_secret)
        for secret in known_secrets(settings):
            masker.add_secret(secret)
        return masker


def choose(config: Path | None, data: Path | None, database: str = "") -> Choice:
    """Remember the options for this run; child processes inherit the data folder."""
    if data is not None:
        os.environ["INTEGRATOR_DADOS"] = str(data.absolute())
    return Choice(config, data, database)


def choice_of(context: typer.Context) -> Choice:
    """The options of the running command."""
    chosen = context.find_root().obj
    assert isinstance(chosen, Choice)
    return chosen


@contextmanager
def database_of(context: typer.Context) -> Iterator[Database]:
    """The configured database, detached at the end; what goes wrong with it is in the log, too."""
    from integrator.app import open_database

    choice = choice_of(context)
    settings = choice.settings()
    choice.start_log(settings)
    database = open_database(settings)
    try:
        yield database
    except IntegratorError as error:
        log_event(log, "command_refused", level=logging.WARNING, message=error.message, detail=error.detail)
        raise
    finally:
        database.close()
