"""A real X display of the tests' own: windows are shown on it, clicked and typed into by XTEST, and photographed.

Tk runs in the test's process, on its main thread; :meth:`Screen.pump` lets it work.
"""

import time
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from PIL import Image, ImageGrab
from Xlib import XK, X, display
from Xlib.error import BadWindow
from Xlib.ext import xtest

from integrator.desktop.kit.theme import dress
from integrator.desktop.loop import UiLoop
from tests.waiting import PATIENCE_S, NotSeen
from tools.environment import ROOT
from tools.x_server import manager_answers

#: What the windows looked like; CI keeps the folder.
PICTURES = ROOT / ".pictures"
#: Whether something fits depends on the scale alone; the dark one is the largest.
LOOKS = pytest.mark.parametrize(
    ("factor", "dark"), [(1.0, False), (1.5, False), (2.0, True)], ids=["100-light", "150-light", "200-dark"]
)
#: These may have less room than they ask for: what is in them is scrolled, or is their children's.
_SCROLLING = frozenset({"TEntry", "TCombobox", "Text", "Canvas", "Treeview", "TFrame", "TScrollbar"})
_KEYS = {" ": "space", "\t": "Tab", "\n": "Return"}
#: A window that is told of its size may ask for another one, and once more.
_ROUNDS = 3


class Screen:
    """One display with the mouse and the keyboard of a person."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._x = display.Display(name)
        self._root: tk.Tk | None = None
        seen = self._x.screen()
        # Where the last test left it, a menu may open below it.
        xtest.fake_input(self._x, X.MotionNotify, x=seen.width_in_pixels - 1, y=seen.height_in_pixels - 1)
        self._x.sync()

    def close(self) -> None:
        self._x.close()

    @contextmanager
    def application(self, *, factor: float = 1.0, dark: bool = False) -> Iterator[tk.Tk]:
        """A Tk application on this display, dressed, its root window hidden; gone after the block."""
        root = tk.Tk(self.name)
        root.withdraw()
        dress(root, dark=dark, factor=factor)
        self._root = root
        try:
            yield root
        finally:
            self._root = None
            root.destroy()

    def pump(self, until: Callable[[], object] = lambda: True, *, seconds: float = PATIENCE_S) -> None:
        """Let Tk work until that is so. Fails with what was waited for."""
        assert self._root is not None
        deadline = time.monotonic() + seconds
        while True:
            self._root.update()
            if until():
                return
            if time.monotonic() > deadline:
                raise NotSeen("what was waited for did not happen")
            time.sleep(0.005)

    def settle(self) -> None:
        """Until the X server and the window manager have done all that was asked of them so far, and Tk knows of it.

        Each of them may stand still for seconds on a busy computer: a window that Tk calls visible may still be on its
        way to its place, its size or the keyboard.
        """
        for _ in range(_ROUNDS):
            self._exchange()
            self._wait_for_manager()
            self._exchange()
        if self._root is not None:
            self._root.update()

    def click(self, widget: tk.Misc, *, button: int = 1) -> None:
        """Press the mouse in the middle of the widget, which must be visible there."""
        self.pump(widget.winfo_viewable)
        self.settle()
        x = widget.winfo_rootx() + widget.winfo_width() // 2
        y = widget.winfo_rooty() + widget.winfo_height() // 2
        self.click_at(x, y, button=button)

    def click_at(self, x: int, y: int, *, button: int = 1) -> None:
        """Press the mouse at that point of the screen."""
        xtest.fake_input(self._x, X.MotionNotify, x=x, y=y)
        self._sync()
        xtest.fake_input(self._x, X.ButtonPress, button)
        xtest.fake_input(self._x, X.ButtonRelease, button)
        self._sync()

    def type(self, text: str) -> None:
        """Type into what has the focus: ASCII letters, digits and signs."""
        for letter in text:
            self.key(_KEYS.get(letter, letter))

    def key(self, name: str, *held: str) -> None:
        """Press a key by its X name (``Tab``, ``Return``, ``a``) while ``held`` ones (``Alt_L``) are down.

        The application's window hears it: the key waits until that one has the keyboard.
        """
        if self._root is not None:
            self.pump(self._is_heard)
        codes = [self._code(each)[0] for each in held]
        code, shifted = self._code(name)
        codes += [self._code("Shift_L")[0]] if shifted else []
        for each in codes:
            xtest.fake_input(self._x, X.KeyPress, each)
        xtest.fake_input(self._x, X.KeyPress, code)
        xtest.fake_input(self._x, X.KeyRelease, code)
        for each in reversed(codes):
            xtest.fake_input(self._x, X.KeyRelease, each)
        self._sync()

    def listening(self) -> str:
        """The title of the window that hears the keyboard; empty while none does."""
        window = self._x.get_input_focus().focus
        try:
            while window and not isinstance(window, int):
                if title := window.get_wm_name():
                    return str(title)
                window = window.query_tree().parent
        except BadWindow:  # gone meanwhile
            pass
        return ""

    @contextmanager
    def holding(self, name: str) -> Iterator[None]:
        """A key is down for the length of the block."""
        code, _ = self._code(name)
        xtest.fake_input(self._x, X.KeyPress, code)
        try:
            yield
        finally:
            xtest.fake_input(self._x, X.KeyRelease, code)
            self._sync()

    def shot(self, name: str = "", window: tk.Misc | None = None) -> Image.Image:
        """A photograph of the window (None: of the whole screen); kept under ``name`` among the pictures."""
        self.settle()
        box = None
        if window is not None:
            left, top = window.winfo_rootx(), window.winfo_rooty()
            box = (left, top, left + window.winfo_width(), top + window.winfo_height())
        picture = ImageGrab.grab(bbox=box, xdisplay=self.name)
        if name:
            path = PICTURES / "desktop" / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            picture.save(path, compress_level=1)
        return picture

    def _code(self, name: str) -> tuple[int, bool]:
        symbol = XK.string_to_keysym(name) or (ord(name) if len(name) == 1 else 0)
        code = self._x.keysym_to_keycode(symbol)
        assert code, f"no key for {name!r}"
        return code, len(name) == 1 and self._x.keycode_to_keysym(code, 0) != symbol

    def _is_heard(self) -> bool:
        """The window that has the keyboard for Tk has it for X, too; menus and lists hear through the one below."""
        assert self._root is not None
        call = self._root.tk.call
        focused = str(call("focus", "-displayof", "."))
        if not focused:
            return False
        window = call("winfo", "toplevel", focused)
        if call("wm", "overrideredirect", window):
            return bool(self.listening())
        inner = self._x.create_resource_object("window", int(str(call("winfo", "id", window)), 16))
        try:
            return bool(self._x.get_input_focus().focus == inner.query_tree().parent)
        except BadWindow:  # gone meanwhile
            return False

    def _sync(self) -> None:
        """What was pressed has come to its window, and was answered there."""
        self._x.sync()
        self._wait_for_manager()
        for _ in range(2):  # what it made Tk ask for has come, too
            self._exchange()
        if self._root is not None:
            self._root.update()

    def _exchange(self) -> None:
        """Tk works; what it asked of the X server is done, and what that one had to tell has come."""
        if self._root is not None:
            self._root.update()
            self._root.winfo_pointerxy()  # a question, answered after everything before it

    def _wait_for_manager(self) -> None:
        """Now also a click is through that it looked at first."""
        if not manager_answers(self._x, PATIENCE_S):
            raise NotSeen("the window manager does not answer")


@dataclass(frozen=True, slots=True)
class Desk:
    """An application on the screen with its loop, as the windows want them."""

    screen: Screen
    root: tk.Tk
    loop: UiLoop


def cut_off(window: tk.Misc) -> list[str]:
    """The visible widgets in it that have less room than they ask for, and labels outside of the window."""
    found = []
    for child in window.winfo_children():
        found += cut_off(child)
        if not child.winfo_viewable() or isinstance(child, tk.Toplevel):
            continue
        scrolls = child.winfo_class() in _SCROLLING
        if not scrolls and (
            child.winfo_width() < child.winfo_reqwidth() or child.winfo_height() < child.winfo_reqheight()
        ):
            found.append(f"{child} {child.winfo_class()} {child.winfo_width()}x{child.winfo_height()}")
    return found
