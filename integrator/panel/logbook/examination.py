"""The doctor and the support bundle from the panel: in a thread of their own, one at a time, the answer kept.

The doctor gives each check a time limit and leaves alone what hangs; such a thread is a daemon's, and ends with the
process. Nothing here can hold up a page or the engine.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from integrator.domain.errors import IntegratorError
from integrator.logs import log_event

if TYPE_CHECKING:
    from integrator.panel.premises import Panel
    from integrator.support.doctor import Report

log = logging.getLogger(__name__)

BUNDLE_FILE: Final = "pacote-de-suporte.zip"
_DEFECT: Final = "A verificação parou por um erro que o programa não conhecia. O registro diz qual."


@dataclass(frozen=True, slots=True)
class Examined:
    """How things stand. ``bundle`` is a file that is complete; ``problem`` why the last try made none."""

    running: bool = False
    report: Report | None = None
    bundle: Path | None = None
    problem: str = ""


class Examination:
    """One per panel. Used by any thread."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._lock = threading.Lock()
        self._state = Examined()

    @property
    def state(self) -> Examined:
        return self._state

    def begin(self, *, bundle: bool) -> bool:
        """Ask the doctor, and write the bundle after that if wanted; False while that is being done already."""
        with self._lock:
            if self._state.running:
                return False
            self._state = Examined(running=True, report=self._state.report)
        threading.Thread(target=self._run, args=(bundle,), name="verificacao", daemon=True).start()
        return True

    def _run(self, bundle: bool) -> None:
        done = Examined(problem=_DEFECT)
        try:
            done = self._examine(bundle=bundle)
        except IntegratorError as error:
            log_event(log, "examination_refused", level=logging.WARNING, message=error.message, detail=error.detail)
            done = Examined(problem=error.message)
        except Exception:  # the top of a thread
            log.exception("action=defect")
        finally:
            self._state = done
            self._panel.live.tell("registro")

    def _examine(self, *, bundle: bool) -> Examined:
        from integrator.support.bundle import write_bundle
        from integrator.support.checks import GENERAL, PER_DATABASE
        from integrator.support.context import Context
        from integrator.support.doctor import examine

        panel = self._panel
        context = Context(panel.config.path, panel.folder, panel.config.settings)
        report = examine(context, GENERAL, PER_DATABASE)
        if not bundle:
            return Examined(report=report)
        file = panel.folder / BUNDLE_FILE
        write_bundle(file, report, context, replace=True)
        return Examined(report=report, bundle=file)


_known: WeakKeyDictionary[Panel, Examination] = WeakKeyDictionary()
_knowing = threading.Lock()


def examination_of(panel: Panel) -> Examination:
    """That panel's own."""
    with _knowing:
        if panel not in _known:
            _known[panel] = Examination(panel)
        return _known[panel]
