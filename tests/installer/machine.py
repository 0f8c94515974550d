"""The computer on which a test installs: what was put on it, what was called, and the wizard on its screen."""

import re
import shutil
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageChops

from tests.desktop.screen import PICTURES, Screen
from tests.installer.standins import Installers
from tests.installer.wine import Wine
from tests.waiting import PATIENCE_S, NotSeen, eventually, until_seen

PROGRAM = r"C:\Program Files\Integrador"
DATA = r"C:\ProgramData\Integrador"
_MENU = r"C:\ProgramData\Microsoft\Windows\Start Menu\Programs\Integrador"
_CONTROLS = (
    *("held", "running", "quit", "stubborn", "service", "stopped", "console-fails", "status-fails", "remove-fails"),
    *("calls.txt", "holder.exe"),
)
_KEYS = (
    r"HKEY_LOCAL_MACHINE\Software\Microsoft\Windows\CurrentVersion\Uninstall\Integrador",
    r"HKEY_CURRENT_USER\Software\Integrador",
)
_OURS = re.compile(r"setup-\d\.exe|Integrador\.exe|integrator-cli\.exe|Desinstalar\.exe|~nsu|holder\.exe")
#: By which an installer runs programs; it stays, and does nothing, when its installer was killed meanwhile.
_HELPER = re.compile(r"\\ns\w+\.tmp\\ns\w+\.tmp ")
#: A tenth of a second each: how long all must be quiet until a page is there, and until a key was not heard.
_AT_REST, _NOT_HEARD = 3, 10
_TRIES = 8
_CLEAN = 'REGEDIT4\n\n{}[HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]\n"Integrador"=-\n'


@dataclass(frozen=True, slots=True)
class Machine:
    """Answers of the stand-ins are steered by :meth:`put`: ``stubborn``, ``stopped``, ``console-fails``…"""

    wine: Wine
    screen: Screen
    installers: Installers
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _installed: list[Path] = field(default_factory=list)

    def install(self, installer: Path, *switches: str) -> int:
        """Install silently, without opening the program; the exit code. A folder is given last, and without quotes."""
        words = [word for switch in switches for word in (switch.split(" ") if switch.startswith("/D=") else [switch])]
        code = self.wine.run(installer, "/S", "/SEMABRIR", *words)
        if code in (0, 11):
            self._installed.append(installer)
        return code

    def uninstall(self, *switches: str) -> None:
        """Uninstall silently and wait for the end: the uninstaller goes on from a copy of its own."""
        self.wine.run(rf"{PROGRAM}\Desinstalar.exe", "/S", *switches)
        eventually(lambda: not self.wine.path(DATA).exists() or "Desinstalação terminada." in self.log())
        eventually(lambda: not self._running())  # while it is ending nobody else may install

    def start(self, *command: str | Path) -> "subprocess.Popen[bytes]":
        """Start a program without waiting for it; it has ended when the test is over."""
        process = self.wine.start(*command)
        self._started.append(process)
        return process

    def start_program(self) -> "subprocess.Popen[bytes]":
        """The program as somebody opens it; it runs until asked to end."""
        process = self.start(rf"{PROGRAM}\Integrador.exe")
        eventually(lambda: self.is_there("running"))
        return process

    def hold(self, path: str) -> None:
        """Keep a file open, from a program elsewhere."""
        elsewhere = self.wine.path("holder.exe")
        shutil.copy(self.wine.path(rf"{PROGRAM}\integrator-cli.exe"), elsewhere)
        self.start(r"C:\holder.exe", "hold", *path.split(" "))
        eventually(lambda: self.is_there("held"))

    def let_go(self) -> None:
        """The held file is free again."""
        self.remove("held")
        self._started.pop().wait(PATIENCE_S)

    def put(self, control: str) -> None:
        self.wine.path(control).touch()

    def remove(self, control: str) -> None:
        self.wine.path(control).unlink(missing_ok=True)

    def is_there(self, control: str) -> bool:
        return self.wine.path(control).exists()

    def calls(self) -> list[str]:
        """How the stand-in programs were called, in order."""
        path = self.wine.path("calls.txt")
        return path.read_bytes().decode("utf-16-le").splitlines() if path.exists() else []

    def log(self) -> str:
        path = self.wine.path(rf"{DATA}\registro\instalacao.log")
        return path.read_bytes().decode("utf-8") if path.exists() else ""

    def files(self, folder: str = PROGRAM) -> dict[str, bytes]:
        """What is below a folder, by relative path."""
        root = self.wine.path(folder)
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def shortcuts(self) -> list[str]:
        return sorted(self.files(_MENU))

    def open_wizard(self, program: str | Path, *switches: str) -> "subprocess.Popen[bytes]":
        """Start an installer or uninstaller as a person does, and wait for its first page to listen.

        On a busy computer another window comes first: that of the installer checking itself.
        """
        process = self.start(program, *switches)
        until_seen(lambda: "Integrador" in self.screen.listening())
        self.settle()
        return process

    def last_told(self) -> str:
        """The last line of the log of installations."""
        return self.log().rpartition("\n")[0].rpartition("\n")[2]

    def wait_for(self, *told: str) -> None:
        """Until the log of installations ends with one of these, and its picture is there."""
        eventually(lambda: any(each in self.last_told() for each in told))
        self.settle()

    def press(self, key: str, *held: str) -> None:
        """Press a key and wait for the picture that it makes."""
        self.hit(key, *held)
        self.settle()

    def hit(self, key: str, *held: str) -> None:
        """Press a key until the picture begins to change: with one that Wine did not hear, nobody does anything."""
        before = self.screen.shot()
        for _ in range(_TRIES):
            self.screen.key(key, *held)
            if self._changes(before):
                return
        raise NotSeen(f"nothing came of {key}")

    def _changes(self, before: Image.Image) -> bool:
        """Whether the picture becomes another one before all have been asleep for a while."""
        asleep, deadline = 0, time.monotonic() + PATIENCE_S
        while asleep < _NOT_HEARD:
            if time.monotonic() > deadline:
                raise NotSeen("somebody is at work and shows nothing")
            if _differ(before, self.screen.shot()):
                return True
            asleep = asleep + 1 if self.wine.asleep() else 0
            time.sleep(0.1)
        return False

    def leave(self, wizard: "subprocess.Popen[bytes]") -> int:
        """Press what is offered, the last button of all; the exit code."""
        self.hit("Return")
        return wizard.wait(PATIENCE_S)

    def picture(self, name: str) -> None:
        """Keep what is on the screen, for people to look at."""
        path = PICTURES / "instalador" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = self.screen.shot()
        picture.crop(picture.getbbox()).save(path)

    def settle(self) -> None:
        """Until nothing moves on the screen, and nobody is about to move it."""
        last, still = self.screen.shot(), 0
        deadline = time.monotonic() + PATIENCE_S
        while still < _AT_REST:
            if time.monotonic() > deadline:
                raise NotSeen("the screen does not come to rest")
            time.sleep(0.1)
            asleep, now = self.wine.asleep(), self.screen.shot()
            still = still + 1 if asleep and not _differ(last, now) else 0
            last = now

    def clean(self, scratch: Path) -> None:
        """As before the first installation, whatever a test left; fails when it left something that does not end."""
        self.remove("held")
        with suppress(AssertionError):
            eventually(self._has_quit)
        left = self._running()
        if left:
            self.wine.end()
        for process in self._started:
            process.wait(PATIENCE_S)
        if self._installed or self._started:
            file = scratch / "clean.reg"
            file.write_text(_CLEAN.format("".join(f"[-{key}]\n\n" for key in _KEYS)), encoding="ascii")
            assert self.wine.run("regedit", "/S", file) == 0
        for folder in (PROGRAM, DATA, _MENU):
            shutil.rmtree(self.wine.path(folder), ignore_errors=True)
        for control in _CONTROLS:
            self.remove(control)
        assert not left, f"had to be ended: {left}"

    def _has_quit(self) -> bool:
        """Also a program that only now begins, opened by an installer, is asked to."""
        if self.is_there("running"):
            self.put("quit")
        return not self._running()

    def _running(self) -> list[str]:
        """What is at work of the program, its installer and its uninstaller."""
        return [each for each in self.wine.running() if _OURS.search(each) and not _HELPER.search(each)]


def _differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox() is not None
