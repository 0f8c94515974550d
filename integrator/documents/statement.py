"""The "Demonstrativo de débitos" that goes with a collection message: what is overdue, what is to come, the totals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from integrator.documents.formats import slug
from integrator.domain.errors import DocumentError
from integrator.domain.message import Company, Customer, Title

_MAX_SLUG = 60


def draw_statement(company: Company, customer: Customer, titles: Sequence[Title], on: date) -> bytes:
    """The statement's PDF (A4) of the open titles among ``titles``, as of the day ``on``; equal input, equal bytes.

    Raises ``DocumentError`` when no title is open.
    """
    from integrator.documents.statement_pages import draw_pages

    still_open = [title for title in titles if title.open]
    if not still_open:
        raise DocumentError("Não há títulos em aberto para o demonstrativo de débitos.")
    still_open.sort(key=lambda title: (title.due, title.document, title.instalment, title.ref))
    return draw_pages(company, customer, still_open, on)


def statement_file_name(customer: Customer, on: date) -> str:
    """``demonstrativo-de-debitos-Jose-Goncalves-2026-11-20.pdf``: plain ASCII, safe on Windows."""
    name = (slug(customer.name) or slug(customer.code) or "cliente")[:_MAX_SLUG].rstrip("-._")
    return f"demonstrativo-de-debitos-{name}-{on:%Y-%m-%d}.pdf"
