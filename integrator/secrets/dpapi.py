"""Windows' data protection (DPAPI) at machine scope, through ``crypt32.dll``.

Any process of this machine can decrypt, a copy of the file on another machine cannot; so the file's permissions count
too (:mod:`integrator.private_file`). Written from Microsoft's documentation of ``CryptProtectData``; it has not been
run on a real Windows yet.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _UI_FORBIDDEN = 0x1
    _LOCAL_MACHINE = 0x4

    class _Blob(ctypes.Structure):
        _fields_ = (("size", wintypes.DWORD), ("data", ctypes.POINTER(ctypes.c_char)))

    _crypt32 = ctypes.WinDLL("crypt32", use_last_error=True)
    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.LocalFree.argtypes = (ctypes.c_void_p,)
    _kernel32.LocalFree.restype = ctypes.c_void_p

    def protect(content: bytes) -> bytes:
        """Encrypt for this machine. Raises ``OSError``."""
        return _call(_crypt32.CryptProtectData, content, _UI_FORBIDDEN | _LOCAL_MACHINE)

    def unprotect(content: bytes) -> bytes:
        """Decrypt what :func:`protect` made on this machine. Raises ``OSError``."""
        return _call(_crypt32.CryptUnprotectData, content, _UI_FORBIDDEN)

    def _call(function: ctypes._NamedFuncPointer, content: bytes, flags: int) -> bytes:
        buffer = ctypes.create_string_buffer(content, len(content))
        source = _Blob(len(content), ctypes.cast(buffer, ctypes.POINTER(ctypes.c_char)))
        target = _Blob()
        if not function(ctypes.byref(source), None, None, None, None, wintypes.DWORD(flags), ctypes.byref(target)):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            return ctypes.string_at(target.data, target.size)
        finally:
            _kernel32.LocalFree(target.data)
