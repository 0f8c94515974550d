"""The panel beside the engine: begun when it is on, begun anew when its settings change, never in the engine's way."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from integrator.domain.errors import IntegratorError
from integrator.facade import Running
from integrator.logs import log_event
from integrator.sending.ports import Clock
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile

if TYPE_CHECKING:
    from integrator.settings.panel import PanelSettings

log = logging.getLogger(__name__)


class PanelService:
    """Serves the panel according to ``[painel]``. What goes wrong with it is logged; messages are sent all the same."""

    def __init__(self, config: ConfigFile, folder: Path, *, clock: Clock, running: Running) -> None:
        self._config = config
        self._folder = folder
        self._clock = clock
        self._running = running
        self._chosen: PanelSettings | None = None
        self._held = ExitStack()

    def apply(self, settings: Settings) -> None:
        """Serve as those settings say. Never raises."""
        if settings.panel == self._chosen:
            return
        self.close()
        self._chosen = settings.panel
        if not settings.panel.on:
            return
        try:
            with ExitStack() as stack:
                self._start(settings, stack)
                self._held = stack.pop_all()
        except IntegratorError as error:
            log_event(log, "panel_refused", level=logging.WARNING, message=error.message, detail=error.detail)
        except Exception:
            # The border to the panel: a defect of it must not end the sending of a shop.
            log.exception("action=defect")

    def close(self) -> None:
        """Stop serving; open pages are let go."""
        self._held.close()

    def _start(self, settings: Settings, stack: ExitStack) -> None:
        from integrator.panel.app import build_app
        from integrator.panel.premises import Panel
        from integrator.panel.server import PanelServer

        panel = Panel(self._config, self._folder, clock=self._clock, running=self._running)
        stack.callback(panel.close)
        chosen = settings.panel
        server = PanelServer(build_app(panel), port=chosen.port, everywhere=chosen.network)
        stack.callback(server.stop)
        stack.callback(panel.live.close)
        log_event(log, "panel_ready", port=server.port, scheme="https" if chosen.network else "http")
