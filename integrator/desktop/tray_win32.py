"""The icon beside the clock of Windows: pystray's own, sharp at every scaling, its menu built when it is opened."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from collections.abc import Callable
    from ctypes import wintypes

    from pystray import Menu
    from pystray._util import win32
    from pystray._win32 import Icon

    from integrator.desktop.art import SIZES, picture, picture_file
    from integrator.desktop.sign import Sign

    _SM_CXSMICON = 49
    #: The version of the icon format, which Windows wants to be told.
    _ICON_VERSION = 0x00030000

    _user32 = ctypes.WinDLL("user32", use_last_error=True)
    _create_icon = _user32.CreateIconFromResourceEx
    _create_icon.argtypes = (
        ctypes.c_char_p,
        wintypes.DWORD,
        wintypes.BOOL,
        wintypes.DWORD,
        ctypes.c_int,
        ctypes.c_int,
        wintypes.UINT,
    )
    _create_icon.restype = wintypes.HICON

    def _unused() -> None:
        """Windows shows the menu itself."""

    class WindowsIcon(Icon):
        """See :class:`integrator.desktop.tray_icon.SignIcon`."""

        def __init__(self, sign: Sign, menu: Menu) -> None:
            self.sign = sign
            self.popup: Callable[[], object] = _unused
            self._open = False
            super().__init__("integrador", picture(sign, SIZES[-1]), menu=menu)

        def change_sign(self, sign: Sign) -> None:
            self.sign = sign
            self.icon = picture(sign, SIZES[-1])

        def place_again(self) -> None:
            # Windows refuses an icon that is there already, and pystray never looks whether the first one was taken.
            self._show()

        def refresh_menu(self) -> None:
            """It is built when it is opened: to destroy one that is open would close it under the mouse."""

        def _on_notify(self, wparam: int, lparam: int) -> None:
            if lparam != win32.WM_RBUTTONUP:
                super()._on_notify(wparam, lparam)
            elif not self._open:
                self._open = True
                try:
                    self.update_menu()
                    super()._on_notify(wparam, lparam)
                finally:
                    self._open = False

        def _on_display_change(self, wparam: int, lparam: int) -> None:
            self._release_icon()  # the size of small icons may be another one now
            super()._on_display_change(wparam, lparam)

        def _assert_icon_handle(self) -> None:
            """The picture drawn for the taskbar's size; pystray would hand over a large one to be shrunk."""
            if self._icon_handle:
                return
            size = _user32.GetSystemMetrics(_SM_CXSMICON)
            file = picture_file(self.sign, size).read_bytes()
            handle = _create_icon(file, len(file), True, _ICON_VERSION, size, size, 0)
            if not handle:
                raise ctypes.WinError(ctypes.get_last_error())
            self._icon_handle = handle
