"""The daemon and its worker while nothing is to be sent, and how soon they are connected; beside the bare loop."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from integrator.app import JOURNAL_FILE
from tools.bench.daemon import POSTED, READY, Daemon, own_share_mb, usage
from tools.bench.engine_clients import Bare
from tools.bench.engine_stage import Server
from tools.bench.figures import Figure, Floor, median
from tools.bench.idle import bare_attached_mb
from tools.bench.place import Place

GROUP = "engine"
FILLED = "engine-filled.fdb"
_WAITING = "engine-waiting.fdb"
_SETTLE_S = 3.0
_SHARE = "pages that several processes hold are divided among them"


@dataclass(frozen=True, slots=True)
class Shop:
    """An installation whose number is paired with ``product``, and a bare loop's session, paired with ``bare``.

    ``data`` is the installation's folder, ``session`` its number's in it, ``loose`` the bare loop's.
    """

    place: Place
    data: Path
    session: Path
    loose: Path
    product: Server
    bare: Server

    def daemon(self, database: Path) -> Daemon:
        """The product's program on that database."""
        reach = self.product.reach()
        config = self.place.config(database, number=f'motor = "embutido"\nproxy = "{reach.proxy}"')
        program = ("tools.bench.engine_daemon", json.dumps(reach.worker))
        return Daemon(self.place, config, self.data, program)

    def loop(self) -> Bare:
        """The bare loop."""
        return Bare(self.place, self.loose, self.bare.reach(), self.bare.scan)


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds while it waits, MB: resident, and its own share of that."""

    resident: float
    share: float


@dataclass(frozen=True, slots=True)
class Life:
    """One start: seconds until daemon and bare loop were logged in, and what each process held then."""

    connected_s: float
    bare_connected_s: float
    daemon: Held
    worker: Held
    bare: Held


@dataclass(frozen=True, slots=True)
class Processor:
    """Percent of one core that each process used while it waited."""

    daemon: float
    worker: float
    bare: float


def measure_idle(shop: Shop, *, quick: bool) -> list[Figure]:
    """Starts with a saved session, daemon and bare loop in turn; then both at once, left alone for a while."""
    repeat, window_s = (1, 10.0) if quick else (3, 30.0)
    database = shop.place.database("engine.fdb")
    lives = [_life(shop, database) for _ in range(repeat)]
    used = _used(shop, database, window_s)
    told = f"of one core over {window_s:.0f} s, counted in hundredths of a second"
    bare = Floor("the bare loop at the same time", used.bare)
    return [
        *_connected(shop, lives),
        *_memory(shop, database, lives),
        Figure(GROUP, "processor while idle, daemon", used.daemon, "%", 1, note=told),
        Figure(GROUP, "processor while idle, worker", used.worker, "%", 1, bare, note=told),
    ]


def _life(shop: Shop, database: Path) -> Life:
    with shop.loop() as loop:
        bare_connected_s = shop.bare.wait_for_login() - loop.began
        time.sleep(_SETTLE_S)
        bare = _held(loop.pid)
    with shop.daemon(database) as daemon:
        connected_s = shop.product.wait_for_login() - daemon.began
        daemon.seconds_to(READY)
        time.sleep(_SETTLE_S)
        life = Life(connected_s, bare_connected_s, _held(daemon.pid), _held(shop.product.worker_pid()), bare)
    shop.product.wait_for_silence()
    shop.bare.wait_for_silence()
    return life


def _held(pid: int) -> Held:
    return Held(usage(pid).resident_mb, own_share_mb(pid))


def _used(shop: Shop, database: Path, window_s: float) -> Processor:
    with shop.loop() as loop, shop.daemon(database) as daemon:
        shop.product.wait_for_login()
        daemon.seconds_to(READY)
        time.sleep(_SETTLE_S)
        pids = (daemon.pid, shop.product.worker_pid(), loop.pid)
        before, began = [usage(pid).cpu_s for pid in pids], time.perf_counter()
        time.sleep(window_s)
        passed = time.perf_counter() - began
        used = Processor(*((usage(pid).cpu_s - start) / passed * 100 for pid, start in zip(pids, before, strict=True)))
    shop.product.wait_for_silence()
    shop.bare.wait_for_silence()
    return used


def _connected(shop: Shop, lives: list[Life]) -> list[Figure]:
    floor = Floor(
        "the bare loop, from its process' start to the same login", median([life.bare_connected_s for life in lives])
    )
    first = [_first_message(shop) for _ in lives]
    return [
        Figure(
            GROUP,
            "start to connected",
            median([life.connected_s for life in lives]),
            "s",
            len(lives),
            floor,
            note="until the server logs the saved session in; nothing is scanned",
        ),
        Figure(
            GROUP,
            "start to the first message sent",
            median(first),
            "s",
            len(first),
            floor,
            note="a text message was due; the journal is new each time, so that no gap is waited for",
        ),
    ]


def _first_message(shop: Shop) -> float:
    for file in shop.data.glob(f"{JOURNAL_FILE}*"):
        file.unlink()
    with shop.daemon(shop.place.database(_WAITING, FILLED)) as daemon:
        seconds = daemon.seconds_to(POSTED)
    shop.product.wait_for_silence()
    return seconds


def _memory(shop: Shop, database: Path, lives: list[Life]) -> list[Figure]:
    attached = Floor("a bare Python with fdb attached, waiting", bare_attached_mb(shop.place, database))
    loop = Floor("the bare loop, connected", median([life.bare.resident for life in lives]))
    share = Floor("the bare loop's own share", median([life.bare.share for life in lives]))
    both = median([life.daemon.share + life.worker.share for life in lives])
    values = (
        ("daemon, idle and connected", [life.daemon.resident for life in lives], attached, "resident"),
        ("worker, idle and connected", [life.worker.resident for life in lives], loop, "resident"),
        ("worker's own share", [life.worker.share for life in lives], share, _SHARE),
    )
    return [
        *(Figure(GROUP, what, median(held), "MB", len(held), floor, note=note) for what, held, floor, note in values),
        Figure(GROUP, "both processes' own shares", both, "MB", len(lives), share, note=_SHARE),
    ]
