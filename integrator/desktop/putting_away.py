"""Every window of a program that ends goes from the screen, whatever it waits for."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from typing import Final

#: Tk's own questions. Who asked one waits for it inside of Tk, and the program with him, until it is gone.
_OF_TK: Final = "__tk"


def put_away(root: tk.Tk) -> None:
    """Hide what is open below ``root``; questions of Tk's own are answered with nothing."""
    grabbed = str(root.tk.call("grab", "current", root))
    if grabbed:
        root.tk.call("grab", "release", grabbed)
    for path in tuple(_windows(root, ".")):
        if path.rpartition(".")[2].startswith(_OF_TK):
            root.tk.eval(str(root.tk.call("wm", "protocol", path, "WM_DELETE_WINDOW")))  # as if it had been closed
        elif str(root.tk.call("winfo", "class", path)) == "Menu":
            root.tk.call(path, "unpost")
        else:
            root.tk.call("wm", "withdraw", path)


def _windows(root: tk.Tk, path: str) -> Iterator[str]:
    """Below that one, by their paths: Tk makes some that Python knows nothing of."""
    for child in map(str, root.tk.splitlist(root.tk.call("winfo", "children", path))):
        yield from _windows(root, child)
        if str(root.tk.call("winfo", "toplevel", child)) == child:
            yield child
