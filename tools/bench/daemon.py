"""The product as a technician starts it, `integrator run --headless`, watched from outside by its own log."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from integrator.paths import log_folder
from tools.bench.place import Place
from tools.environment import ROOT

_PATIENCE_S = 60.0
_STOP_S = 30.0
_LOOK_S = 0.02
READY = re.compile(r"action=ready\b")
POSTED = re.compile(r"action=posted\b.*outcome=Sent\b")
FINISHED = re.compile(r"action=finished\b.*state=enviada\b")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process holds and has used: resident megabytes (10^6), seconds of processor."""

    resident_mb: float
    cpu_s: float


class Daemon:
    """The daemon in a process of its own; a context manager that ends it as Ctrl+C would.

    `program`: the module that is run, with what it is told before the product's own arguments.
    """

    def __init__(self, place: Place, config: Path, data: Path, program: Sequence[str] = ("integrator",)) -> None:
        command = [sys.executable, "-m", *program, "--config", str(config), "--dados", str(data)]
        self._log = log_folder(data)
        self._output = data / "output.txt"
        with self._output.open("wb") as output:
            self._began = datetime.now()
            self._process = subprocess.Popen(
                [*command, "run", "--headless"],
                cwd=ROOT,
                env=place.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def began(self) -> float:
        """When its process was started, Unix seconds."""
        return self._began.timestamp()

    def seconds_to(self, event: re.Pattern[str]) -> float:
        """Seconds from the process' start to its first event of that kind, by the log's own milliseconds.

        RuntimeError when the daemon ends before or takes more than a minute.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and self._process.poll() is None:
            for at, line in self._events():
                if event.search(line):
                    return (at - self._began).total_seconds()
            time.sleep(_LOOK_S)
        said = self._output.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"no {event.pattern!r} from the daemon:\n{said}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _events(self) -> list[tuple[datetime, str]]:
        """The complete lines of this run; the log of a folder in use has older ones too."""
        files = sorted(self._log.glob("*.log"))
        lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines(keepends=True)]
        dated = [(_instant(line), line) for line in lines if line.endswith("\n")]
        return [(at, line) for at, line in dated if at is not None and at >= self._began]


def _instant(line: str) -> datetime | None:
    """When a line was logged; None for the lines of a traceback."""
    try:
        return datetime.fromisoformat(line.partition(" ")[0])
    except ValueError:
        return None


def usage(pid: int) -> Usage:
    """Of that process alone, its children (the simulator) left out; from /proc."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    resident_kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return Usage(resident_kib * 1024 / 1e6, ticks / os.sysconf("SC_CLK_TCK"))


def own_share_mb(pid: int) -> float:
    """Megabytes (10^6) that a process holds, where each page of several is divided among them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def attach_command(place: Place, path: Path, then: str = "") -> list[str]:
    """A bare Python that attaches to that database, does `then` and detaches: the floor of a daemon."""
    server = place.server
    script = (
        f"import fdb\nfdb.load_api({str(server.client_library)!r})\n"
        f"c = fdb.connect({server.dsn(path)!r}, {server.user!r}, {server.password!r}, charset='UTF8')\n"
        f"{then}\nc.close()\n"
    )
    return [sys.executable, "-c", script]
