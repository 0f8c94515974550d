"""Envio: days, hours, pace, limits, and the test number."""

from __future__ import annotations

from typing import Final

from integrator.panel.routes import Page

PAGES: Final[tuple[Page, ...]] = ()
