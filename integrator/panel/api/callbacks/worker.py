"""The thread that calls back. With nobody to call it sleeps until the bell rings."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from integrator.domain.errors import IntegratorError
from integrator.logs import log_event
from integrator.panel.api.callbacks.bell import bell
from integrator.panel.api.callbacks.book import Book, Callback, Due
from integrator.panel.api.callbacks.post import Arrival, post
from integrator.panel.api.callbacks.reader import Reader
from integrator.panel.premises import Panel, Shop

if TYPE_CHECKING:
    import requests

log = logging.getLogger(__name__)

#: How often databases are looked at while somebody is to be told; what the API itself changes rings the bell.
LOOK_S: Final = 15.0
_SOON_S: Final = 0.2
_AT_ONCE: Final = 50
_STOP_S: Final = 2.0
_PURGE: Final = timedelta(hours=1)


class Callbacks:
    """One per panel. :meth:`start` and :meth:`stop` once each, from any thread."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._bell = bell(panel)
        self._book = Book(panel.store)
        self._reader = Reader(panel.store, self._book)
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None
        self._session: requests.Session | None = None
        self._purged_at = panel.clock.now()
        self._away = ""

    def start(self) -> None:
        """Begin, with what waited since the program last ran."""
        self._thread = threading.Thread(target=self._run, name="avisos ao ERP", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; what is being posted may be posted again at the next start."""
        self._leaving.set()
        self._bell.set()
        if self._thread is not None:
            self._thread.join(_STOP_S)

    def wake(self) -> None:
        """Look now. May be called from any thread."""
        self._bell.set()

    def turn(self) -> float | None:
        """Look, and tell whatever is due; the seconds until the next turn, None: until the bell rings."""
        callbacks = self._book.callbacks()
        if not callbacks:
            return None
        more = self._look(callbacks)
        for callback in callbacks:
            more |= self._tell(callback)
        self._purge()
        return _SOON_S if more else self._until_next()

    def _run(self) -> None:
        while not self._leaving.is_set():
            self._bell.clear()
            try:
                wait = self.turn()
            except Exception:
                # The top of the thread: a defect of ours must not end the calling back.
                log.exception("action=defect")
                wait = LOOK_S
            if not self._leaving.is_set():
                self._bell.wait(wait)
        if self._session is not None:
            self._session.close()

    def _look(self, callbacks: Sequence[Callback]) -> bool:
        """Whether there is more to read than one turn reads."""
        more = False
        for shop in self._panel.shops():
            if not self._leaving.is_set():
                more |= self._look_at(shop, callbacks)
        return more

    def _look_at(self, shop: Shop, callbacks: Sequence[Callback]) -> bool:
        try:
            more = self._reader.read(shop, callbacks, self._panel.clock.now())
        except IntegratorError as error:
            if error.message != self._away:
                log_event(log, "callbacks_wait", level=logging.WARNING, database=shop.name, detail=error.detail)
            self._away = error.message
            return False
        finally:
            shop.database.rest()
        self._away = ""
        return more

    def _tell(self, callback: Callback) -> bool:
        """Tell what is due, until nobody answers; whether there is more that may be told at once."""
        due = self._book.due(callback.key, self._panel.clock.now(), _AT_ONCE)
        for each in due:
            if self._leaving.is_set() or not self._told(callback, each):
                return False
        return bool(due)

    def _told(self, callback: Callback, due: Due) -> bool:
        """Post one; False when nobody answered."""
        answered = post(self._opened(), callback, due, self._panel.clock.now())
        now = self._panel.clock.now()
        if answered.arrival is Arrival.TOLD:
            self._book.told(due, answered.words, now)
        else:
            self._book.failed(due, answered.words, now, away=answered.arrival is Arrival.AWAY)
        log_event(log, "called_back", key=callback.key, event=due.telling.event, answer=answered.arrival.value)
        return answered.arrival is not Arrival.AWAY

    def _opened(self) -> requests.Session:
        if self._session is None:
            import requests

            self._session = requests.Session()
            self._session.trust_env = False
        return self._session

    def _until_next(self) -> float:
        at = self._book.next_at()
        wait = (at - self._panel.clock.now()).total_seconds() if at else LOOK_S
        return min(LOOK_S, max(_SOON_S, wait))

    def _purge(self) -> None:
        now = self._panel.clock.now()
        if now - self._purged_at >= _PURGE:
            self._book.purge(now)
            self._purged_at = now
