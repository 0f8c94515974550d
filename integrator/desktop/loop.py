"""Tk's thread and the others: what they want of the windows goes through a queue that Tk's thread empties.

Tk answers to nobody but the thread that made it, ``after`` included.
"""

from __future__ import annotations

import logging
import threading
import tkinter as tk
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from integrator.desktop.waking import Waking, waking
from integrator.domain.errors import IntegratorError

log = logging.getLogger(__name__)

T = TypeVar("T")
_DEFECT: Final = (
    "O programa encontrou um erro que não conhecia. O detalhe está no registro; se continuar, envie-o ao suporte."
)


def _log_defect(error: Exception) -> None:
    log.error("action=defect", exc_info=error)


class UiLoop:
    """The queue of one Tk application. :meth:`call` and :meth:`background` may be called from any thread.

    ``on_defect`` hears on Tk's thread what nobody foresaw.
    """

    def __init__(self, root: tk.Misc) -> None:
        self._root = root
        self._calls: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._closed = False
        self.on_defect: Callable[[Exception], object] = _log_defect
        self._waiting: dict[str, str] = {}
        self._waking: Waking = waking(root, self._drain)

    def call(self, work: Callable[[], object]) -> None:
        """Do it on Tk's thread, soon."""
        self._calls.put(work)
        self._waking.ring()

    def background(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[IntegratorError], object],
    ) -> None:
        """Do ``work`` on a thread of its own; ``done`` or ``failed`` then run on Tk's, unless the loop was closed."""

        def run() -> None:
            try:
                result = work()
            except IntegratorError as error:
                self.call(partial(failed, error))
            except Exception as error:
                # The top of a thread: a defect of ours is one answer that fails, and is in the log.
                log.exception("action=defect")
                told = IntegratorError(_DEFECT, detail=repr(error))
                self.call(lambda: failed(told))
            else:
                self.call(lambda: done(result))

        threading.Thread(target=run, name="tarefa da janela", daemon=True).start()

    def every(self, milliseconds: int, work: Callable[[], object]) -> None:
        """Do it again and again until the loop is closed. On Tk's thread."""

        def turn() -> None:
            work()
            if not self._closed:
                self._waiting[command] = self._root.tk.call("after", milliseconds, command)

        command = self._root.register(turn)  # once: Tk's own ``after`` would make a command anew for each turn
        turn()

    def close(self) -> None:
        """Nothing that is still queued is done. On Tk's thread, before the application ends."""
        if self._closed:
            return
        self._closed = True
        for waiting in self._waiting.values():
            self._root.after_cancel(waiting)
        self._waking.close()

    def _drain(self) -> bool:
        """Do what is queued; whether there was anything. What fails must not stop the loop."""
        worked = False
        while not self._closed:
            try:
                work = self._calls.get_nowait()
            except Empty:
                break
            worked = True
            if not self._calls.empty():
                self._waking.ring()  # the rest is done also while this one waits for somebody inside of Tk
            try:
                work()
            except tk.TclError as error:
                # The window that the answer was for has been closed meanwhile.
                log.debug("action=late_answer detail=%r", error)
            except Exception as error:
                self._tell(error)
        return worked

    def _tell(self, error: Exception) -> None:
        try:
            self.on_defect(error)
        except Exception:
            log.exception("action=defect")  # who tells of a defect may have one
