"""Who sits at the shop's computer: a real display with a tray, keys pressed on it, codes read from its picture."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from Xlib import display

from tests.daemon.whole_shop import ROOT, WholeShop
from tests.demo.conftest import target_of
from tests.desktop.screen import PICTURES, Screen
from tests.documents.readers import codes
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.waiting import PATIENCE_S, until_seen
from tools.faults_shop import Shop
from tools.firebird_server import PrivateServer
from tools.x_server import x_server

#: Marks of a module whose tests sit at that computer.
ON_A_SCREEN = [
    pytest.mark.skipif(
        sys.platform == "win32" or shutil.which("trayer") is None, reason="needs Xvfb, openbox and trayer"
    ),
]
#: So many looks in a row, so far apart, at which nobody works.
_QUIET_LOOKS = 6
_LOOK_S = 0.05
_WORKING = frozenset("RD")
_TRAY = (1066, 736, 1366, 768)


@dataclass
class Technician:
    """Who sits at the computer."""

    whole: WholeShop
    screen: Screen

    def start(self, *options: str, knows_password: bool = False) -> subprocess.Popen[bytes]:
        """Start the program as its icon on the desktop does."""
        environment = {**self.whole._environment(), "DISPLAY": self.screen.name}
        if not knows_password:
            del environment["INTEGRATOR_SENHA"]
        with self.whole.said.open("ab") as said:
            return subprocess.Popen(
                [*self.whole._program(), "run", *options], cwd=ROOT, env=environment, stdout=said, stderr=said
            )

    def open(self) -> None:
        """The first start of the day."""
        self.whole.process = self.start()

    def fill(self, letter: str, text: str) -> None:
        """Go to the field of that letter and type over what stands in it."""
        self.screen.key(letter, "Alt_L")
        self.screen.key("slash", "Control_L")
        self.screen.type(text)

    def press(self, letter: str) -> None:
        """The button of that letter."""
        self.screen.key(letter, "Alt_L")

    def until(self, true: Callable[[], object], what: str) -> None:
        """Wait for it; a picture of the screen is kept when it does not come."""

        def told() -> str:
            self.screen.shot("falta")
            return f"see {PICTURES}\n{self.whole.log()[-4000:]}"

        until_seen(true, what, told)

    def code(self) -> str:
        """What a phone's camera reads on the screen."""
        return codes(self.screen.shot()).get("QR", "")

    def look(self, name: str = "", *, window: str = "") -> None:
        """Until what was just done can be seen, and the window of that title hears; a picture of it is kept."""
        self.until(lambda: self.screen.listening().startswith(window) and _nobody_works(), f"the window {window!r}")
        self.screen.shot(name)

    def shown(self) -> str:
        """The sign that icon and windows show."""
        return self.whole.log().rpartition("action=shown sign=")[2].partition("\n")[0]

    def tried(self, deed: str) -> int:
        """How often the connection window's process ended that deed."""
        return self.whole.log().count(f"action=connection_trial of={deed} end=")

    def tray(self) -> bytes:
        return self.screen.shot().crop(_TRAY).tobytes()


@contextmanager
def technician_at(firebird: PrivateServer, folder: Path) -> Iterator[Technician]:
    """An empty database, a WhatsApp of the shop's own and a display; the program is not started yet."""
    shop = Shop(target_of(firebird, firebird.create_database(f"{folder.name}.fdb", "WIN1252")))
    with (
        closing(shop),
        FakeWhatsApp(folder / "servidor") as server,
        x_server("1366x768x24") as name,
        closing(WholeShop(shop, firebird, [server], folder / "dados do João é")) as whole,
    ):
        whole.configure()
        tray = subprocess.Popen(
            [*("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "pixel", "--width", "300")],
            env={"DISPLAY": name, "PATH": "/usr/bin"},
        )
        try:
            with closing(Screen(name)) as screen:
                technician = Technician(whole, screen)
                technician.until(lambda: _has_tray(name), "the tray")
                yield technician
        finally:
            tray.terminate()
            tray.wait(PATIENCE_S)


def _has_tray(name: str) -> bool:
    """Whether somebody shows the icons of that display."""
    with closing(display.Display(name)) as connection:
        return bool(connection.get_selection_owner(connection.intern_atom("_NET_SYSTEM_TRAY_S0")))


def _nobody_works() -> bool:
    """Whether program, display and database rest: none of their threads works, or waits for processor or disk.

    However long a busy computer takes, who still has something to do is not at rest.
    """
    for _ in range(_QUIET_LOOKS):
        if any(_works(process) for process in _started_here()):
            return False
        time.sleep(_LOOK_S)
    return True


def _started_here() -> list[int]:
    """The processes that this one started, and theirs."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        if status := _status(entry):
            parents[int(entry.name)] = int(status[1])
    found, left = [], [os.getpid()]
    while left:
        parent = left.pop()
        children = [process for process, its_parent in parents.items() if its_parent == parent]
        found += children
        left += children
    return found


def _works(process: int) -> bool:
    return any(status[0] in _WORKING for task in Path(f"/proc/{process}/task").glob("*") if (status := _status(task)))


def _status(entry: Path) -> list[str]:
    """What the system tells of a process or thread, from its state on; empty when it is gone."""
    try:
        return (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
