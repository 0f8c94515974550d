"""The hidden window that all others belong to."""

from __future__ import annotations

import tkinter as tk

from integrator.domain.errors import IntegratorError


class NoDisplay(IntegratorError):
    """There is nowhere to show a window."""

    title = "Sem tela"


def open_root() -> tk.Tk:
    """Begin a Tk application, without anything to be seen yet. Raises :class:`NoDisplay`."""
    try:
        root = tk.Tk(className="Integrador")
    except tk.TclError as error:
        raise NoDisplay(
            "Esta sessão não tem tela onde abrir janelas. Sem ícone nem janelas, use: integrator run --headless",
            detail=str(error),
        ) from error
    root.withdraw()
    root.title("Integrador")
    return root
