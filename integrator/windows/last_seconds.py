"""Work in the seconds that Windows leaves a process before it ends it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

log = logging.getLogger(__name__)

#: Windows waits five for a window or a console, and the answer must still reach it.
SECONDS: Final = 4.5


def within_last_seconds(work: Callable[[], None], seconds: float = SECONDS) -> bool:
    """Do ``work`` on a thread of its own and wait for it only so long; whether it came to its end.

    What it raises is logged: whoever calls this is called by Windows.
    """
    done = threading.Event()

    def run() -> None:
        try:
            work()
        except Exception:  # the top of a thread
            log.exception("the end of the session was not prepared")
        finally:
            done.set()

    threading.Thread(target=run, name="last-seconds", daemon=True).start()
    return done.wait(seconds)
