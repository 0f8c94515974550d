"""A Windows of the tests' own: a wine prefix, in which installers run and whose disk and registry are looked at."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE

#: What a program needs on a computer that does much else; and the making of a whole Windows.
_TIMEOUT_S, _MAKING_S = 120.0, 240.0
_UNINSTALL = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall\Integrador"
_RUN = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Run"

_VERSION = """REGEDIT4

[HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows NT\\CurrentVersion]
"CurrentVersion"="{version}"
"CurrentBuild"="{build}"
"CurrentBuildNumber"="{build}"

[HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\ProductOptions]
"ProductType"="{product}"
"""


@dataclass(frozen=True, slots=True)
class Wine:
    """One prefix. Paths of Windows are given and answered as Windows writes them."""

    prefix: Path
    display: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "WINEPREFIX": str(self.prefix),
            "WINEDEBUG": "-all",
            # No offers to download what is not needed; and nobody who puts shortcuts into the menu of this system and
            # still reads the programs for their icons when the installer has long ended.
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
            "DISPLAY": self.display,
            "LANG": "C.UTF-8",
        }

    def create(self, shelf: Path) -> None:
        """Make the prefix: a Windows 10 of 64 bits.

        Wine works half a minute for one, so a fresh one stays on the shelf, a folder that outlives the tests; this one
        shares its files by hard links, but not the registry, which Wine writes in place.
        """
        version = subprocess.run(["wine", "--version"], capture_output=True, check=True, text=True).stdout.split()[0]
        template = shelf / f"{version}-{os.geteuid()}"
        if not template.exists():
            making = Wine(shelf / f"{template.name}.{os.getpid()}", self.display)
            making.prefix.mkdir()
            making._wait(making.start("wineboot", "--init"), _MAKING_S)
            making.end(wait=True)
            with suppress(OSError):  # others were faster
                making.prefix.rename(template)
            shutil.rmtree(making.prefix, ignore_errors=True)
        subprocess.run(["cp", "-al", f"{template}/.", str(self.prefix)], check=True)
        for registry in template.glob("*.reg"):
            (self.prefix / registry.name).unlink()
            shutil.copy(registry, self.prefix)
        self.pretend()

    def pretend(self, version: str = "10.0", build: int = 19045, *, server: bool = False) -> None:
        """Be that version of Windows."""
        product = "ServerNT" if server else "WinNT"
        file = self.prefix / "drive_c/version.reg"
        file.write_text(_VERSION.format(version=version, build=build, product=product), encoding="ascii")
        assert self.run("regedit", "/S", r"C:\version.reg") == 0

    @contextmanager
    def awake(self) -> Iterator[None]:
        """For the length of the block this Windows stays started: each program of its own would start it anew."""
        shell = subprocess.Popen(
            ["wine", "cmd"], env=self.environment, stdin=PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with shell:  # it ends when nobody can type any more
            yield

    def start(self, *command: str | Path) -> subprocess.Popen[bytes]:
        """Start a program without waiting for it."""
        return subprocess.Popen(
            ["wine", *map(str, command)], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def run(self, *command: str | Path) -> int:
        """Run a program to its end; its exit code."""
        return self._wait(self.start(*command))

    def _wait(self, process: "subprocess.Popen[bytes]", seconds: float = _TIMEOUT_S) -> int:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise

    def running(self) -> list[str]:
        """The command lines of all processes in the prefix."""
        return [_read(process / "cmdline").replace("\0", " ").strip() for process in self._processes()]

    def asleep(self) -> bool:
        """Every thread in the prefix waits for something: none works, and none is kept from working by others."""
        threads = (thread for process in self._processes() for thread in process.glob("task/*/stat"))
        return all(_read(thread).rpartition(")")[2][1:2] in "SZX" for thread in threads)

    def _processes(self) -> list[Path]:
        mark = f"WINEPREFIX={self.prefix}"
        return [each.parent for each in Path("/proc").glob("[0-9]*/environ") if mark in _read(each).split("\0")]

    def end(self, *, wait: bool = False) -> None:
        """End all that runs in the prefix; ``wait``: let it end by itself and write its registry."""
        option = "-w" if wait else "-k"
        subprocess.run(["wineserver", option], env=self.environment, check=False, timeout=_TIMEOUT_S)

    def path(self, windows: str) -> Path:
        """The file of this system behind a path of Windows."""
        return self.prefix / "drive_c" / windows.removeprefix("C:\\").replace("\\", "/")

    def values(self, key: str) -> dict[str, str]:
        """The values of a registry key; empty when the key is not there. Numbers as ``dword:0000001a``."""
        file = self.prefix / "drive_c/exported.reg"
        file.unlink(missing_ok=True)
        self.run("reg", "export", key, r"C:\exported.reg", "/y")
        if not file.exists():
            return {}
        found = (re.fullmatch(r'"(.+?)"="?(.*?)"?', line) for line in file.read_text("utf-16").splitlines())
        return {match[1]: match[2].replace("\\\\", "\\").replace('\\"', '"') for match in found if match}

    def uninstall_entry(self) -> dict[str, str]:
        return self.values(_UNINSTALL)

    def autostart(self) -> str:
        """What Windows starts with the session under the program's name; empty when nothing."""
        return self.values(_RUN).get("Integrador", "")


def _read(file: Path) -> str:
    """Empty once its process is gone, and when that is another user's."""
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
