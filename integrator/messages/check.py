"""The check of the shop's own texts when the program starts, so that a slip is told once and not row by row."""

from __future__ import annotations

from integrator.domain.errors import SettingsError, TemplateError
from integrator.messages.language import parse
from integrator.messages.schema import Schema


def check_text(place: str, source: str, schema: Schema) -> None:
    """Parse a text that may be sent. Raises :class:`SettingsError` naming its ``place`` in ``config.toml``.

    Only the catalogue's variables count: those of a row belong to the text that the ERP writes in the same row.
    """
    try:
        parse(source, schema)
    except TemplateError as error:
        raise SettingsError(f"{place}: {error.message}", detail=repr(error)) from error
