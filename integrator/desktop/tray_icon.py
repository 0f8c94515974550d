"""pystray's icon of this system with our signs. Imported by the tray's own thread: without a display this raises."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ClassVar, Protocol

import pystray

from integrator.desktop.sign import Sign


class SignIcon(Protocol):
    """What the tray asks of an icon; a subclass of pystray's has all of it."""

    HAS_MENU: ClassVar[bool]
    HAS_NOTIFICATION: ClassVar[bool]
    title: str
    sign: Sign
    popup: Callable[[], object]

    def run(self, setup: Callable[[pystray.Icon], object] | None = None) -> None: ...
    def notify(self, message: str, title: str | None = None) -> None: ...

    def change_sign(self, sign: Sign) -> None:
        """Show another sign."""
        ...

    def place_again(self) -> None:
        """Ask for a place if there is none; harmless when there is."""
        ...

    def refresh_menu(self) -> None:
        """Build the menu anew, where that does not happen when it is opened."""
        ...


def icon_class() -> Callable[[Sign, pystray.Menu], SignIcon]:
    """The icon of this system, by the backend that pystray chose."""
    chosen: Callable[[Sign, pystray.Menu], SignIcon]
    if sys.platform == "win32":
        from integrator.desktop.tray_win32 import WindowsIcon

        chosen = WindowsIcon
    elif pystray.Icon.__module__ == "pystray._xorg":
        from integrator.desktop.tray_xorg import XIcon

        chosen = XIcon
    else:
        from integrator.desktop.tray_gtk import GtkIcon

        chosen = GtkIcon
    return chosen
