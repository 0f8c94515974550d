"""Every password and token of the configured databases and numbers: what a log and a bundle must never show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from integrator.domain.errors import IntegratorError
from integrator.secrets import DATABASE_PASSWORD, database_password, read_secret
from integrator.settings import Settings


def known_secrets(settings: Settings | None) -> Iterator[str]:
    """Each secret that can be read; without settings that of the main database alone."""
    databases = (DATABASE_PASSWORD,) if settings is None else tuple(each.secret for each in settings.databases)
    for name in databases:
        with suppress(IntegratorError):
            yield database_password(name)[0]
    for number in () if settings is None else settings.numbers:
        for name in (number.secret, number.app_secret):
            with suppress(IntegratorError):
                yield read_secret(name) or ""
