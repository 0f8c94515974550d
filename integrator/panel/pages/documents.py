"""Documentos: what goes attached, how it looks, and what each creditor has of its own."""

from __future__ import annotations

from typing import Final

from integrator.panel.routes import Page

PAGES: Final[tuple[Page, ...]] = ()
