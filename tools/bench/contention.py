"""Several integrators that reserve from one queue at the same time: how fast, and that nobody gets a row twice."""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from integrator.app import open_database
from integrator.domain.message import Purpose
from integrator.erp.queue import FirebirdQueue
from integrator.settings import Settings
from tools.bench.figures import Figure, Floor, Target
from tools.bench.place import Place
from tools.bench.reserve import fill_queue
from tools.environment import ROOT

GROUP = "contention"
_PROCESSES = 4
#: What a log record of a conflict says, at any level: also those that an installation's log leaves out.
_CONFLICT = ("conflict", "deadlock", "335544336", "335544345", "335544451")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a race ended with; ``conflicts`` are log records of any level that speak of one."""

    seconds: float
    rows: int
    duplicates: int
    missing: int
    conflicts: int
    shares: tuple[int, ...]


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """A short queue taken by one process, and a long one by four."""
    rows, few = (500, 100) if quick else (20_000, 2_000)
    alone, together = race(place, 1, few), race(place, _PROCESSES, rows)
    shares = ", ".join(map(str, together.shares))
    what = f"{_PROCESSES} processes over {rows:,} rows"
    none = Target(0.0)
    return [
        Figure(
            GROUP, f"reserved by {what}", together.rows / together.seconds, "/s", 1,
            Floor(f"one process alone, over {few:,} rows", alone.rows / alone.seconds), note=f"shares: {shares}",
        ),
        Figure(GROUP, f"rows that two got, {what}", together.duplicates, "", 1, target=none),
        Figure(GROUP, f"rows that nobody got, {what}", together.missing, "", 1, target=none),
        Figure(GROUP, f"conflicts that reached the log, {what}", together.conflicts, "", 1, target=none),
    ]  # fmt: skip


def race(place: Place, processes: int, rows: int) -> Taken:
    """They begin together, when all are attached, and stop when nothing is left."""
    path = place.database(f"contention-{processes}.fdb")
    with place.attach(path) as connection:
        fill_queue(connection, rows)
    command = [sys.executable, "-m", "tools.bench.contention", str(place.config(path))]
    runners = [
        subprocess.Popen(
            [*command, f"pc{number}"],
            cwd=ROOT,
            env=dict(place.environment()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    for runner in runners:
        assert runner.stdout is not None
        runner.stdout.readline()
    start = time.perf_counter()
    for runner in runners:
        assert runner.stdin is not None
        runner.stdin.write("go\n")
        runner.stdin.flush()
    answers = [json.loads(runner.communicate()[0]) for runner in runners]
    seconds = max(answer["ended"] for answer in answers) - start
    path.unlink()
    count = Counter(row for answer in answers for row in answer["rows"])
    return Taken(
        seconds,
        len(count),
        sum(times - 1 for times in count.values()),
        rows - len(count),
        sum(answer["conflicts"] for answer in answers),
        tuple(len(answer["rows"]) for answer in answers),
    )


class _Conflicts(logging.Handler):
    """Counts what is logged about conflicts, at any level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += any(word in record.getMessage() for word in _CONFLICT)


def _child(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    parser.add_argument("config", type=Path)
    parser.add_argument("owner")
    chosen = parser.parse_args(arguments)
    heard = _Conflicts()
    logging.getLogger().addHandler(heard)
    logging.getLogger().setLevel(logging.DEBUG)
    database = open_database(Settings.load(chosen.config))
    queue = FirebirdQueue(database, owner=chosen.owner, instance="principal")
    queue.companies()  # attached, before the race begins
    print("ready", flush=True)
    sys.stdin.readline()
    rows: list[int] = []
    while (found := queue.reserve(Purpose.COLLECTION, datetime.now())) is not None:
        rows.append(found.id)
    ended = time.perf_counter()
    database.close()
    return {"rows": rows, "ended": ended, "conflicts": heard.count}


if __name__ == "__main__":
    print(json.dumps(_child(sys.argv[1:])))
