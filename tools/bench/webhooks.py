"""A minute of a hundred webhooks a second into the panel's server, and what pages take meanwhile."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from integrator.demo.clock import SkippingClock
from integrator.gateways.events.log import EventLog, everybody
from integrator.panel.app import build_app
from integrator.panel.premises import Panel
from integrator.panel.server import PanelServer
from integrator.sending.gateway import HookAnswer, Receipt, ReceiptKind, Webhook
from integrator.settings.editing import ConfigFile
from tools.bench.figures import Figure, Floor, Target, median, percentile
from tools.bench.panel_pages import IdleEngine
from tools.bench.place import Place

GROUP = "webhooks"
_RATE, _SENDERS = 100, 4
_LIMIT_MS = 250.0
_TOKEN = "bench"
_PAGE = "/entrar"


@dataclass(frozen=True, slots=True)
class _Hook:
    """As an engine takes its news: a token, then one durable event."""

    events: EventLog
    clock: SkippingClock

    def check(self, query: Mapping[str, str]) -> HookAnswer:
        del query
        return HookAnswer(403)

    def receive(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        if headers.get("x-token") != _TOKEN:
            return HookAnswer(401)
        self.events.append("principal", Receipt(body.decode(), ReceiptKind.DELIVERED, self.clock.now()))
        return HookAnswer(200)


class _Engine(IdleEngine):
    def __init__(self, hook: Webhook) -> None:
        super().__init__()
        self._hook = hook

    def webhook(self, instance: str) -> Webhook | None:
        return self._hook if instance == "principal" else None


@dataclass(slots=True)
class _Took:
    """Milliseconds of each answer, from several threads; ``wrong`` counts those that were no 200."""

    hooks: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    wrong: int = 0


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Every event kept, its answer's time, and that of a page asked twice a second all the while."""
    seconds = 10 if quick else 60
    folder, clock = place.data_folder("webhooks"), SkippingClock(datetime(2026, 11, 20, 8, 0))
    with closing(EventLog(folder / "eventos.db", clock.now, everybody)) as events:
        floor = _append_ms(events, clock)
        engine = _Engine(_Hook(events, clock))
        panel = Panel(ConfigFile(folder / "config.toml"), folder, clock=clock, running=engine)
        server = PanelServer(build_app(panel), port=0)
        try:
            took = _load(server.port, seconds)
        finally:
            panel.live.close()
            server.stop()
            panel.close()
        kept = _kept(events)
    sent = len(took.hooks)
    lost = sent - kept + took.wrong
    return [
        Figure(GROUP, f"{sent} events at {_RATE}/s: lost or refused", lost, "", 1, target=Target(0)),
        Figure(
            GROUP,
            "one event's answer",
            median(took.hooks),
            "ms",
            sent,
            Floor("one append to the log", floor),
            p95=percentile(took.hooks, 95),
        ),
        Figure(GROUP, "p95 of an event's answer", percentile(took.hooks, 95), "ms", sent, target=Target(_LIMIT_MS)),
        Figure(
            GROUP,
            "a page meanwhile",
            median(took.pages),
            "ms",
            len(took.pages),
            target=Target(_LIMIT_MS),
            p95=percentile(took.pages, 95),
        ),
    ]


def _load(port: int, seconds: int) -> _Took:
    took = _Took()
    threads = [threading.Thread(target=_sender, args=(port, which, seconds, took)) for which in range(_SENDERS)]
    threads.append(threading.Thread(target=_reader, args=(port, seconds, took)))
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return took


def _sender(port: int, which: int, seconds: int, took: _Took) -> None:
    gap = _SENDERS / _RATE
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        begun = time.perf_counter()
        for n in range(int(seconds / gap)):
            time.sleep(max(0.0, begun + n * gap - time.perf_counter()))
            at = time.perf_counter()
            connection.request("POST", "/webhook/principal", f"{which}-{n}".encode(), {"X-Token": _TOKEN})
            answer = connection.getresponse()
            answer.read()
            took.hooks.append((time.perf_counter() - at) * 1000)
            took.wrong += answer.status != 200


def _reader(port: int, seconds: int, took: _Took) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        for _ in range(seconds * 2):
            time.sleep(0.5)
            at = time.perf_counter()
            connection.request("GET", _PAGE)
            connection.getresponse().read()
            took.pages.append((time.perf_counter() - at) * 1000)


def _append_ms(events: EventLog, clock: SkippingClock) -> float:
    found = []
    for n in range(50):
        at = time.perf_counter()
        events.append("medida", Receipt(f"m{n}", ReceiptKind.DELIVERED, clock.now()))
        found.append((time.perf_counter() - at) * 1000)
    return median(found)


def _kept(events: EventLog) -> int:
    count, after = 0, 0
    while batch := events.since("principal", after).events:
        count += len(batch)
        after = events.since("principal", after).cursor
    return count
