"""What the daemon holds and uses while it waits: memory before and after the first document, processor time."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass

from tools.bench import content
from tools.bench.daemon import FINISHED, READY, Daemon, attach_command, usage
from tools.bench.figures import Figure, Floor, Target, median
from tools.bench.place import Place

GROUP = "memory"
_BEFORE_MB, _AFTER_MB = 60.0, 80.0
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
    floor = Floor("a bare Python with fdb attached, waiting", median([_bare(place) for _ in range(repeat)]))
    told = "the daemon's own process; the simulator, a process apart, is not counted"
    return [
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


def _bare(place: Place) -> float:
    command = attach_command(place, place.server.path("idle.fdb"), _WAIT)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        resident_mb = usage(process.pid).resident_mb
        process.communicate()
    return resident_mb
