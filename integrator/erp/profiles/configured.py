"""The profile that the settings name, and what it can be asked while messages are sent."""

from __future__ import annotations

from pathlib import Path

from integrator.domain.errors import SettingsError
from integrator.erp.connection import Database
from integrator.erp.profiles.loader import Profile, load_profile
from integrator.erp.profiles.source import ProfileSource
from integrator.settings import Settings


def profile_of(settings: Settings, folder: Path) -> Profile:
    """The configured profile: a file, also one beside the configuration in ``folder``, or a shipped example's name."""
    named = settings.closing.profile
    if not named:
        raise SettingsError("Falta dizer como ler o ERP. Preencha [fechamento] perfil no config.toml.")
    beside = folder / named
    return load_profile(beside if beside.is_file() else named)


def title_checker(settings: Settings, folder: Path, database: Database) -> ProfileSource | None:
    """What asks the ERP about a title again before it is sent; None where our own closing is not used."""
    if not settings.closing.profile:
        return None
    return ProfileSource(database, profile_of(settings, folder))
