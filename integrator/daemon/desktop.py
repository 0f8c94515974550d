"""The daemon beside its desktop: the engine in a thread of this process, unless another process has it.

Tk keeps the main thread; the engine's thread is asked to end when the desktop ends, and finishes the row in hand.
"""

from __future__ import annotations

import logging
import threading
import time

from integrator.daemon import Place, run_waiting
from integrator.desktop.local_engine import Waiting
from integrator.domain.errors import AlreadyRunning
from integrator.logs import log_event
from integrator.paths import SERVICE_MARK

log = logging.getLogger(__name__)

#: Between two tries to be the engine: another process has it, or it ended by a defect.
_AGAIN_S = 15.0
#: A defect that stays would fill the log: the tries come less and less often, up to here.
_AGAIN_MAX_S = 600.0
_SERVICE_STOPPED = (
    "O serviço do Integrador está parado: nada sai até ele ser iniciado. Peça a um administrador deste computador: "
    "integrator-cli service start"
)
_DEFECT = "O envio parou por um erro que o programa não conhecia e recomeça em instantes. O registro diz qual."


class EngineThread:
    """The engine's place in the desktop's process (implements :class:`integrator.desktop.host.Host`).

    An engine that another program told to stop, as the service's installation does, may begin again later;
    :meth:`end` is for good.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._leaving = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._next_try = 0.0
        self._again_s = _AGAIN_S
        self._told = ""

    def waiting(self) -> Waiting:
        return Waiting(self._alive(), self._told)

    def begin(self) -> None:
        with self._lock:
            if self._leaving or self._alive():
                return
            if (self._place.folder / SERVICE_MARK).exists():
                self._told = _SERVICE_STOPPED
                return
            if time.monotonic() < self._next_try:
                return
            self._next_try = time.monotonic() + self._again_s
            self._stop = threading.Event()
            self._thread = threading.Thread(target=self._run, args=(self._stop,), name="motor", daemon=True)
            self._thread.start()

    def end(self) -> None:
        with self._lock:
            self._leaving = True
            self._stop.set()

    def ended(self, seconds: float) -> bool:
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return not self._alive()

    def _alive(self) -> bool:
        thread = self._thread
        return thread is not None and thread.is_alive()

    def _run(self, stop: threading.Event) -> None:
        began = time.monotonic()
        try:
            self._told = ""
            run_waiting(self._place, stop)
        except AlreadyRunning as error:
            log_event(log, "engine_elsewhere", level=logging.DEBUG, detail=error.detail)
        except Exception:  # the top of the thread
            log.exception("action=defect")
            worked = time.monotonic() - began > _AGAIN_MAX_S
            self._again_s = _AGAIN_S if worked else min(2 * self._again_s, _AGAIN_MAX_S)
            self._next_try = time.monotonic() + self._again_s
            self._told = _DEFECT
