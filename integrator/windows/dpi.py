"""The size of a pixel on Windows' screens: said before the first window, or Windows blurs what the program draws."""

from __future__ import annotations

import sys
from typing import Final

#: Dots per inch of a screen at 100 %.
NORMAL: Final = 96

if sys.platform == "win32":
    import ctypes
    from contextlib import suppress
    from ctypes import wintypes

    _PER_MONITOR_V2 = -4
    _PER_MONITOR = 2
    _EFFECTIVE = 0
    _PRIMARY = 1

    def prepare() -> None:
        """Tell Windows that the program scales by itself; nothing happens where its manifest has said so already."""
        # From Windows 10 1703, from 8.1, and before: a function that is missing raises AttributeError, a missing
        # library OSError.
        with suppress(AttributeError, OSError):
            tell = ctypes.WinDLL("user32").SetProcessDpiAwarenessContext
            tell.argtypes, tell.restype = (ctypes.c_void_p,), wintypes.BOOL
            if tell(_PER_MONITOR_V2):
                return
        with suppress(AttributeError, OSError):
            if ctypes.WinDLL("shcore").SetProcessDpiAwareness(_PER_MONITOR) == 0:
                return
        with suppress(AttributeError, OSError):
            ctypes.WinDLL("user32").SetProcessDPIAware()

    def scale() -> float:
        """How much larger than at 100 % the primary screen wants things: 1.5 at 150 %."""
        with suppress(AttributeError, OSError):
            find = ctypes.WinDLL("user32").MonitorFromPoint
            find.argtypes, find.restype = (wintypes.POINT, wintypes.DWORD), wintypes.HANDLE
            ask = ctypes.WinDLL("shcore").GetDpiForMonitor
            ask.argtypes = (
                wintypes.HANDLE,
                ctypes.c_int,
                ctypes.POINTER(wintypes.UINT),
                ctypes.POINTER(wintypes.UINT),
            )
            across, down = wintypes.UINT(), wintypes.UINT()
            monitor = find(wintypes.POINT(0, 0), _PRIMARY)
            if ask(monitor, _EFFECTIVE, ctypes.byref(across), ctypes.byref(down)) == 0 and across.value:
                return across.value / NORMAL
        return 1.0

else:

    def prepare() -> None:
        """Other systems do not scale behind a program's back."""

    def scale() -> float:
        """Elsewhere Tk knows the screen."""
        return 1.0
