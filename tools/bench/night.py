"""A night's queue sent with the waits skipped, by the product's own engine: all of it, the gateway's part, and ours."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

import fdb

from integrator import app
from integrator.demo.clock import SkippingClock
from integrator.domain.sender import Used
from integrator.gateways.simulator.process import start_simulator
from integrator.journal.senders import SenderBook
from integrator.journal.store import SqliteJournal
from integrator.policies import pace_of
from tools.bench import content, papers
from tools.bench.figures import Figure, Floor, Target, median
from tools.bench.place import Place
from tools.bench.stopwatch import TimedGateway
from tools.bench.tape import Player, Tape, recorder

NIGHT = "night"
MESSAGE = "message"
_PER_MESSAGE = 1.5
_QUEUE = "queue.fdb"
_LEFT = "'enviada', 'entregue', 'lida', 'falhou'"


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of one tick that sent the whole queue: all of it, inside the gateway's calls; and the parts posted."""

    total: float
    gateway: float
    posts: int

    @property
    def ours(self) -> float:
        return self.total - self.gateway


@dataclass(frozen=True, slots=True)
class Measured:
    """Runs of the engine, and of its tape played bare: whole, and only what is written."""

    runs: tuple[Run, ...]
    played: tuple[float, ...]
    written: tuple[float, ...]
    tape: Tape


def measure_night(place: Place, *, quick: bool) -> list[Figure]:
    """Collection messages of three titles: a text, the statement, a boleto with its PIX, and the PIX by itself."""
    rows, repeat = (40, 1) if quick else (200, 3)
    measured = engine_and_floor(place, content.enqueue_debts, rows, repeat)
    total, gateway, ours = (
        median([getattr(run, name) for run in measured.runs]) for name in ("total", "gateway", "ours")
    )
    drawing = _drawing(rows)
    floor = Floor(
        f"drawing the same PDFs alone ({drawing:.2f} s), and the same statements and commits played bare",
        drawing + median(measured.played),
    )
    told = f"{measured.runs[0].posts} parts posted to the simulator, which forces each to its disk"
    return [
        Figure(NIGHT, f"night of {rows} rows, all of it", total, "s", repeat, note=told),
        Figure(NIGHT, "of which the gateway's calls", gateway, "s", repeat),
        Figure(NIGHT, "of which ours", ours, "s", repeat, floor, note=measured.tape.counts().per_row(rows)),
    ]


def measure_message(place: Place, *, quick: bool) -> list[Figure]:
    """Messages of one text: the engine without the gateway's calls, against what it asks of its two databases."""
    rows, repeat = (60, 3) if quick else (250, 7)
    measured = engine_and_floor(place, content.enqueue_texts, rows, repeat)
    ratios = [run.ours / played for run, played in zip(measured.runs, measured.played, strict=True)]
    ours = median([run.ours for run in measured.runs]) / rows * 1000
    written = median(measured.written) / rows * 1000
    return [
        Figure(
            MESSAGE,
            f"a message beyond the gateway's call ({rows} rows)",
            ours,
            "ms",
            repeat,
            # The floor of the median of the ratios: run and playback of a pair stand side by side in time.
            Floor("the same statements and commits of Firebird and SQLite, played bare", ours / median(ratios)),
            Target(_PER_MESSAGE, of_floor=True),
            note=measured.tape.counts().per_row(rows),
        ),
        Figure(
            MESSAGE,
            "the same against its writes alone",
            ours,
            "ms",
            repeat,
            Floor("only the transactions that write, and the journal's", written),
        ),
    ]


def engine_and_floor(place: Place, fill: Callable[[fdb.Connection, int], None], rows: int, repeat: int) -> Measured:
    """One run to take the tape down, then runs and playbacks in turn, each on a new copy of the same queue."""
    with place.attach(place.database(_QUEUE)) as connection:
        fill(connection, rows)
    tape = Tape()
    _run(place, rows, tape)
    runs: list[Run] = []
    played: list[float] = []
    written: list[float] = []
    for _ in range(repeat):
        runs.append(_run(place, rows))
        played.append(_play(place, tape, rows))
        written.append(_play(place, tape.writes_only(), rows))
    return Measured(tuple(runs), tuple(played), tuple(written), tape)


def _run(place: Place, rows: int, record: Tape | None = None) -> Run:
    """The engine as the program builds it, for one tick. Taken down on `record` if that is given."""
    path = place.database("engine.fdb", _QUEUE)
    folder = place.data_folder("engine")
    clock = SkippingClock(datetime.now())
    taking_down = recorder() if record is not None else nullcontext()
    with start_simulator(folder / "simulator") as simulator, taking_down as tape:
        gateway = TimedGateway(simulator.gateway(clock=clock.now))
        settings = place.settings(path)
        pace = pace_of(settings, Random(1))
        book = SenderBook(folder / app.JOURNAL_FILE)
        book.declare(gateway.sender(), Used.IN_USE, clock.now())
        book.close()
        with app.build(settings, folder, clock=clock, gateway=gateway, pace=pace) as parts:
            if tape is not None:
                tape.running = True
            start = time.perf_counter()
            parts.engine.tick()
            total = time.perf_counter() - start
            if tape is not None and record is not None:
                record.steps, record.tokens = tape.steps, tape.tokens
        gateway.close()
    expect_all_left(place, path, rows)
    return Run(total, gateway.seconds, gateway.sent)


def _play(place: Place, tape: Tape, rows: int) -> float:
    path = place.database("floor.fdb", _QUEUE)
    journal = place.data_folder("floor") / "journal.db"
    SqliteJournal(journal, datetime.now()).close()
    player = Player(tape, place.attach(path), journal)
    try:
        seconds = player.play()
    finally:
        player.close()
    expect_all_left(place, path, rows)
    return seconds


def expect_all_left(place: Place, path: Path, rows: int) -> None:
    """A figure of work that was not done would be worth nothing."""
    with place.attach(path) as connection:
        cursor = connection.cursor()
        cursor.execute(f"SELECT COUNT(*) FROM WA_FILA WHERE SITUACAO IN ({_LEFT})")
        ((left,),) = cursor.fetchall()
        cursor.close()
    if left != rows:
        raise RuntimeError(f"{left} of {rows} rows left {path.stem}")


def _drawing(rows: int) -> float:
    """Seconds to draw the documents of such a night and nothing else."""
    start = time.perf_counter()
    for number in range(rows):
        papers.notice(number, 3)
    return time.perf_counter() - start
