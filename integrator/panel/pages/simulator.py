"""Simulador: the phones of the customers, live, while nothing is really sent."""

from __future__ import annotations

from typing import Final

from integrator.panel.routes import Page

PAGES: Final[tuple[Page, ...]] = ()
