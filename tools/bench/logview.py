"""The log viewer on a day of 200,000 lines, and while another process writes 100 a second."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tools.bench.daemon import usage
from tools.bench.figures import Figure, Floor, Target, median
from tools.environment import ROOT
from tools.x_server import x_server

GROUP = "desktop-log"
_LINES = 200_000
_PER_S = 100
_SETTLE_S = 2.0
_FIRST_S, _FILTER_S, _STEP_S, _CPU_PERCENT, _MEMORY_MB = 3.0, 6.0, 0.05, 10.0, 90.0
_LINE = "{day}T{at}.000 {level} integrator.sending.pump action=finished row={number} state=enviada\n"
#: Follows the same file as barely as can be: the floor.
_BARE = """
import sys, time
with open(sys.argv[1], "rb") as file:
    file.seek(0, 2)
    while True:
        file.read()
        time.sleep(0.3)
"""
_READ = """
import sys, time
began = time.perf_counter()
with open(sys.argv[1], "rb") as file:
    data = file.read()
data.count(b"\\n")
print(time.perf_counter() - began)
data.lower().count(b"zebra")
print(time.perf_counter() - began)
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One window's life: what it told, seconds; percent of one core while it follows; resident megabytes."""

    told: dict[str, float]
    cpu_percent: float
    resident_mb: float


def measure(*, quick: bool) -> list[Figure]:
    """Windows on a display of their own, one after the other; each follows for a while."""
    repeat, window_s = (1, 10.0) if quick else (3, 20.0)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, x_server() as display:
        path = _long_day(Path(folder))
        samples = [_sample(Path(folder), path, display, window_s) for _ in range(repeat)]
        bare = [_cpu([sys.executable, "-c", _BARE, str(path)], path, window_s) for _ in range(repeat)]
        floors = [_floors(path) for _ in range(repeat)]
    read, search = (median([each[place] for each in floors]) for place in range(2))
    reading = Floor("a bare Python that reads the file and counts its lines", read)
    searching = Floor("the same, then one search without regard to case", search)
    following = Floor("a bare loop that reads the same file", median(bare))
    return [*_timed(samples, reading, searching), *_used(samples, following, window_s)]


def _timed(samples: list[Sample], reading: Floor, searching: Floor) -> Iterator[Figure]:
    for name, what, limit, floor in (
        ("first rows", "start of the window to rows, 200k lines", _FIRST_S, reading),
        ("filter", "filter by words of the sentences", _FILTER_S, searching),
        ("filter, nothing found", "filter that finds nothing", _FILTER_S, searching),
        ("jump to an error", "jump to the error before", _STEP_S, None),
        ("scroll", "one screen elsewhere", _STEP_S, None),
    ):
        value = median([sample.told[name] for sample in samples])
        yield Figure(GROUP, what, value, "s", len(samples), floor, Target(limit))


def _used(samples: list[Sample], following: Floor, window_s: float) -> Iterator[Figure]:
    cpu, held = (median([getattr(sample, name) for sample in samples]) for name in ("cpu_percent", "resident_mb"))
    count, told = len(samples), f"of one core over {window_s:.0f} s"
    what = "processor while 100 lines/s come"
    yield Figure(GROUP, what, cpu, "%", count, following, Target(_CPU_PERCENT), note=told)
    yield Figure(GROUP, "memory with the window on 200k lines", held, "MB", count, target=Target(_MEMORY_MB))


def _long_day(folder: Path) -> Path:
    path = folder / "registro" / f"integrador-{date.today()}.log"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_line(number) for number in range(_LINES))
    return path


def _line(number: int) -> str:
    at = f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
    return _LINE.format(day=date.today(), at=at, level="ERROR" if number % 1000 == 999 else "INFO", number=number)


def _sample(data: Path, path: Path, display: str, window_s: float) -> Sample:
    command = [sys.executable, "-m", "tools.bench.logview_program", str(data)]
    environment = {**os.environ, "DISPLAY": display}
    told: dict[str, float] = {}
    with _running(command, environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            name, _, value = line.partition("\t")
            told[name] = float(value)
            if name == "following":
                break
        cpu = _cpu_of(process.pid, path, window_s)
        return Sample(told, cpu, usage(process.pid).resident_mb)


def _cpu(command: list[str], path: Path, window_s: float) -> float:
    with _running(command, dict(os.environ)) as process:
        return _cpu_of(process.pid, path, window_s)


def _cpu_of(pid: int, path: Path, window_s: float) -> float:
    """Percent of one core that the process uses while this one writes to the file."""
    time.sleep(_SETTLE_S)
    start, began = usage(pid), time.perf_counter()
    with path.open("a", encoding="utf-8") as file:
        number = 0
        while (passed := time.perf_counter() - began) < window_s:
            while number < passed * _PER_S:
                file.write(_line(number))
                file.flush()
                number += 1
            time.sleep(1 / _PER_S)
    return (usage(pid).cpu_s - start.cpu_s) / (time.perf_counter() - began) * 100


def _floors(path: Path) -> tuple[float, float]:
    command = [sys.executable, "-c", _READ, str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(answer[0]), float(answer[1])


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
