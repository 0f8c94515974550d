"""Clientes: who accepts to receive what, and the health of the register."""

from __future__ import annotations

from typing import Final

from integrator.panel.routes import Page

PAGES: Final[tuple[Page, ...]] = ()
