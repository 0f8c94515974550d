"""Histórico: what left, filtered, on the screen, as CSV and as PDF."""

from __future__ import annotations

from typing import Final

from integrator.panel.routes import Page

PAGES: Final[tuple[Page, ...]] = ()
