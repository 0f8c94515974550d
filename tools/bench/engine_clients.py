"""Both clients of the fake servers: the bare loop's process, and the product's engine with what its calls take."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from integrator.domain.message import Part, PartKind
from integrator.domain.outcome import Outcome
from integrator.gateways.embedded.gateway import EmbeddedGateway
from integrator.gateways.events.log import EVENTS_FILE, EventLog, everybody
from integrator.sending.gateway import Assigned, Gateway, GatewayState, nobody
from tools.bench.engine_bare import CODE, CONNECTED, FAILED, TOOK, Errand
from tools.bench.engine_stage import Reach
from tools.bench.place import Place
from tools.bench.stopwatch import TimedGateway
from tools.environment import ROOT

_PATIENCE_S = 30.0
_LOOK_S = 0.01


class Bare:
    """The process of :mod:`tools.bench.engine_bare`, paired the first time by ``scan``. Connected when entered."""

    def __init__(self, place: Place, session: Path, reach: Reach, scan: Callable[[str], None]) -> None:
        authority = next(word for word in reach.worker if word.startswith("SSL_CERT_FILE="))
        environment = dict(place.environment(), SSL_CERT_FILE=authority.partition("=")[2], NEONIZE_BOT_TAG="off")
        self._scan = scan
        self._complaints = session / "output.txt"
        self.began = time.time()
        with self._complaints.open("wb") as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tools.bench.engine_bare", str(session), reach.proxy, reach.anchor],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
            )

    def __enter__(self) -> Self:
        self._next(CONNECTED)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    @property
    def pid(self) -> int:
        return self._process.pid

    def milliseconds(self, errand: Errand) -> list[float]:
        """What the library took for each message."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(errand)) + "\n")
        self._process.stdin.flush()
        took = self._next(TOOK)
        assert isinstance(took, list)
        return [float(each) for each in took]

    def _next(self, wanted: str) -> object:
        """What it tells next of that kind. RuntimeError when it ends or fails."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            kind, what = json.loads(line) if line.startswith("[") else ("", None)
            if kind == wanted:
                return what
            if kind == CODE:
                self._scan(str(what))
            if kind == FAILED:
                raise RuntimeError(f"the library: {what}")
        said = self._complaints.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"the bare loop ended with {self._process.wait()}:\n{said}")


class SplitGateway(TimedGateway):
    """Times each send by kind. What the caller does within it is the caller's: it writes the id down meanwhile."""

    def __init__(self, inner: Gateway) -> None:
        super().__init__(inner)
        self.sends: dict[PartKind, list[float]] = {}

    def send(self, to: str, part: Part, message_id: str, assigned: Assigned = nobody) -> Outcome:
        writing = 0.0

        def timed(message_id: str) -> None:
            nonlocal writing
            begun = time.perf_counter()
            assigned(message_id)
            writing = time.perf_counter() - begun

        begun = time.perf_counter()
        outcome = self._inner.send(to, part, message_id, timed)
        took = time.perf_counter() - begun - writing
        self.sends.setdefault(part.kind, []).append(took * 1000)
        self.seconds += took
        self.sent += 1
        return outcome


@contextmanager
def open_engine(session: Path, reach: Reach, scan: Callable[[str], None]) -> Iterator[EmbeddedGateway]:
    """The product's engine, connected; paired first where it is not."""
    events = EventLog(session.parent / EVENTS_FILE, datetime.now, everybody)
    engine = EmbeddedGateway(
        "principal", session, events=events, clock=datetime.now, proxy=reach.proxy, command=reach.worker
    )
    try:
        if not engine.sender():
            code = engine.pairing().begin(datetime.now()).code
            if code is None:
                raise RuntimeError("the engine shows no code")
            scan(code.text)
        _wait_for_connection(engine)
        yield engine
    finally:
        engine.close()
        events.close()


def _wait_for_connection(engine: EmbeddedGateway) -> None:
    end = time.monotonic() + _PATIENCE_S
    while engine.condition().state is not GatewayState.CONNECTED:
        if time.monotonic() > end:
            raise RuntimeError(f"the engine stays {engine.condition()}")
        time.sleep(_LOOK_S)
