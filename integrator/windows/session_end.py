"""Hears that Windows is about to end the session, or that the computer woke up, through a window that nobody sees.

Windows tells it to windows, and to those at the top alone: a message-only window would not hear it. A process that has
loaded ``user32.dll``, as Python does with ``ctypes``, is not told by its console either, so that the service has such a
window, too.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from integrator.logs import log_event
from integrator.windows.last_seconds import within_last_seconds

log = logging.getLogger(__name__)

_REASON = "Terminando a mensagem em andamento."

if sys.platform == "win32":
    import ctypes
    import threading
    from ctypes import wintypes

    _CLOSE = 0x0010
    _DESTROY = 0x0002
    _QUERY_END = 0x0011
    _END = 0x0016
    _POWER = 0x0218
    _RESUMED = 0x0012  # PBT_APMRESUMEAUTOMATIC: comes after every sleep
    _LEAVE = 0x8000  # WM_APP: ours
    _READY_S = 5.0

    _LResult = ctypes.c_ssize_t
    _Procedure = ctypes.WINFUNCTYPE(_LResult, wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)

    class _WindowClass(ctypes.Structure):
        """``WNDCLASSW``."""

        _fields_ = (
            ("style", wintypes.UINT),
            ("procedure", _Procedure),
            ("class_extra", ctypes.c_int),
            ("window_extra", ctypes.c_int),
            ("instance", wintypes.HINSTANCE),
            ("icon", wintypes.HICON),
            ("cursor", wintypes.HANDLE),
            ("background", wintypes.HBRUSH),
            ("menu", wintypes.LPCWSTR),
            ("name", wintypes.LPCWSTR),
        )

    _user32 = ctypes.WinDLL("user32", use_last_error=True)
    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.GetModuleHandleW.argtypes = (wintypes.LPCWSTR,)
    _kernel32.GetModuleHandleW.restype = wintypes.HMODULE
    _user32.DefWindowProcW.argtypes = (wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)
    _user32.DefWindowProcW.restype = _LResult
    _user32.RegisterClassW.argtypes = (ctypes.POINTER(_WindowClass),)
    _user32.RegisterClassW.restype = wintypes.ATOM
    _user32.UnregisterClassW.argtypes = (wintypes.LPCWSTR, wintypes.HINSTANCE)
    _user32.CreateWindowExW.argtypes = (
        *(wintypes.DWORD, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD),
        *(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int),
        *(wintypes.HWND, wintypes.HMENU, wintypes.HINSTANCE, wintypes.LPVOID),
    )
    _user32.CreateWindowExW.restype = wintypes.HWND
    _user32.DestroyWindow.argtypes = (wintypes.HWND,)
    _user32.PostMessageW.argtypes = (wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)
    _user32.PostQuitMessage.argtypes = (ctypes.c_int,)
    _user32.GetMessageW.argtypes = (ctypes.POINTER(wintypes.MSG), wintypes.HWND, wintypes.UINT, wintypes.UINT)
    _user32.DispatchMessageW.argtypes = (ctypes.POINTER(wintypes.MSG),)
    _user32.DispatchMessageW.restype = _LResult
    _user32.ShutdownBlockReasonCreate.argtypes = (wintypes.HWND, wintypes.LPCWSTR)
    _user32.ShutdownBlockReasonDestroy.argtypes = (wintypes.HWND,)

    class SessionWatch:
        """Listens until :meth:`close`.

        ``on_end``: the session ends, or somebody asks the process to end by closing its windows. It returns when what
        is in hand is finished; Windows waits for it a few seconds and shows why. ``on_resume``: the computer woke up.
        Both come on threads of this watch.
        """

        def __init__(self, on_end: Callable[[], None], on_resume: Callable[[], None]) -> None:
            self._on_end = on_end
            self._on_resume = on_resume
            self._window: int | None = None
            self._ready = threading.Event()
            self._thread = threading.Thread(target=self._listen, name="session-watch", daemon=True)
            self._thread.start()
            self._ready.wait(_READY_S)

        def close(self) -> None:
            """Listen no more; a second call does nothing."""
            if self._window is not None:
                _user32.PostMessageW(self._window, _LEAVE, 0, 0)
                self._thread.join(_READY_S)

        def _listen(self) -> None:
            instance = _kernel32.GetModuleHandleW(None)
            procedure = _Procedure(self._receive)  # kept here: Windows holds no reference
            kind = _WindowClass(procedure=procedure, instance=instance, name=f"IntegradorSessao{id(self):x}")
            try:
                self._window = _window_of(kind)
            except OSError as error:  # the program works without: an end then comes as a power cut would
                log_event(log, "session_not_watched", level=logging.WARNING, detail=repr(error))
                return
            finally:
                self._ready.set()
            message = wintypes.MSG()
            while _user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
                _user32.DispatchMessageW(ctypes.byref(message))
            self._window = None
            _user32.UnregisterClassW(kind.name, instance)

        def _receive(self, window: int, message: int, word: int, long: int) -> int:
            if message == _QUERY_END:  # whether it may end; what is to be done is done when it does
                return 1
            if message == _CLOSE or (message == _END and word):
                self._end(window)
            elif message == _POWER and word == _RESUMED:
                threading.Thread(target=self._resume, name="session-resumed", daemon=True).start()
            elif message == _LEAVE:
                _user32.DestroyWindow(window)
            elif message == _DESTROY:
                _user32.PostQuitMessage(0)
            else:
                answer: int = _user32.DefWindowProcW(window, message, word, long)
                return answer
            return message == _POWER  # TRUE: heard; 0 for the others

        def _end(self, window: int) -> None:
            _user32.ShutdownBlockReasonCreate(window, _REASON)
            ended = within_last_seconds(self._on_end)
            log_event(log, "session_end", finished=ended)
            _user32.ShutdownBlockReasonDestroy(window)

        def _resume(self) -> None:
            log_event(log, "computer_resumed")
            try:
                self._on_resume()
            except Exception:  # the top of a thread
                log.exception("the computer's waking up was not obeyed")

    def _window_of(kind: _WindowClass) -> int:
        """A window of that class, at the top and never shown. Raises :class:`OSError`."""
        if not _user32.RegisterClassW(ctypes.byref(kind)):
            raise ctypes.WinError(ctypes.get_last_error())
        window: int | None = _user32.CreateWindowExW(
            0, kind.name, "Integrador", 0, 0, 0, 0, 0, None, None, kind.instance, None
        )
        if window is None:
            error = ctypes.WinError(ctypes.get_last_error())
            _user32.UnregisterClassW(kind.name, kind.instance)
            raise error
        return window

else:

    class SessionWatch:
        """Elsewhere the system ends a process by a signal, which the daemon hears; sleep is seen in the clock."""

        def __init__(self, on_end: Callable[[], None], on_resume: Callable[[], None]) -> None:
            """Nothing is called."""

        def close(self) -> None:
            """Nothing was begun."""
