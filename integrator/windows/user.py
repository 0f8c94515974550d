"""Who runs this process, as Windows knows it: by its security identifier, which needs no domain and no spelling."""

from __future__ import annotations

import sys
from typing import Final

#: The account of services, and the group of the administrators.
SYSTEM: Final = "S-1-5-18"
ADMINISTRATORS: Final = "S-1-5-32-544"

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes
    from functools import cache

    _TOKEN_QUERY = 0x0008
    _TOKEN_USER = 1
    _LARGEST = 256

    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)
    _kernel32.GetCurrentProcess.argtypes = ()
    _kernel32.GetCurrentProcess.restype = wintypes.HANDLE
    _kernel32.CloseHandle.argtypes = (wintypes.HANDLE,)
    _kernel32.LocalFree.argtypes = (ctypes.c_void_p,)
    _kernel32.LocalFree.restype = ctypes.c_void_p
    _advapi32.OpenProcessToken.argtypes = (wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE))
    _advapi32.GetTokenInformation.argtypes = (
        wintypes.HANDLE,
        ctypes.c_int,
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
    )
    _advapi32.ConvertSidToStringSidW.argtypes = (ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))

    def current_sid() -> str:
        """``S-1-5-21-…`` of the user of this process, ``S-1-5-18`` in a service. Raises :class:`OSError`."""
        token = wintypes.HANDLE()
        if not _advapi32.OpenProcessToken(_kernel32.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token)):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            # TOKEN_USER begins with the pointer to the identifier, which lies behind it in the same buffer.
            answer = ctypes.create_string_buffer(_LARGEST)
            length = wintypes.DWORD()
            if not _advapi32.GetTokenInformation(token, _TOKEN_USER, answer, _LARGEST, ctypes.byref(length)):
                raise ctypes.WinError(ctypes.get_last_error())
            return _text(ctypes.c_void_p.from_buffer(answer))
        finally:
            _kernel32.CloseHandle(token)

    @cache
    def is_system() -> bool:
        """Whether this process is a service's: nobody's, and allowed everything."""
        try:
            return current_sid() == SYSTEM
        except OSError:
            return False

    def is_administrator() -> bool:
        """Whether this process may do what an administrator may: on Windows, started by "Executar como"."""
        return bool(ctypes.WinDLL("shell32").IsUserAnAdmin())

    def _text(sid: ctypes.c_void_p) -> str:
        text = ctypes.c_void_p()
        if not _advapi32.ConvertSidToStringSidW(sid, ctypes.byref(text)):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            return ctypes.wstring_at(text.value or 0)
        finally:
            _kernel32.LocalFree(text)

else:

    def is_system() -> bool:
        """That account is Windows'."""
        return False
