"""The check of the shop's own texts when the program starts, so that a slip is told once and not row by row."""

from __future__ import annotations

from integrator.domain.errors import SettingsError, TemplateError
from integrator.messages.catalogue import Texts
from integrator.messages.language import parse
from integrator.messages.values import debt_schema


def check_texts(texts: Texts) -> None:
    """Parse every text that may be sent. Raises :class:`SettingsError` naming the key of ``config.toml``.

    Only built-in variables count: those of a row belong to the text that the ERP writes in the same row.
    """
    schema = debt_schema()
    for key, source in _sources(texts):
        try:
            parse(source, schema)
        except TemplateError as error:
            raise SettingsError(f"[mensagens] {key}: {error.message}", detail=repr(error)) from error


def _sources(texts: Texts) -> tuple[tuple[str, str], ...]:
    if texts.same_for_both is not None:
        return (("vencidos", texts.same_for_both),)
    return ("vencidos", texts.overdue), ("a_vencer", texts.upcoming), ("vencidos_e_a_vencer", texts.both)
