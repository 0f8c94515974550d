"""The display and the applications on it."""

import shutil
from collections.abc import Iterator

import pytest

from integrator.desktop.logview import controls
from integrator.desktop.loop import UiLoop
from integrator.logs import days
from tests.desktop.logview_desk import Today
from tests.desktop.screen import Desk, Screen
from tools.x_server import x_server


@pytest.fixture(scope="session")
def x_display() -> Iterator[str]:
    """The name of one display for the session."""
    if shutil.which("Xvfb") is None or shutil.which("openbox") is None:
        pytest.skip("a display needs Xvfb and openbox")
    with x_server() as name:
        yield name


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the log viewer it stays the day on which the tests began, also after midnight."""
    for module in (controls, days):
        monkeypatch.setattr(module, "date", Today)


@pytest.fixture
def screen(x_display: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """The display, which DISPLAY names for the length of the test."""
    monkeypatch.setenv("DISPLAY", x_display)
    screen = Screen(x_display)
    yield screen
    screen.close()


@pytest.fixture
def desk(screen: Screen) -> Iterator[Desk]:
    """An application at 100 %, light."""
    with screen.application() as root:
        loop = UiLoop(root)
        yield Desk(screen, root, loop)
        loop.close()
