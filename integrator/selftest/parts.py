"""Checks of the parts around the engine: tray, windows, and the program's own child processes."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from integrator.gateways.embedded.child import Child, program
from integrator.gateways.embedded.protocol import VERSION, End, Ended, Hello, News, Start
from integrator.gateways.simulator.process import start_simulator

#: Nobody listens there: the library tries to connect and is refused on this very computer, so nothing leaves it.
_NOWHERE: Final = "http://127.0.0.1:9"
_ENGINE_S: Final = 30.0
_NO_DISPLAY: Final = "sem tela nesta sessão"


class PartFailed(Exception):
    """The text is for people."""


def tray() -> str:
    """The library of the icon, with its way of this system; without a display only Linux cannot load it."""
    if not _has_display():
        return _NO_DISPLAY
    from integrator.desktop.tray_icon import icon_class

    return getattr(icon_class(), "__name__", "ícone")


def windows() -> str:
    """A window is made, not shown, and its themes are there; without a display only the language of Tk is tried."""
    import tkinter as tk
    from tkinter import ttk

    if not _has_display():
        return f"Tcl {tk.Tcl().eval('info patchlevel')}, {_NO_DISPLAY}"
    root = tk.Tk()
    try:
        root.withdraw()
        if "clam" not in ttk.Style(root).theme_names():
            raise PartFailed("os temas das janelas não foram encontrados")
        return f"Tk {root.eval('info patchlevel')}, tela de {root.winfo_screenwidth()}×{root.winfo_screenheight()}"
    finally:
        root.destroy()


def engine() -> str:
    """A worker is started, greets, and loads the library and its definitions; it is not let out to WhatsApp."""
    news: SimpleQueue[News] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="integrador-", ignore_cleanup_errors=True) as folder:
        worker = Child(program(), news.put)
        try:
            worker.post(Start(str(Path(folder) / "sessao"), _NOWHERE))
            return _heard(news)
        except Exception as error:
            raise PartFailed(f"{error} {worker.complaints}".strip()) from error
        finally:
            worker.kill()


def simulator() -> str:
    """The simulator is started, answers and ends."""
    with tempfile.TemporaryDirectory(prefix="integrador-", ignore_cleanup_errors=True) as folder:
        with start_simulator(Path(folder)) as running:
            gateway = running.gateway()
            state = gateway.condition().state
            gateway.close()
        return f"respondeu em processo próprio: {state.value}"


def _heard(news: SimpleQueue[News]) -> str:
    """What the library is, once it has tried to connect."""
    deadline = time.monotonic() + _ENGINE_S
    greeting: Hello | None = None
    while True:
        try:
            told = news.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty as error:
            raise PartFailed(f"o processo não respondeu em {_ENGINE_S:.0f} segundos") from error
        match told:
            case Hello():
                greeting = told
            case Ended(End.OFFLINE.value) if greeting is not None and greeting.version == VERSION:
                return f"neonize {greeting.library} carregada em processo próprio"
            case Ended(why, detail):
                raise PartFailed(f"o processo terminou: {why} {detail}")
            case _:
                continue


def _has_display() -> bool:
    return sys.platform == "win32" or bool(os.environ.get("DISPLAY"))
