"""One desktop in a session: a second start makes the first one show itself.

The first start hangs out a sign and hears messages, ``show`` and ``quit``, at a place that the system keeps
(:mod:`integrator.desktop.meeting_place`). Messages are bytes: nothing that was said is ever executed or unpickled.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Client, Listener
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, Self

from integrator.desktop.meeting_place import FAMILY, Place, Sign, hang_out, place_of, places_of_all
from integrator.domain.errors import IntegratorError
from integrator.logs import log_event

log = logging.getLogger(__name__)

SHOW: Final = "show"
QUIT: Final = "quit"
_PATIENCE_S: Final = 2.0
#: A desktop that has just hung out its sign begins to hear a moment later.
_BEGINNING_S: Final = 0.5
_POLL_S: Final = 0.05
_LARGEST: Final = 64
_TAKEN: Final = b"ok"


class DesktopSilent(IntegratorError):
    """The open desktop does not answer."""

    title = "O Integrador não responde"
    permanent = False


class Opening:
    """The desktop of this session, from :meth:`first` to :meth:`close` or the death of the process."""

    def __init__(self, sign: Sign, on_message: Callable[[str], None]) -> None:
        self._sign = sign
        self._on_message = on_message
        self._ending = threading.Event()
        self._listener = _listen(sign)
        self._hearing = threading.Thread(target=self._hear, name="desktop-messages", daemon=True)
        if self._listener is not None:
            self._hearing.start()

    @classmethod
    def first(cls, folder: Path, on_message: Callable[[str], None]) -> Self | None:
        """Become the desktop of this session for that data folder; None when there is one. Raises :class:`OSError`.

        ``on_message`` gets ``show`` or ``quit`` on a thread of its own; who spoke is answered when it returns, so that
        a desktop that hangs is found out.
        """
        sign = hang_out(folder)
        return cls(sign, on_message) if sign else None

    def close(self) -> None:
        """Hear nothing any more and let another desktop open; a second call does nothing."""
        if self._ending.is_set():
            return
        self._ending.set()
        if self._listener is not None:
            # Closing it does not wake the thread that waits for the next one to speak; being spoken to does.
            with contextlib.suppress(OSError):
                Client(self._sign.address, FAMILY).close()
            self._hearing.join(_PATIENCE_S)
            self._listener.close()
        self._sign.close()

    def _hear(self) -> None:
        assert self._listener is not None, "the thread is started with a listener alone"
        while not self._ending.is_set():
            try:
                with self._listener.accept() as connection:
                    if not self._ending.is_set() and connection.poll(_PATIENCE_S):
                        self._take(connection.recv_bytes(_LARGEST).decode("ascii", "replace"))
                        connection.send_bytes(_TAKEN)
            except (OSError, EOFError) as error:  # who spoke went away, or said too much
                log_event(log, "desktop_message_lost", level=logging.DEBUG, detail=type(error).__name__)
                time.sleep(_POLL_S)

    def _take(self, message: str) -> None:
        if message not in (SHOW, QUIT):
            log_event(log, "desktop_message_unknown", level=logging.WARNING)
            return
        log_event(log, "desktop_message", message=message)
        try:
            self._on_message(message)
        except Exception:  # the top of a thread: the next message must still be heard
            log.exception("a message to the desktop was not obeyed")


def _listen(sign: Sign) -> Listener | None:
    """None where the system refuses: the desktop can be used, only a second start cannot reach it."""
    try:
        return Listener(sign.address, FAMILY)
    except OSError as error:
        log_event(log, "desktop_deaf", level=logging.WARNING, detail=repr(error))
        return None


def say(folder: Path, message: str) -> bool:
    """Tell the desktop of this session; False when there is none. Raises :class:`DesktopSilent` within two seconds."""
    return _say_to(place_of(folder), message)


def say_to_all(folder: Path, message: str) -> int:
    """Tell the desktops of every session that this user may speak to; how many took it.

    Raises :class:`DesktopSilent` after all were told, when one of them did not answer.
    """
    taken, silent = 0, None
    for place in places_of_all(folder):
        try:
            taken += _say_to(place, message)
        except DesktopSilent as error:
            silent = error
    if silent is not None:
        raise silent
    return taken


def _say_to(place: Place, message: str) -> bool:
    """The system may wait long for a process that hangs: it waits on another thread, and this one only so long."""
    outcome: SimpleQueue[bool | OSError] = SimpleQueue()
    threading.Thread(target=_speak, args=(place, message, outcome), daemon=True).start()
    try:
        heard = outcome.get(timeout=_PATIENCE_S)
    except Empty:
        heard = TimeoutError(f"no answer in {_PATIENCE_S:g} s")
    if isinstance(heard, bool):
        return heard
    raise DesktopSilent(
        "O Integrador já está aberto neste computador, mas não respondeu. Espere um instante e tente de novo; se "
        "continuar, encerre-o pelo Gerenciador de Tarefas e abra-o outra vez. O que está na fila não se perde.",
        detail=repr(heard),
    ) from heard


def _speak(place: Place, message: str, outcome: SimpleQueue[bool | OSError]) -> None:
    until = time.monotonic() + _BEGINNING_S
    while True:
        try:
            with place() as address, Client(address, FAMILY) as connection:
                connection.send_bytes(message.encode("ascii"))
                connection.recv_bytes(_LARGEST)
            outcome.put(True)
            return
        except (FileNotFoundError, ConnectionError, EOFError):  # nobody, or somebody who is just beginning or ending
            if time.monotonic() >= until:
                outcome.put(False)
                return
            time.sleep(_POLL_S)
        except OSError as error:
            outcome.put(error)
            return
