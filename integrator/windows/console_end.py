"""What Windows tells a process of the console at its end: the window closed, a person signed off, a shutdown.

Ctrl+C and Ctrl+Break stay with Python's signals.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from integrator.logs import log_event
from integrator.windows.last_seconds import within_last_seconds

log = logging.getLogger(__name__)

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _CLOSE, _LOGOFF, _SHUTDOWN = 2, 5, 6
    _Handler = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)
    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.SetConsoleCtrlHandler.argtypes = (_Handler, wintypes.BOOL)

    class ConsoleWatch:
        """Listens until :meth:`close`.

        ``on_end`` returns when what is in hand is finished; it comes on a thread of Windows, which waits for it a few
        seconds and then ends the process. ``service``: that somebody signs off does not concern it.
        """

        def __init__(self, on_end: Callable[[], None], *, service: bool) -> None:
            self._on_end = on_end
            self._service = service
            self._handler = _Handler(self._hear)  # kept here: Windows holds no reference
            _kernel32.SetConsoleCtrlHandler(self._handler, True)

        def close(self) -> None:
            """Listen no more."""
            _kernel32.SetConsoleCtrlHandler(self._handler, False)

        def _hear(self, event: int) -> bool:
            """Whether it is dealt with; if not, Windows asks those who listened before."""
            if event not in (_CLOSE, _LOGOFF, _SHUTDOWN):
                return False
            if event == _LOGOFF and self._service:
                return True
            log_event(log, "console_end", event=event)
            within_last_seconds(self._on_end)
            return True

else:

    class ConsoleWatch:
        """Elsewhere all of it comes as a signal."""

        def __init__(self, on_end: Callable[[], None], *, service: bool) -> None:
            """Nothing is called."""

        def close(self) -> None:
            """Nothing was begun."""
