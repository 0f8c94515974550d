"""The icon beside the clock on a real display, shown by a real tray, clicked with a real mouse."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import Any

import pytest
from PIL import Image, ImageChops
from Xlib.display import Display
from Xlib.error import BadDrawable, BadWindow
from Xlib.xobject.drawable import Window

from integrator.desktop import tray_pystray
from integrator.desktop.art import picture
from integrator.desktop.look import Look
from integrator.desktop.menu import Entry, Item
from integrator.desktop.sign import Sign
from integrator.desktop.tray import NoTray, Tray
from integrator.desktop.tray_pystray import open_tray
from tests.desktop.screen import Screen
from tests.waiting import eventually, until_seen
from tools.x_server import x_server

IDLE = Look(
    Sign.IDLE, "Integrador · próximo envio 08:00 · 42 na fila", "Próximo envio 08:00 · 42 na fila", running=True
)
PAUSED = Look(Sign.PAUSED, "Integrador · pausado até alguém retomar…", "Pausado", running=True, paused=("principal",))
_WAIT_S = 30.0


@contextmanager
def trayer(display: str) -> Iterator[None]:
    """The program that shows icons, in a corner of the display; ended with the block."""
    command = ["trayer", "--edge", "top", "--align", "left", "--SetPartialStrut", "false", "--height", "24"]
    process = subprocess.Popen(command, env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL)
    connection = Display(display)
    selection = connection.intern_atom("_NET_SYSTEM_TRAY_S0")
    try:
        until_seen(lambda: connection.get_selection_owner(selection))
        yield
    finally:
        connection.close()
        process.terminate()
        process.wait(_WAIT_S)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy computer starts an icon late; whoever waits for a thing that never comes waits too long to be missed."""
    monkeypatch.setattr(tray_pystray, "_START_S", _WAIT_S)
    monkeypatch.setattr(tray_pystray, "_CLOSE_S", 2 * _WAIT_S)


@pytest.fixture
def shown(screen: Screen) -> Iterator[Screen]:
    """The display with something that shows icons."""
    if shutil.which("trayer") is None:
        pytest.skip("an icon is shown by trayer")
    with trayer(screen.name):
        yield screen


@contextmanager
def tray(look: Look, entries: tuple[Entry, ...] = (), popup: Callable[[], object] | None = None) -> Iterator[Tray]:
    opened = open_tray(look, lambda: entries, popup)
    try:
        yield opened
    finally:
        opened.close()


def test_the_icon_appears_and_its_sign_changes(shown: Screen) -> None:
    with tray(IDLE) as icon:
        until_seen(lambda: _sign(shown) is Sign.IDLE)
        icon.show(PAUSED)
        until_seen(lambda: _sign(shown) is Sign.PAUSED)
        shown.shot("tray-paused")
    until_seen(lambda: _place(shown) is None)


def test_many_changes_in_a_row_end_with_the_last(shown: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrator.desktop.tray_xorg._ANSWER_S", 2 * _WAIT_S)
    with tray(IDLE) as icon:
        for _ in range(20):
            icon.show(PAUSED)
            icon.show(IDLE)
        icon.show(PAUSED)
        until_seen(lambda: _sign(shown) is Sign.PAUSED)
        began = time.monotonic()
    assert time.monotonic() - began < _WAIT_S, "closing waited for an event that was lost"


def test_the_icon_never_has_the_display_to_itself(shown: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    grabbed: list[object] = []
    monkeypatch.setattr("Xlib.display.Display.grab_server", grabbed.append)
    with tray(IDLE) as icon:
        icon.show(PAUSED)
        until_seen(lambda: _sign(shown) is Sign.PAUSED)
    assert grabbed == []


def test_an_icon_whose_display_goes_away_ends_without_holding_anything_up(monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("Xvfb") is None or shutil.which("openbox") is None:
        pytest.skip("a display needs Xvfb and openbox")
    with x_server("200x100x24") as name:
        monkeypatch.setenv("DISPLAY", name)
        opened = open_tray(IDLE, lambda: ())
    opened.show(PAUSED)
    began = time.monotonic()
    opened.close()
    assert time.monotonic() - began < _WAIT_S, "closing waited for a display that is gone"


def test_what_is_behind_the_icon_is_seen_through_it(shown: Screen) -> None:
    with tray(IDLE):
        until_seen(lambda: _sign(shown) is Sign.IDLE)
        left, top, right, bottom = _there(shown)
        photograph = shown.shot("tray-idle").crop((left, top, right, bottom))
        beside = shown.shot().getpixel((right + 1, bottom - 1))
    assert photograph.getpixel((right - left - 1, bottom - top - 1)) == beside


def test_the_tooltip_is_the_name_of_the_window_in_full(shown: Screen) -> None:
    with tray(IDLE) as icon:
        icon.show(PAUSED)
        until_seen(lambda: _name(shown) == PAUSED.tooltip)


def test_a_click_on_the_icon_does_the_default_line_and_a_right_click_asks_for_the_menu(shown: Screen) -> None:
    done: SimpleQueue[str] = SimpleQueue()
    lines = (Item("Sobre", lambda: done.put("sobre")), Item("Abrir painel", lambda: done.put("painel"), default=True))
    with tray(IDLE, lines, lambda: done.put("menu")) as icon:
        until_seen(lambda: _sign(shown) is Sign.IDLE)
        _click(shown, 1)
        assert done.get(timeout=_WAIT_S) == "painel"
        _click(shown, 3)
        assert done.get(timeout=_WAIT_S) == "menu"
        assert not icon.has_menu


def test_an_action_that_fails_leaves_the_icon_alive(shown: Screen, caplog: pytest.LogCaptureFixture) -> None:
    done: SimpleQueue[str] = SimpleQueue()
    fails = iter((True, False))

    def action() -> None:
        if next(fails):
            raise ValueError("a defect")
        done.put("painel")

    with tray(IDLE, (Item("Abrir painel", action, default=True),)):
        until_seen(lambda: _sign(shown) is Sign.IDLE)
        _click(shown, 1)
        eventually(lambda: "a defect" in caplog.text)
        _click(shown, 1)
        assert done.get(timeout=_WAIT_S) == "painel"


def test_an_icon_that_came_before_the_tray_is_placed_when_the_tray_comes(
    screen: Screen, caplog: pytest.LogCaptureFixture
) -> None:
    if shutil.which("trayer") is None:
        pytest.skip("an icon is shown by trayer")
    with tray(IDLE):
        assert _place(screen) is None
        with trayer(screen.name):
            until_seen(lambda: _sign(screen) is Sign.IDLE)
    assert not [each for each in caplog.records if each.name.startswith("pystray")]


def test_a_notification_that_cannot_be_shown_is_in_the_log(shown: Screen, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    with tray(IDLE) as icon:
        icon.notify("12 mensagens aguardam sua confirmação", "Só saem depois do seu sim.")
        eventually(lambda: "notification_not_shown" in caplog.text)
    assert "12 mensagens" in caplog.text


def test_without_a_display_it_is_told_that_there_is_no_place_for_an_icon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(NoTray) as told:
        open_tray(IDLE, lambda: ())
    assert "O envio continua" in told.value.message


def test_closing_leaves_no_thread(shown: Screen) -> None:
    before = set(threading.enumerate())
    with tray(IDLE):
        pass
    eventually(lambda: set(threading.enumerate()) <= before)


def _windows(within: Window) -> Iterator[Window]:
    with suppress(BadWindow):  # gone meanwhile
        for child in within.query_tree().children:
            yield child
            yield from _windows(child)


def _ours(screen: Screen) -> tuple[Display, Any]:
    connection = Display(screen.name)
    found = next((each for each in _windows(connection.screen().root) if _class(each) == "integrador"), None)
    return connection, found


def _class(window: Window) -> str:
    with suppress(BadWindow):
        named = window.get_wm_class()
        return named[1] if named else ""
    return ""


def _name(screen: Screen) -> str:
    connection, window = _ours(screen)
    try:
        atom = connection.intern_atom
        told = window.get_full_property(atom("_NET_WM_NAME"), atom("UTF8_STRING")) if window is not None else None
        return told.value.decode() if told is not None else ""
    finally:
        connection.close()


def _place(screen: Screen) -> tuple[int, int, int, int] | None:
    """Where the icon is on the screen; None while no tray shows it."""
    connection, window = _ours(screen)
    try:
        root = connection.screen().root
        if window is None or window.query_tree().parent.id == root.id:
            return None
        size, at = window.get_geometry(), window.translate_coords(root, 0, 0)
        return -at.x, -at.y, -at.x + size.width, -at.y + size.height
    except (BadWindow, BadDrawable):  # gone meanwhile
        return None
    finally:
        connection.close()


def _there(screen: Screen) -> tuple[int, int, int, int]:
    place = _place(screen)
    assert place is not None
    return place


def _click(screen: Screen, button: int) -> None:
    left, top, right, bottom = _there(screen)
    screen.click_at((left + right) // 2, (top + bottom) // 2, button=button)


def _sign(screen: Screen) -> Sign | None:
    """Which of our pictures is seen there."""
    place = _place(screen)
    if place is None:
        return None
    seen = screen.shot().crop(place)
    return next((sign for sign in Sign if _looks_like(seen, sign)), None)


def _looks_like(seen: Image.Image, sign: Sign) -> bool:
    """Whether every pixel that the picture covers wholly has the picture's colour."""
    drawn = picture(sign, min(seen.size))
    whole = drawn.getchannel("A").point(lambda alpha: 255 * (alpha == 255))
    canvas = seen.copy()
    canvas.paste(drawn, ((seen.width - drawn.width) // 2, (seen.height - drawn.height) // 2), whole)
    return ImageChops.difference(seen, canvas).getbbox() is None
