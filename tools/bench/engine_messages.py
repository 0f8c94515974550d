"""What a message costs through the whole product, through the engine, and by the bare loop on the library."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

import fdb

from integrator import app
from integrator.demo.clock import SkippingClock
from integrator.domain.message import PartKind
from integrator.domain.sender import Used
from integrator.gateways.embedded.gateway import EmbeddedGateway
from integrator.journal.senders import SenderBook
from integrator.policies import pace_of
from tools.bench import content, papers
from tools.bench.engine_bare import Errand
from tools.bench.engine_clients import Bare, SplitGateway, open_engine
from tools.bench.engine_idle import GROUP, Shop
from tools.bench.engine_stage import without_ninth
from tools.bench.figures import Figure, Floor, median, percentile
from tools.bench.night import expect_all_left

ROWS = 40
_FILE_BYTES = 60_000
_TEXT = "Olá, cliente. Sua ordem de serviço está pronta."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row: how it is enqueued, and the part of it that is compared with the bare loop."""

    name: str
    queue: str
    fill: Callable[[fdb.Connection, int], None]
    part: PartKind
    size: int


@dataclass(frozen=True, slots=True)
class Night:
    """A queue sent by one tick: seconds of all of it, and what its gateway took down."""

    total: float
    gateway: SplitGateway


@dataclass(frozen=True, slots=True)
class Taken:
    """Nights of the product and the library's own milliseconds in turn; the first of each wrote to strangers."""

    nights: list[Night]
    bare: list[list[float]]


KINDS = (
    Kind("text", "engine-texts.fdb", content.enqueue_texts, PartKind.TEXT, 0),
    Kind(
        f"PDF of {_FILE_BYTES // 1000} kB",
        "engine-files.fdb",
        lambda connection, count: content.enqueue_files(connection, count, papers.of_size(_FILE_BYTES)),
        PartKind.DOCUMENT,
        _FILE_BYTES,
    ),
)


def numbers(rows: int = ROWS) -> list[str]:
    """To whom that many rows go, E.164 digits."""
    digits = ("".join(filter(str.isdigit, content.phone(number))) for number in range(rows))
    return [f"55{each}" for each in digits]


def measure_messages(shop: Shop, *, quick: bool) -> list[Figure]:
    """Queues sent by the engine that the program builds, waits skipped; in turn with the bare loop."""
    rows, repeat = (ROWS // 2, 1) if quick else (ROWS, 3)
    found: list[Figure] = []
    for kind in KINDS:
        with shop.place.attach(shop.place.database(kind.queue)) as connection:
            kind.fill(connection, rows)
        with open_engine(shop.session, shop.product.reach(), shop.product.scan) as engine, shop.loop() as loop:
            taken = _in_turn(shop, kind, engine, loop, rows, repeat)
        shop.product.wait_for_silence()
        shop.bare.wait_for_silence()
        found += _figures(kind, taken, rows)
    return found


def _in_turn(shop: Shop, kind: Kind, engine: EmbeddedGateway, loop: Bare, rows: int, repeat: int) -> Taken:
    """One turn more than counts: with it the sessions of encryption are made."""
    taken = Taken([], [])
    errand = Errand([without_ninth(number) for number in numbers(rows)], _TEXT, kind.size)
    for _ in range(repeat + 1):
        taken.nights.append(_night(shop, kind, engine, rows))
        taken.bare.append(loop.milliseconds(errand))
        shop.product.take_out()
        shop.bare.take_out()
    return taken


def _night(shop: Shop, kind: Kind, engine: EmbeddedGateway, rows: int) -> Night:
    """The program's engine for one tick, on a new copy of the queue and with a new journal."""
    path = shop.place.database("engine-night.fdb", kind.queue)
    folder = shop.place.data_folder("engine-night")
    clock, gateway = SkippingClock(datetime.now()), SplitGateway(engine)
    settings = shop.place.settings(path)
    book = SenderBook(folder / app.JOURNAL_FILE)
    book.declare(gateway.sender(), Used.IN_USE, clock.now())
    book.close()
    pace = pace_of(settings, Random(1))
    with app.build(settings, folder, clock=clock, gateway=gateway, pace=pace) as parts:
        begun = time.perf_counter()
        parts.engine.tick()
        total = time.perf_counter() - begun
    expect_all_left(shop.place, path, rows)
    return Night(total, gateway)


def _figures(kind: Kind, taken: Taken, rows: int) -> list[Figure]:
    nights = taken.nights[1:]
    n = len(nights)
    bare = Floor("the library's own call in the bare loop", median([each for turn in taken.bare[1:] for each in turn]))
    sends = [each for night in nights for each in night.gateway.sends[kind.part]]
    ours = median([(night.total - night.gateway.seconds) / rows * 1000 for night in nights])
    first, first_bare = taken.nights[0].gateway.sends[kind.part], taken.bare[0]
    parts = f"{nights[0].gateway.sent / rows:g} parts to a row"
    strangers = f"to numbers never written to {median(first):.1f} ms, bare {median(first_bare):.1f} ms"
    beyond = "without all calls of the gateway, with the id's writing before the frame leaves"
    return [
        Figure(
            GROUP,
            f"{kind.name}: a row, all of it",
            median([night.total / rows * 1000 for night in nights]),
            "ms",
            n,
            bare,
            note=f"{rows} rows, {parts}; the number is checked first",
        ),
        Figure(GROUP, f"{kind.name}: of which beyond the engine", ours, "ms", n, bare, note=beyond),
        Figure(
            GROUP,
            f"{kind.name}: the engine's call",
            median(sends),
            "ms",
            len(sends),
            bare,
            p95=percentile(sends, 95),
            note=strangers,
        ),
    ]
