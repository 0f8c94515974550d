"""Confirmar: what waits for a person's yes, one by one or all."""

from __future__ import annotations

from typing import Final

from integrator.panel.routes import Page

PAGES: Final[tuple[Page, ...]] = ()
