"""The icon beside the clock by pystray: Windows' own, GTK's or indicator's where they are installed, else plain X.

pystray loses or hangs on what it is told from several threads at once, so that one thread of its own tells it
everything: it takes orders from a queue. Another runs the system's events and calls the menu's actions.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from integrator.desktop.look import TOOLTIP_LIMIT, Look, cut
from integrator.desktop.menu import Entry, Item, Separator
from integrator.desktop.news import Notice
from integrator.desktop.tray import NoTray, Tray
from integrator.logs import log_event

if TYPE_CHECKING:
    import pystray

    from integrator.desktop.tray_icon import SignIcon

log = logging.getLogger(__name__)

#: What Windows takes of a notification; pystray raises on more.
_TITLE_LIMIT: Final = 63
_TEXT_LIMIT: Final = 255
#: At logon the taskbar may come after us, and nobody tells that it had no place for the icon: ask again.
_TRIES_S: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_TRY_ON_S: Final = 30.0
_START_S: Final = 10.0
_CLOSE_S: Final = 3.0

Order = Look | Notice | None


def open_tray(look: Look, lines: Callable[[], tuple[Entry, ...]], popup: Callable[[], object] | None = None) -> Tray:
    """Show the icon. ``lines`` is asked for the menu whenever it is built.

    ``popup`` is called for a right click where the system has no menu (:attr:`Tray.has_menu`). All of them are called
    on the tray's threads. Raises :class:`NoTray` where no icon can be shown.
    """
    tray = _PystrayTray(look, lines, popup)
    tray.start()
    return tray


class _PystrayTray:
    """See :class:`Tray`."""

    def __init__(self, look: Look, lines: Callable[[], tuple[Entry, ...]], popup: Callable[[], object] | None) -> None:
        self._look = look
        self._lines = lines
        self._popup = popup
        self._orders: SimpleQueue[Order] = SimpleQueue()
        self._started = threading.Event()
        self._ended = threading.Event()
        self._icon: SignIcon | None = None
        self._failure = ""

    @property
    def has_menu(self) -> bool:
        return self._icon is not None and self._icon.HAS_MENU

    def start(self) -> None:
        """Wait until the icon is there. Raises :class:`NoTray`."""
        threading.Thread(target=self._run, name="bandeja", daemon=True).start()
        if not self._started.wait(_START_S) or self._failure:
            self._orders.put(None)
            raise NoTray(
                "Esta área de trabalho não tem onde mostrar o ícone do Integrador. O envio continua; para abrir as "
                "janelas, inicie o programa outra vez.",
                detail=self._failure or "the tray did not start",
            )

    def show(self, look: Look) -> None:
        self._orders.put(look)

    def notify(self, title: str, text: str) -> None:
        self._orders.put(Notice(title, text))

    def close(self) -> None:
        self._orders.put(None)
        # A program that ended before would leave a dead icon on Windows until the mouse comes by.
        self._ended.wait(_CLOSE_S)

    def _run(self) -> None:
        """The thread of the system's events."""
        try:
            icon = self._icon = self._make()
        except Exception as error:
            # Whatever pystray or the display raises, there is no icon: X alone knows a dozen errors for it.
            self._failure = repr(error)
            self._started.set()
            return
        try:
            icon.run(self._work)
        except Exception:
            log.exception("action=defect")
        finally:
            self._ended.set()
            self._orders.put(None)

    def _make(self) -> SignIcon:
        from integrator.desktop.tray_icon import icon_class

        icon = icon_class()(self._look.sign, _menu(self._lines))
        if self._popup is not None:
            icon.popup = _safe(self._popup)
        return icon

    def _work(self, icon: pystray.Icon) -> None:
        """The thread of the orders, which pystray starts."""
        assert self._icon is not None
        try:
            icon.visible = True
            self._apply(self._icon, self._look)
        except Exception as error:
            self._failure = repr(error)
            self._orders.put(None)
        self._started.set()
        tries = iter(_TRIES_S)
        again = time.monotonic() + next(tries)
        while True:
            try:
                order = self._orders.get(timeout=max(0.0, again - time.monotonic()))
                if order is None or self._ended.is_set():
                    break
                self._obey(self._icon, order)
            except Empty:
                again = time.monotonic() + next(tries, _TRY_ON_S)
                self._icon.place_again()
            except Exception:
                log.exception("action=defect")  # one order that fails must not end the others
        if not self._ended.is_set():
            icon.stop()

    def _obey(self, icon: SignIcon, order: Look | Notice) -> None:
        match order:
            case Look():
                self._apply(icon, order)
            case Notice(title, text) if icon.HAS_NOTIFICATION:
                icon.notify(cut(text, _TEXT_LIMIT), cut(title, _TITLE_LIMIT))
            case Notice(title, _):
                log_event(log, "notification_not_shown", title=title)

    def _apply(self, icon: SignIcon, look: Look) -> None:
        # A swap writes to the taskbar: only when there is something to see.
        if look.sign is not icon.sign:
            icon.change_sign(look.sign)
        icon.title = cut(look.tooltip, TOOLTIP_LIMIT)
        self._look = look
        icon.refresh_menu()


def _menu(lines: Callable[[], tuple[Entry, ...]]) -> pystray.Menu:
    import pystray

    return pystray.Menu(lambda: [_line(each) for each in lines()])


def _line(entry: Entry) -> pystray.MenuItem:
    import pystray

    if isinstance(entry, Separator):
        return pystray.Menu.SEPARATOR
    below = pystray.Menu(*(_line(each) for each in entry.submenu)) if entry.submenu else None
    return pystray.MenuItem(
        # Windows underlines the letter after a single one.
        entry.label.replace("&", "&&") if sys.platform == "win32" else entry.label,
        below or _safe(entry.action or _nothing),
        checked=None if entry.checked is None else _always(entry),
        default=entry.default,
        enabled=entry.enabled,
    )


def _always(entry: Item) -> Callable[[pystray.MenuItem], bool]:
    return lambda _item: bool(entry.checked)


def _safe(action: Callable[[], object]) -> Callable[[], object]:
    """The action; what it raises is in the log instead of ending the thread of the events, and with it the icon."""

    def run() -> None:
        try:
            action()
        except Exception:
            log.exception("action=defect")

    return run


def _nothing() -> None:
    """A line that only tells."""
