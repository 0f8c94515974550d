"""What the daemon costs the ERP's server while nothing is due: a poll of an empty queue, and a cold attach."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from integrator import app
from integrator.demo.clock import SkippingClock
from integrator.erp.connection import Database
from integrator.gateways.simulator.process import start_simulator
from tools.bench.figures import Figure, Floor, median, percentile
from tools.bench.place import Place
from tools.bench.stopwatch import TimedGateway

GROUP = "poll"
_ASK = "SELECT COUNT(*) FROM WA_FILA"
_WARM_UP = 3


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Idle ticks and attaches in turn with their floors, call by call."""
    repeat = 10 if quick else 60
    path = place.database("poll.fdb")
    return [_cold_attach(place, path, repeat), _empty_poll(place, path, repeat)]


def _cold_attach(place: Place, path: Path, repeat: int) -> Figure:
    database = Database(place.target(path))

    def ours() -> None:
        database.read(lambda session: session.row(_ASK))
        database.close()

    def bare() -> None:
        connection = place.attach(path)
        cursor = connection.cursor()
        cursor.execute(_ASK)
        cursor.fetchall()
        cursor.close()
        connection.close()

    times, floors = _in_turn(ours, bare, repeat)
    floor = Floor("fdb alone: attach, the same query, detach", median(floors))
    told = "probe of the port, attachment, dialect, charset, one query, detachment"
    return Figure(
        GROUP,
        "cold attach, one query, detach",
        median(times),
        "ms",
        repeat,
        floor,
        p95=percentile(times, 95),
        note=told,
    )


def _empty_poll(place: Place, path: Path, repeat: int) -> Figure:
    """A tick of the engine as the program builds it, with nothing in the queue; attached anew, as every 20 s."""
    clock = SkippingClock(datetime.now())
    folder = place.data_folder("poll")
    with start_simulator(folder / "simulator") as simulator:
        gateway = TimedGateway(simulator.gateway(clock=clock.now))
        with app.build(place.settings(path), folder, clock=clock, gateway=gateway) as parts:
            calls: list[float] = []

            def tick() -> None:
                before = gateway.seconds
                parts.engine.tick()
                parts.database.close()
                calls.append(gateway.seconds - before)
                clock.sleep(app.TICK_S)

            def bare() -> None:
                place.attach(path).close()

            times, floors = _in_turn(tick, bare, repeat)
        gateway.close()
    own = [total - inside * 1000 for total, inside in zip(times, calls[_WARM_UP:], strict=True)]
    floor = Floor("fdb alone: attach and detach", median(floors))
    told = "the gateway's calls left out; what the ERP's server sees of us every 20 s"
    return Figure(GROUP, "poll of an empty queue", median(own), "ms", repeat, floor, p95=percentile(own, 95), note=told)


def _in_turn(one: Callable[[], None], other: Callable[[], None], repeat: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each, one after the other, so that whatever else the machine does falls on both."""
    first: list[float] = []
    second: list[float] = []
    for _ in range(repeat + _WARM_UP):
        for work, times in ((one, first), (other, second)):
            start = time.perf_counter()
            work()
            times.append((time.perf_counter() - start) * 1000)
    return first[_WARM_UP:], second[_WARM_UP:]
