"""A block document drawn with sample data and a long list: for who writes one, and the last check of a new one."""

from __future__ import annotations

from datetime import datetime

from integrator.documents.blocks.model import DocumentModel, Look
from integrator.domain.errors import MessageError, SettingsError
from integrator.domain.message import Company


def draw_sample(model: DocumentModel, look: Look, now: datetime, company: Company | None = None) -> bytes:
    """The PDF, with the letterhead of ``company`` or a sample one. Raises :class:`SettingsError`."""
    from integrator.documents.blocks.draw import draw_document
    from integrator.documents.blocks.sample import sample_values
    from integrator.messages.samples import SAMPLE_COMPANY

    try:
        return draw_document(model, company or SAMPLE_COMPANY, sample_values(model, now), look=look)
    except MessageError as error:
        raise SettingsError(
            f"O modelo não pôde ser desenhado com os dados de exemplo. {error.message}", detail=error.detail
        ) from error
