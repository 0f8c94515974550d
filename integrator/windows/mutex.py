"""Named mutexes: signs that a process hangs out and that Windows takes down however the process ends.

``Local\\\\…`` is seen in the session, ``Global\\\\…`` on the whole computer.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _SYNCHRONIZE = 0x00100000
    _ACCESS_DENIED = 5
    _ALREADY_EXISTS = 183

    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.CreateMutexW.argtypes = (ctypes.c_void_p, wintypes.BOOL, wintypes.LPCWSTR)
    _kernel32.CreateMutexW.restype = wintypes.HANDLE
    _kernel32.OpenMutexW.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.LPCWSTR)
    _kernel32.OpenMutexW.restype = wintypes.HANDLE
    _kernel32.CloseHandle.argtypes = (wintypes.HANDLE,)

    class Mutex:
        """A sign that is out until :meth:`close`, or the death of the process."""

        def __init__(self, name: str) -> None:
            """Hang it out, beside those of the same name. Raises :class:`OSError`.

            ``is_first``: none of that name was out before. One that belongs to another user cannot be joined: it is
            there, and this one is not.
            """
            self._handle = _kernel32.CreateMutexW(None, False, name)
            error = ctypes.get_last_error()
            self.is_first = bool(self._handle) and error != _ALREADY_EXISTS
            if not self._handle and error != _ACCESS_DENIED:
                raise ctypes.WinError(error)

        def close(self) -> None:
            """Take it down; a second call does nothing."""
            if self._handle:
                _kernel32.CloseHandle(self._handle)
                self._handle = None

    def is_out(name: str) -> bool:
        """Whether some process, of any user, has hung out a mutex of that name."""
        handle = _kernel32.OpenMutexW(_SYNCHRONIZE, False, name)
        if handle:
            _kernel32.CloseHandle(handle)
            return True
        return ctypes.get_last_error() == _ACCESS_DENIED
