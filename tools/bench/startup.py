"""From the start of the process to "ready", and to the first message when one was waiting."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from tools.bench import content
from tools.bench.daemon import POSTED, READY, Daemon, attach_command
from tools.bench.figures import Figure, Floor, Target, median
from tools.bench.place import Place

GROUP = "start"
_TARGET_S = 1.0
_EMPTY, _WAITING = "start-empty.fdb", "start-waiting.fdb"


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Starts of the daemon and of bare Pythons in turn, after one of each that fills the disk's caches."""
    repeat = 2 if quick else 7
    empty = place.database(_EMPTY)
    with place.attach(place.database("start-filled.fdb")) as connection:
        content.enqueue_texts(connection, 1)
    floor = attach_command(place, empty)
    ready: list[float] = []
    first: list[float] = []
    bare: list[float] = []
    attached: list[float] = []
    for _ in range(repeat + 1):
        ready.append(_ready(place))
        first.append(_first_send(place))
        bare.append(_seconds([sys.executable, "-c", "pass"]))
        attached.append(_seconds(floor))
    told = f"bare Python {median(bare[1:]):.3f} s"
    attaching = Floor("a bare Python that loads fdb, attaches and detaches", median(attached[1:]))
    return [
        Figure(GROUP, "start to ready", median(ready[1:]), "s", repeat, attaching, Target(_TARGET_S), note=told),
        Figure(
            GROUP,
            "start to the first message sent",
            median(first[1:]),
            "s",
            repeat,
            attaching,
            note="a text message was due; a new data folder each time, so that no gap is waited for",
        ),
    ]


def _ready(place: Place) -> float:
    """An installation in use: its journal and log exist since the first of these runs."""
    folder = place.folder / "data-start"
    folder.mkdir(exist_ok=True)
    path = place.server.path(_EMPTY)
    with Daemon(place, place.config(path), folder) as daemon:
        return daemon.seconds_to(READY)


def _first_send(place: Place) -> float:
    path = place.database(_WAITING, "start-filled.fdb")
    with Daemon(place, place.config(path), place.data_folder("start-waiting")) as daemon:
        return daemon.seconds_to(POSTED)


def _seconds(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start
