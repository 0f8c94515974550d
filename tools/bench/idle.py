"""What the daemon holds and uses while it waits: memory before and after the first document, and with the panel."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tools.bench import content
from tools.bench.daemon import FINISHED, READY, Daemon, attach_command, usage
from tools.bench.figures import Figure, Floor, Target, median
from tools.bench.place import Place
from tools.firebird_server import free_port

GROUP = "memory"
_BEFORE_MB, _AFTER_MB = 60.0, 80.0
_PANEL_MB = 15.0
_SETTLE_S = 3.0
_WAIT = "print('attached', flush=True)\nimport sys\nsys.stdin.read()"


@dataclass(frozen=True, slots=True)
class Sample:
    """One daemon's life: resident MB when idle and after a document, percent of one core while idle."""

    before_mb: float
    after_mb: float
    cpu_percent: float


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Daemons on an empty queue for a while, then one debt with statement and boleto is enqueued and sent."""
    repeat, window_s = (1, 20.0) if quick else (3, 40.0)
    samples = [_sample(place, window_s) for _ in range(repeat)]
    before, after, cpu = (
        median([getattr(sample, name) for sample in samples]) for name in ("before_mb", "after_mb", "cpu_percent")
    )
    floor = Floor(
        "a bare Python with fdb attached, waiting",
        median([bare_attached_mb(place, place.server.path("idle.fdb")) for _ in range(repeat)]),
    )
    told = "the daemon's own process; the simulator, a process apart, is not counted"
    panel = [_with_panel(place, window_s) for _ in range(repeat)]
    return [
        *_panel_figures(panel, before, cpu, window_s),
        Figure(GROUP, "idle, before the first document", before, "MB", repeat, floor, Target(_BEFORE_MB), note=told),
        Figure(GROUP, "idle, after the first document", after, "MB", repeat, floor, Target(_AFTER_MB)),
        Figure(
            GROUP,
            "processor while idle",
            cpu,
            "%",
            repeat,
            note=f"of one core over {window_s:.0f} s, a tick every 20 s; a process that only waits uses none",
        ),
    ]


def _sample(place: Place, window_s: float) -> Sample:
    path = place.database("idle.fdb")
    with Daemon(place, place.config(path), place.data_folder("idle")) as daemon:
        daemon.seconds_to(READY)
        time.sleep(_SETTLE_S)
        start, began = usage(daemon.pid), time.perf_counter()
        time.sleep(window_s)
        end = usage(daemon.pid)
        cpu = (end.cpu_s - start.cpu_s) / (time.perf_counter() - began) * 100
        with place.attach(path) as connection:
            content.enqueue_debts(connection, 1)
        daemon.seconds_to(FINISHED)
        time.sleep(_SETTLE_S)
        return Sample(end.resident_mb, usage(daemon.pid).resident_mb, cpu)


def _with_panel(place: Place, window_s: float) -> Sample:
    """The same daemon with the panel on: idle, and after somebody's browser asked for the sign-in page."""
    path, port = place.database("panel.fdb"), free_port()
    with Daemon(place, place.config(path, panel_port=port), place.data_folder("panel")) as daemon:
        daemon.seconds_to(READY)
        time.sleep(_SETTLE_S)
        start, began = usage(daemon.pid), time.perf_counter()
        time.sleep(window_s)
        end = usage(daemon.pid)
        cpu = (end.cpu_s - start.cpu_s) / (time.perf_counter() - began) * 100
        with closing(urllib.request.urlopen(f"http://127.0.0.1:{port}/entrar", timeout=10)) as page:
            page.read()
        time.sleep(_SETTLE_S)
        return Sample(end.resident_mb, usage(daemon.pid).resident_mb, cpu)


def _panel_figures(samples: list[Sample], without_mb: float, cpu_without: float, window_s: float) -> list[Figure]:
    """What the panel adds to the daemon that only sends."""
    before, after, cpu = (
        median([getattr(sample, name) for sample in samples]) for name in ("before_mb", "after_mb", "cpu_percent")
    )
    floor = Floor("the same daemon without panel", without_mb)
    told = f"{before - without_mb:.1f} MB more than without; after the first page {after - without_mb:.1f} MB more"
    target = Target(without_mb + _PANEL_MB)
    return [
        Figure(GROUP, "idle, with the panel", before, "MB", len(samples), floor, target, note=told),
        Figure(
            GROUP,
            "processor while idle, with the panel",
            cpu,
            "%",
            len(samples),
            note=f"of one core over {window_s:.0f} s; without panel {cpu_without:.2f} %",
        ),
    ]


def bare_attached_mb(place: Place, path: Path) -> float:
    """Resident MB of a Python that is attached to that database by fdb, and does nothing more."""
    command = attach_command(place, path, _WAIT)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        resident_mb = usage(process.pid).resident_mb
        process.communicate()
    return resident_mb
