"""Coming in and going out: login, first access, one-time link."""

from __future__ import annotations

from typing import Final

from integrator.panel.routes import Page

PAGES: Final[tuple[Page, ...]] = ()
