"""Which session of Windows this process belongs to, and whether this is a server."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _WORKSTATION = 1

    class _VersionInfo(ctypes.Structure):
        """``OSVERSIONINFOEXW``."""

        _fields_ = (
            ("size", wintypes.DWORD),
            ("major", wintypes.DWORD),
            ("minor", wintypes.DWORD),
            ("build", wintypes.DWORD),
            ("platform", wintypes.DWORD),
            ("service_pack", wintypes.WCHAR * 128),
            ("service_pack_major", wintypes.WORD),
            ("service_pack_minor", wintypes.WORD),
            ("suites", wintypes.WORD),
            ("product_type", wintypes.BYTE),
            ("reserved", wintypes.BYTE),
        )

    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.GetCurrentProcessId.restype = wintypes.DWORD
    _kernel32.ProcessIdToSessionId.argtypes = (wintypes.DWORD, ctypes.POINTER(wintypes.DWORD))

    def session_id() -> int:
        """0 for services; each person signed in, also by Remote Desktop, has another. Raises :class:`OSError`."""
        session = wintypes.DWORD()
        if not _kernel32.ProcessIdToSessionId(_kernel32.GetCurrentProcessId(), ctypes.byref(session)):
            raise ctypes.WinError(ctypes.get_last_error())
        return session.value

    def is_server() -> bool:
        """Whether this is Windows Server, where nobody may be signed in: the engine is best a service there."""
        info = _VersionInfo()
        info.size = ctypes.sizeof(info)
        # GetVersionEx tells what the program's manifest asks for, this function what there is.
        status: int = ctypes.WinDLL("ntdll").RtlGetVersion(ctypes.byref(info))
        return status == 0 and info.product_type != _WORKSTATION

else:

    def session_id() -> int:
        """Sessions have numbers on Windows alone."""
        return 0

    def is_server() -> bool:
        """Windows Server is meant."""
        return False
