"""One Windows for all tests of the installer, put in order after each."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.screen import Screen
from tests.installer.machine import Machine
from tests.installer.standins import Installers, make
from tests.installer.wine import Wine
from tools.installer import ensure_makensis
from tools.x_server import x_server


@pytest.fixture(scope="session")
def installers(tmp_path_factory: pytest.TempPathFactory) -> Installers:
    ensure_makensis()
    return make(tmp_path_factory.mktemp("instaladores"))


@pytest.fixture(scope="session")
def _screen() -> Iterator[Screen]:
    if shutil.which("wine") is None or shutil.which("Xvfb") is None or shutil.which("openbox") is None:
        pytest.skip("installers run under wine, on a display of Xvfb and openbox")
    with x_server("1024x768x24") as name:
        screen = Screen(name)
        yield screen
        screen.close()


@pytest.fixture(scope="session")
def _wine(_screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    wine = Wine(tmp_path_factory.mktemp("wine"), _screen.name)
    wine.create(_shelf(tmp_path_factory))
    with wine.awake():
        yield wine
        wine.end()
    shutil.rmtree(wine.prefix, ignore_errors=True)


def _shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on the same disk as the tests' own, which pytest does not tidy up."""
    shelf = tmp_path_factory.getbasetemp().parent / "windows-prontos"
    shelf.mkdir(exist_ok=True)
    return shelf


@pytest.fixture
def machine(_wine: Wine, _screen: Screen, installers: Installers, tmp_path: Path) -> Iterator[Machine]:
    """A Windows 10 without the program, and the installers of two versions."""
    machine = Machine(_wine, _screen, installers)
    yield machine
    machine.clean(tmp_path)
