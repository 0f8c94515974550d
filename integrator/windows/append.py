"""A file that several processes add to at once.

Python's own append mode seeks to the end and writes there, and what another process wrote between the two is lost.
Opened with the right to append and without the right to write, a local file is only ever written at its end:
https://learn.microsoft.com/windows/win32/fileio/file-access-rights-constants, ``FILE_APPEND_DATA``.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    import msvcrt
    import os
    from ctypes import wintypes
    from pathlib import Path

    _APPEND_DATA = 0x0004
    _READ_ATTRIBUTES = 0x0080
    _SYNCHRONIZE = 0x00100000
    #: Read, write, delete: who reads the file, adds to it or removes it is not kept from it.
    _SHARE_ALL = 0x1 | 0x2 | 0x4
    _OPEN_ALWAYS = 4
    _NORMAL = 0x80
    _INVALID = wintypes.HANDLE(-1).value

    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.CreateFileW.argtypes = (
        *(wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p),
        *(wintypes.DWORD, wintypes.DWORD, wintypes.HANDLE),
    )
    _kernel32.CreateFileW.restype = wintypes.HANDLE

    def open_to_append(path: Path) -> int:
        """A descriptor whose every ``os.write`` goes to the end of the file, which is made where there is none.

        Child processes do not inherit it. Raises :class:`OSError`.
        """
        access = _APPEND_DATA | _READ_ATTRIBUTES | _SYNCHRONIZE
        handle = _kernel32.CreateFileW(str(path), access, _SHARE_ALL, None, _OPEN_ALWAYS, _NORMAL, None)
        if handle == _INVALID:
            raise ctypes.WinError(ctypes.get_last_error())
        # Without O_APPEND: with it the C runtime would seek before each write.
        return msvcrt.open_osfhandle(handle, os.O_BINARY | os.O_NOINHERIT)
