"""Whether the person chose dark windows."""

from __future__ import annotations

import os
import sys
from typing import Final

#: ``escuro`` or ``claro`` in place of what the system says; the only say on systems other than Windows.
VARIABLE: Final = "INTEGRATOR_TEMA"
_KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"


def is_dark() -> bool:
    """Whether windows are to be dark: light where nobody says so."""
    chosen = os.environ.get(VARIABLE, "").strip().lower()
    return chosen == "escuro" if chosen in ("escuro", "claro") else _system_is_dark()


if sys.platform == "win32":

    def _system_is_dark() -> bool:
        from integrator.windows.registry import Hive, WindowsRegistry

        return WindowsRegistry().read(Hive.USER, _KEY, "AppsUseLightTheme") == 0

else:

    def _system_is_dark() -> bool:
        return False
