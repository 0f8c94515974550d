"""The icon where GTK or an indicator shows it: both scale one picture themselves."""

from __future__ import annotations

from collections.abc import Callable

import pystray

from integrator.desktop.art import SIZES, picture
from integrator.desktop.sign import Sign


def _unused() -> None:
    """These have a menu of their own: no right click asks for another."""


class GtkIcon(pystray.Icon):
    """See :class:`integrator.desktop.tray_icon.SignIcon`."""

    def __init__(self, sign: Sign, menu: pystray.Menu) -> None:
        super().__init__("integrador", picture(sign, SIZES[-1]), menu=menu)
        self.sign = sign
        self.popup: Callable[[], object] = _unused

    def change_sign(self, sign: Sign) -> None:
        self.sign = sign
        self.icon = picture(sign, SIZES[-1])

    def place_again(self) -> None:
        """GTK waits for a place by itself."""

    def refresh_menu(self) -> None:
        self.update_menu()
