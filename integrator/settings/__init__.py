"""The configuration: ``config.toml``, then ``INTEGRATOR_*`` environment variables over it.

Every key has a working default, so that a database is all that must be configured. A variable of the environment
names section and key: ``INTEGRATOR_BANCO__SERVIDOR=srv01``. Passwords and tokens are never here:
:mod:`integrator.secrets`.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from integrator.domain.calendar import Week
from integrator.domain.errors import SettingsError
from integrator.domain.message import Purpose
from integrator.paths import config_file
from integrator.settings.calendar import CalendarSettings
from integrator.settings.closing import ClosingSettings
from integrator.settings.contents import DocumentSettings, MessageSettings, ModuleSettings
from integrator.settings.customers import CustomerSettings
from integrator.settings.environment import PREFIX, overlay
from integrator.settings.errors import problems_of, unknown_keys
from integrator.settings.panel import PanelSettings, SummarySettings
from integrator.settings.sections import (
    CompanySettings,
    DatabaseSettings,
    LogSettings,
    NumberSettings,
    OtherDatabaseSettings,
    OtherNumberSettings,
    QueueSettings,
    SendingSettings,
    WhatsAppSettings,
    key,
)
from integrator.settings.templates import TemplateSettings


class Settings(BaseSettings):
    """All settings: :meth:`load` reads them; the constructor takes sections by name and reads nothing."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, populate_by_name=True, str_strip_whitespace=True)

    database: DatabaseSettings = key("banco", DatabaseSettings())
    other_databases: tuple[OtherDatabaseSettings, ...] = key("outros_bancos", ())
    sending: SendingSettings = key("envio", SendingSettings())
    calendar: CalendarSettings = key("calendario", CalendarSettings())
    whatsapp: WhatsAppSettings = key("whatsapp", WhatsAppSettings())
    other_numbers: tuple[OtherNumberSettings, ...] = key("outros_numeros", ())
    messages: MessageSettings = key("mensagens", MessageSettings())
    modules: ModuleSettings = key("modulos", ModuleSettings())
    documents: DocumentSettings = key("documentos", DocumentSettings())
    templates: tuple[TemplateSettings, ...] = key("modelos_meta", ())
    queue: QueueSettings = key("fila", QueueSettings())
    closing: ClosingSettings = key("fechamento", ClosingSettings())
    customers: CustomerSettings = key("clientes", CustomerSettings())
    panel: PanelSettings = key("painel", PanelSettings())
    summary: SummarySettings = key("resumo", SummarySettings())
    log: LogSettings = key("registro", LogSettings())
    company: CompanySettings = key("empresa", CompanySettings())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """One source: what :meth:`load` merged. The package's own sources do not merge Portuguese keys one by one."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @model_validator(mode="after")
    def _collection_hours_are_lawful(self) -> Self:
        self.week(Purpose.COLLECTION)
        return self

    @model_validator(mode="after")
    def _database_names_differ(self) -> Self:
        names = [database.name for database in self.databases]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"há dois bancos com o nome “{twice}”: cada um em [[outros_bancos]] precisa de outro nome")
        return self

    @model_validator(mode="after")
    def _closing_has_a_profile(self) -> Self:
        told = self.closing.profile or any(database.profile for database in self.other_databases)
        if self.closing.enabled and not told:
            raise ValueError("[fechamento] ligado = true, mas falta dizer em perfil como ler o ERP")
        return self

    @model_validator(mode="after")
    def _numbers_differ(self) -> Self:
        seen: dict[str, str] = {}
        for number in self.numbers:
            twice = seen.setdefault(number.secret, number.instance)
            if twice is not number.instance:
                raise ValueError(f"há dois números com o nome “{twice}”: cada instancia precisa de outro nome")
        names = {database.name for database in self.databases}
        for other in self.other_numbers:
            if other.database and other.database not in names:
                raise ValueError(f"[[outros_numeros]] {other.instance}: não há banco com o nome “{other.database}”")
        return self

    @property
    def numbers(self) -> tuple[NumberSettings, ...]:
        """Every configured sender number: that of ``[whatsapp]`` first."""
        return (self.whatsapp, *self.other_numbers)

    def for_number(self, instance: str) -> Settings:
        """These settings with that number as the one of ``[whatsapp]``, and all the others as further ones.

        Raises :class:`SettingsError` for a name that no number has.
        """
        chosen = next((number for number in self.numbers if number.instance == instance), None)
        if chosen is None:
            names = ", ".join(number.instance for number in self.numbers)
            raise SettingsError(f"Não há número com o nome “{instance}” na configuração. Os que existem são: {names}.")
        others = tuple(_as_further(each) for each in self.numbers if each.instance != instance)
        return self.model_copy(update={"whatsapp": self._as_first(chosen), "other_numbers": others})

    def _as_first(self, number: NumberSettings) -> WhatsAppSettings:
        fields = {name: getattr(number, name) for name in NumberSettings.model_fields}
        return self.whatsapp.model_copy(update=fields)

    @property
    def databases(self) -> tuple[DatabaseSettings, ...]:
        """Every configured database: that of ``[banco]`` first."""
        return (self.database, *self.other_databases)

    @classmethod
    def load(cls, path: Path | None = None) -> Settings:
        """Read ``path``, else the file of ``INTEGRATOR_CONFIG``, else the data folder's ``config.toml`` if it exists.

        Raises :class:`SettingsError`, in Portuguese, naming each wrong key and its fix.
        """
        chosen = settings_file(path)
        named = path is not None or _path_from_environment() is not None
        return cls.of_text(_read(chosen) if named or chosen.exists() else "", chosen)

    @classmethod
    def of_text(cls, text: str, chosen: Path) -> Settings:
        """The settings that ``text`` makes as the content of the file ``chosen``, with the environment over it.

        Raises :class:`SettingsError` as :meth:`load` does.
        """
        data = overlay(_parsed(text, chosen), os.environ, cls)
        problems = unknown_keys(data, cls)
        if problems:
            raise _settings_error(problems, chosen)
        try:
            return cls(**data)
        except ValidationError as error:
            raise _settings_error(problems_of(error, cls), chosen) from error

    def for_database(self, name: str) -> Settings:
        """These settings with that database as the only one, its own number and its own profile.

        Raises :class:`SettingsError` for a name that no database has.
        """
        chosen = next((database for database in self.databases if database.name == name), None)
        if chosen is None:
            names = ", ".join(database.name for database in self.databases)
            raise SettingsError(f"Não há banco com o nome “{name}” na configuração. Os que existem são: {names}.")
        update: dict[str, object] = {"database": chosen, "other_databases": ()}
        main = self.database.name
        numbers = tuple(each for each in self.other_numbers if (each.database or main) == chosen.name)
        if isinstance(chosen, OtherDatabaseSettings):
            if chosen.instance:
                update["whatsapp"] = self._number_named(chosen.instance)
                numbers = tuple(each for each in numbers if each.instance != chosen.instance)
            update["closing"] = self.closing.model_copy(update={"profile": chosen.profile})
            # Without a profile of its own, that ERP fills the queue itself: there is nothing to close.
            closes = {"profile": chosen.profile, "enabled": self.closing.enabled and bool(chosen.profile)}
            update["closing"] = self.closing.model_copy(update=closes)
        return self.model_copy(update={**update, "other_numbers": numbers})

    def _number_named(self, instance: str) -> WhatsAppSettings:
        """The number of that name; one that has no section of its own is like that of ``[whatsapp]``."""
        found = next((number for number in self.numbers if number.instance == instance), None)
        if found is not None:
            return self._as_first(found)
        return self.whatsapp.model_copy(update={"instance": instance, "phone": "", "modules": ()})

    def week(self, purpose: Purpose, erp_uf: str = "") -> Week:
        """The week of ``purpose``; the state is that of the calendar, else of ``[empresa]``, else the ERP's.

        Raises :class:`SettingsError` when the collection hours pass that state's law.
        """
        return self.calendar.week(purpose, self.uf(erp_uf))

    def uf(self, erp_uf: str = "") -> str:
        """The shop's state, for holidays and laws; empty when nobody said it."""
        return self.calendar.uf or self.company.state or erp_uf.strip().upper()


def _as_further(number: NumberSettings) -> OtherNumberSettings:
    if isinstance(number, OtherNumberSettings):
        return number
    return OtherNumberSettings.model_construct(**{name: getattr(number, name) for name in NumberSettings.model_fields})


def settings_file(path: Path | None = None) -> Path:
    """The file that :meth:`Settings.load` reads; it may not exist."""
    return path or _path_from_environment() or config_file()


def _path_from_environment() -> Path | None:
    named = os.environ.get(f"{PREFIX}CONFIG", "")
    return Path(named) if named else None


def _read(path: Path) -> str:
    try:
        # Windows' Notepad may put a byte order mark first.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError(f"Não encontrei o arquivo de configuração {path}. Confira o caminho.") from error
    except OSError as error:
        raise SettingsError(
            f"Não consegui ler o arquivo de configuração {path}. Confira a permissão da pasta.", detail=str(error)
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"O arquivo {path} não está em UTF-8. Abra no Bloco de Notas e salve com a codificação UTF-8.",
            detail=str(error),
        ) from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"na linha {line[1]}" if line else "no fim do arquivo"
        raise SettingsError(
            f"O arquivo {path} tem um erro de escrita {where}. Textos vão entre aspas, e caminhos do Windows entre "
            "aspas simples: caminho = 'D:\\S4\\DADOS.FDB'.",
            detail=str(error),
        ) from error


def _settings_error(problems: list[str], path: Path) -> SettingsError:
    lines = "".join(f"\n- {problem}" if problem.endswith("?") else f"\n- {problem}." for problem in problems)
    return SettingsError(f"A configuração ({path} e variáveis {PREFIX}…) precisa de correção:{lines}")
