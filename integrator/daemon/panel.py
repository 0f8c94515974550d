"""The panel beside the engine: begun anew when its settings change, never in the engine's way.

While its pages are switched off, or cannot be served, the tray is answered all the same. A port that was taken is
tried again: the program that ended a moment ago may have had it.
"""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from integrator.domain.errors import IntegratorError
from integrator.facade import Running
from integrator.logs import log_event
from integrator.sending.ports import Clock
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from integrator.panel.premises import Panel
    from integrator.settings.panel import PanelSettings

log = logging.getLogger(__name__)

_TRY_EVERY: Final = timedelta(minutes=1)
_LOOK_EVERY: Final = timedelta(hours=1)
_STOP_S: Final = 2.0
_CANNOT_WRITE: Final = (
    "O painel não abriu: não consegui gravar na pasta de dados. Confira a permissão da pasta e o espaço em disco. As "
    "mensagens continuam saindo."
)


class PanelService:
    """Serves the panel according to ``[painel]``. What goes wrong with it is logged; messages are sent all the same."""

    def __init__(
        self, config: ConfigFile, folder: Path, *, clock: Clock, running: Running, always: bool = False
    ) -> None:
        """``always``: the programs of this computer are answered, also while the panel's pages are switched off."""
        self._config = config
        self._folder = folder
        self._clock = clock
        self._running = running
        self._always = always
        self._settings = Settings()
        self._chosen: PanelSettings | None = None
        self._served = b""
        self._looked_at = self._tried_at = datetime.min
        self._port_taken = False
        self._held = ExitStack()

    def apply(self, settings: Settings) -> None:
        """Serve as those settings say. Never raises."""
        if settings.panel == self._chosen:
            return
        self.close()
        self._settings, self._chosen = settings, settings.panel
        self._tried_at, self._port_taken = self._clock.now(), False
        if not (settings.panel.on and self._started(settings, pages=True)) and self._always:
            self._started(settings, pages=False)

    def _started(self, settings: Settings, *, pages: bool) -> bool:
        try:
            with ExitStack() as stack:
                self._start(settings, stack, pages=pages)
                self._held = stack.pop_all()
        except (IntegratorError, OSError) as error:
            self._port_taken = pages and _is_taken(error)
            told = error.message if isinstance(error, IntegratorError) else _CANNOT_WRITE
            log_event(log, "panel_refused", level=logging.WARNING, message=told, detail=repr(error))
            return False
        except Exception:
            # The border to the panel: a defect of it must not end the sending of a shop.
            log.exception("action=defect")
            return False
        return True

    def close(self) -> None:
        """Stop serving; open pages are let go."""
        self._held.close()

    def renew(self) -> None:
        """Now and then: a certificate that is about to end, or whose names changed, is made anew. Never raises.

        And a port that was taken is tried again.
        """
        self._try_port_again()
        now, chosen = self._clock.now(), self._chosen
        if chosen is None or not (chosen.on and chosen.network) or now - self._looked_at < _LOOK_EVERY:
            return
        from integrator.panel.tls import certificate

        self._looked_at = now
        try:
            files = certificate(chosen, self._folder, now)
        except IntegratorError as error:
            log_event(log, "panel_refused", level=logging.WARNING, message=error.message, detail=error.detail)
            return
        if _contents(files) != self._served:
            self._chosen = None
            self.apply(self._settings)

    def _try_port_again(self) -> None:
        now, chosen = self._clock.now(), self._chosen
        if chosen is None or not self._port_taken or now - self._tried_at < _TRY_EVERY:
            return
        from integrator.panel.server import is_free

        self._tried_at = now
        if is_free(chosen.port, everywhere=chosen.network):
            self._chosen = None
            self.apply(self._settings)

    def _start(self, settings: Settings, stack: ExitStack, *, pages: bool) -> None:
        from integrator.local_address import remove_address, write_address
        from integrator.panel import tls
        from integrator.panel.api.callbacks.worker import Callbacks
        from integrator.panel.late import LateApp
        from integrator.panel.local import Front
        from integrator.panel.premises import Panel
        from integrator.panel.server import PanelServer

        chosen = settings.panel
        files = tls.certificate(chosen, self._folder, self._clock.now()) if pages else None
        self._served, self._looked_at = _contents(files), self._clock.now()
        panel = Panel(self._config, self._folder, clock=self._clock, running=self._running)
        stack.callback(panel.close)
        _finish_erasures(panel, stack)
        if pages:
            callbacks = Callbacks(panel)
            callbacks.start()
            stack.callback(callbacks.stop)
        app = Front(LateApp(lambda: _local(panel)), LateApp(lambda: _pages(panel)) if pages else None)
        # Without pages any free port serves: nobody but the programs of this computer asks there.
        port, everywhere = (chosen.port, chosen.network) if pages else (0, False)
        server = PanelServer(app, port=port, everywhere=everywhere, certificate=files)
        stack.callback(server.stop)
        stack.callback(panel.live.close)
        scheme, host = "https" if files else "http", tls.link_host(chosen)
        write_address(self._folder, server.port, scheme, host)
        stack.callback(remove_address, self._folder)
        # Without pages it begins anew each minute for as long as the configuration is missing.
        level, action = (logging.INFO, "panel_ready") if pages else (logging.DEBUG, "local_ready")
        log_event(log, action, level=level, port=server.port, scheme=scheme, host=host)


def _is_taken(error: Exception) -> bool:
    from integrator.panel.server import PortTaken

    return isinstance(error, PortTaken)


def _local(panel: Panel) -> ASGIApp:
    from integrator.panel.local import local_app

    return local_app(panel)


def _pages(panel: Panel) -> ASGIApp:
    from integrator.panel.app import build_app

    return build_app(panel)


def _finish_erasures(panel: Panel, stack: ExitStack) -> None:
    """What a stopped program left undone of a person's erasure, beside everything else: databases may be slow."""
    from integrator.panel.customers.erasure_book import ErasureBook

    if not ErasureBook(panel.store).begun():
        return
    from integrator.panel.customers.forgetting import finish_quietly

    thread = threading.Thread(target=finish_quietly, args=(panel,), name="dados a apagar", daemon=True)
    thread.start()
    stack.callback(thread.join, _STOP_S)


def _contents(files: tuple[str, str] | None) -> bytes:
    return Path(files[0]).read_bytes() if files else b""
