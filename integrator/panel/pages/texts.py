"""Mensagens: the text of every situation of every module, its switch and its preview."""

from __future__ import annotations

from typing import Final

from integrator.panel.routes import Page

PAGES: Final[tuple[Page, ...]] = ()
