"""Live pages: what changed is told to every open browser, which then fetches the parts that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrator.panel.premises import Panel


class Live:
    """Topics that changed, told to who listens. Used by any thread."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    def tell(self, topic: str) -> None:
        """Something of that topic changed: ``fila``, ``estado``, ``config``, ``registro``, ``simulador``."""

    def close(self) -> None:
        """End every open stream."""
