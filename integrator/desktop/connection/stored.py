"""What is kept of a connection now: the configuration's part, and what can be said of its password."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from integrator.desktop.connection.fields import Fields, Key
from integrator.domain.errors import SettingsError
from integrator.logs import log_event
from integrator.secrets import DATABASE_PASSWORD, Source, database_password
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile, fixed_by_environment
from integrator.settings.sections import DatabaseSettings, OtherDatabaseSettings

log = logging.getLogger(__name__)

_UNREADABLE: Final = "Não consegui ler a senha guardada: digite-a de novo."
#: Section and key names of the configuration file.
SECTION: Final = "banco"
OTHERS: Final = "outros_bancos"


@dataclass(frozen=True, slots=True)
class Password:
    """The password in force. ``source`` is FACTORY when nobody stored one; ``problem``: why it cannot be read."""

    value: str = field(default="", repr=False)
    source: Source = Source.FACTORY
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """One database as it is kept. ``names`` are all that are configured; ``version`` is the file's.

    ``fixed`` names the variable of the environment that wins over a key, which the file then cannot change.
    """

    name: str
    names: tuple[str, ...]
    fields: Fields
    role: str
    secret: str
    version: str
    password: Password
    fixed: Mapping[Key, str]

    @property
    def is_main(self) -> bool:
        """Whether it is the one of ``[banco]``."""
        return self.secret == DATABASE_PASSWORD

    @property
    def configured(self) -> bool:
        return bool(self.fields.path)


def stored(config: ConfigFile, name: str = "") -> Stored:
    """The database of that name, else the first. May take seconds (the keyring).

    Raises :class:`SettingsError` for a configuration that cannot be used.
    """
    version = config.read().version
    settings = config.settings()
    chosen = _named(settings, name)
    is_main = not isinstance(chosen, OtherDatabaseSettings)
    return Stored(
        chosen.name,
        tuple(each.name for each in settings.databases),
        fields_of(chosen),
        chosen.role,
        chosen.secret,
        version,
        _password(chosen.secret),
        {key: variable for key in Key if is_main and (variable := fixed_by_environment((SECTION, key.value)))},
    )


def fields_of(chosen: DatabaseSettings) -> Fields:
    """The configured values as they stand in the fields."""
    return Fields(chosen.server, str(chosen.port), chosen.path, chosen.user, chosen.client_library)


def _named(settings: Settings, name: str) -> DatabaseSettings:
    return next((each for each in settings.databases if each.name == name), settings.database)


def _password(secret: str) -> Password:
    try:
        return Password(*database_password(secret))
    except SettingsError as error:
        log_event(log, "password_unreadable", level=logging.WARNING, message=error.message, detail=error.detail)
        return Password(source=Source.FILE, problem=_UNREADABLE)
