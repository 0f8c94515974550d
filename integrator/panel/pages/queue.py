"""Fila: what waits, what is held and why, and what a person decides about each message."""

from __future__ import annotations

from typing import Final

from integrator.panel.routes import Page

PAGES: Final[tuple[Page, ...]] = ()
