"""The port to the icon beside the clock. ``tray_pystray.py`` implements it; without one, the windows remain."""

from __future__ import annotations

from typing import Protocol

from integrator.desktop.look import Look
from integrator.domain.errors import IntegratorError


class NoTray(IntegratorError):
    """There is no place for an icon on this desktop: no display, or nothing that shows icons."""

    title = "Sem ícone ao lado do relógio"


class Tray(Protocol):
    """The icon. Its methods may be called from any thread and return at once, but for :meth:`close`; none raises."""

    @property
    def has_menu(self) -> bool:
        """Whether the system shows the menu on a click; where not, the windows must offer its lines."""
        ...

    def show(self, look: Look) -> None:
        """Show this from now on. The menu is built anew with it."""
        ...

    def notify(self, title: str, text: str) -> None:
        """Show a notification where the system can; one that cannot be shown is in the log."""
        ...

    def close(self) -> None:
        """Take the icon away and wait until it is gone, three seconds at most."""
        ...
