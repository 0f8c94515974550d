"""The icon on a plain X display (XEmbed). X shows neither a menu nor transparency: pystray's icon helped along.

The X library loses events when two threads use one connection: here everything is done by the thread of the events,
which the others wake.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final

from PIL import Image
from pystray import Menu
from pystray._xorg import Icon
from Xlib import X
from Xlib.error import ConnectionClosedError, XError
from Xlib.protocol.event import ButtonPress, DestroyNotify
from Xlib.protocol.rq import Event
from Xlib.xobject.drawable import Window

from integrator.desktop.art import SIZES, picture
from integrator.desktop.sign import Sign

_EVENTS: Final = X.ExposureMask | X.StructureNotifyMask | X.ButtonPressMask
_RIGHT: Final = 3
_PLAIN: Final = "#E2E8F0"
_ANSWER_S: Final = 5.0

Work = Callable[[], None]


def _unused() -> None:
    """Nobody wants to know of a right click."""


class XIcon(Icon):
    """See :class:`integrator.desktop.tray_icon.SignIcon`."""

    def __init__(self, sign: Sign, menu: Menu) -> None:
        self.sign = sign
        self.popup: Callable[[], object] = _unused
        self._jobs: SimpleQueue[tuple[Work, Future[None]]] = SimpleQueue()
        super().__init__("integrador", picture(sign, SIZES[-1]), menu=menu)

    def change_sign(self, sign: Sign) -> None:
        self.sign = sign
        self.icon = picture(sign, SIZES[-1])

    def place_again(self) -> None:
        self._by_own_thread(self._place)

    def refresh_menu(self) -> None:
        """There is none."""

    def _rewrite_implementation(self, *methods: Work) -> None:
        """Called by pystray when it is connected, to have these done by the thread of the events."""
        self._woken, self._wakes = socket.socketpair()
        for method in methods:
            setattr(self, method.__name__, partial(self._by_own_thread, method))

    def _by_own_thread(self, work: Work) -> None:
        if threading.current_thread() is self._thread:
            work()
            return
        done: Future[None] = Future()
        self._jobs.put((work, done))
        self._wakes.send(b".")
        done.result(_ANSWER_S)

    def _run(self) -> None:
        # pystray notes its thread only after it has let the others ask for it.
        self._thread = threading.current_thread()
        try:
            super()._run()
        finally:
            with suppress(XError, ConnectionClosedError):
                self._display.close()
            self._woken.close()
            self._wakes.close()

    def __del__(self) -> None:
        """pystray's own closes a display here that was closed, or never opened."""

    def _events(self) -> Iterator[Event]:
        while True:
            while self._display.pending_events():
                yield self._display.next_event()
            ready, _, _ = select.select([self._display.fileno(), self._woken.fileno()], [], [])
            if self._woken.fileno() in ready:
                self._woken.recv(1)
                self._do_one()

    def _do_one(self) -> None:
        try:
            work, done = self._jobs.get_nowait()
        except Empty:
            return
        try:
            work()
        except Exception as error:
            done.set_exception(error)  # whoever asked for it is told
        else:
            done.set_result(None)

    def _create_window(self) -> Window:
        window = super()._create_window()
        window.change_attributes(event_mask=_EVENTS)  # pystray handles clicks, but does not ask for them
        return window

    def _on_button_press(self, event: ButtonPress) -> None:
        if event.detail == _RIGHT:
            self.popup()
        else:
            super()._on_button_press(event)

    def _on_destroy_notify(self, event: DestroyNotify) -> None:
        if self._systray_manager is not None and event.window.id == self._systray_manager.id:
            self._systray_manager = None  # the next one is looked for by and by

    def _place(self) -> None:
        if self._window.query_tree().parent.id == self._display.screen().root.id:
            self._systray_manager = None
            self._update_icon()

    def _dock_window(self) -> None:
        # pystray asks for a place at each change of the picture; the second time a tray may let go of the icon.
        if self._systray_manager is None:
            super()._dock_window()

    def _get_systray_manager(self) -> Window | None:
        # pystray has the X server listen to nobody else for this one question, which does not need it: whoever keeps
        # this thread from hearing the answer, and asks the server meanwhile, would wait for ever.
        owner: object = self._display.get_selection_owner(self._net_system_tray_sx)
        return owner if isinstance(owner, Window) else None

    def _show(self) -> None:
        if self._get_systray_manager() is not None:
            super()._show()

    def _update_icon(self) -> None:
        # Without anybody who shows icons pystray would log an error with its traceback at each try.
        if self._get_systray_manager() is not None:
            super()._update_icon()

    def _update_title(self) -> None:
        self._window.set_wm_name(self.title.encode("latin-1", "replace"))
        atom = self._display.intern_atom
        self._window.change_property(atom("_NET_WM_NAME"), atom("UTF8_STRING"), 8, self.title.encode())
        self._display.flush()

    def _assert_icon_data(self, width: int, height: int) -> None:
        """The picture that was drawn for this size, in the middle, on what is behind the icon."""
        canvas = self._background(width, height)
        drawn = picture(self.sign, min(width, height))
        if drawn.width > min(width, height):
            drawn = drawn.resize((min(width, height),) * 2, Image.Resampling.LANCZOS)
        canvas.paste(drawn, ((width - drawn.width) // 2, (height - drawn.height) // 2), drawn)
        self._icon_data = canvas

    def _background(self, width: int, height: int) -> Image.Image:
        """What X itself paints there when told to take the background of the window around ours."""
        window = self._window
        try:
            if window.query_tree().parent.get_geometry().depth == window.get_geometry().depth:
                window.change_attributes(background_pixmap=X.ParentRelative)
                window.clear_area(0, 0, width, height)
                seen = window.get_image(0, 0, width, height, X.ZPixmap, 0xFFFFFFFF)
                # Left on, it would forbid that a window of another depth takes ours in.
                window.change_attributes(background_pixmap=X.NONE)
                return Image.frombytes("RGB", (width, height), seen.data, "raw", "BGRX")
        except XError:
            pass  # it is covered, or gone: nobody sees it
        return Image.new("RGB", (width, height), _PLAIN)
