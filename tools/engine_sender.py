"""The daemon's side of :mod:`tools.engine_endurance`: the embedded engine in a process of its own, sending rows.

``python -m tools.engine_sender JOB`` with a :class:`Job` as JSON. It tells each step as a JSON line before it goes on,
so that whoever reads knows what was durable when the process was killed.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from integrator.domain.message import Part, PartKind
from integrator.domain.outcome import Outcome, Sent, TryLater, Unknown
from integrator.gateways.embedded.gateway import EmbeddedGateway
from integrator.gateways.embedded.supervisor import Rhythm
from integrator.gateways.events.log import EVENTS_FILE, EventLog, everybody
from integrator.sending.gateway import GatewayState

Step = Literal["code", "ready", "begun", "assigned", "sent", "uncertain", "not_sent", "over"]
_LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Job:
    """Rows ``first`` to ``last`` (not included) to ``number``, each with a file of ``size`` bytes."""

    folder: str
    proxy: str
    command: tuple[str, ...]
    number: str
    first: int
    last: int
    size: int


@dataclass(frozen=True, slots=True)
class News:
    """A step of a row. ``text``: the message's id, the code to scan, or why nothing was sent."""

    step: Step
    row: int = -1
    text: str = ""


class _Engine(EmbeddedGateway):
    """Replaces a killed worker at once: the run is about what is lost, not about patience."""

    rhythm = Rhythm(first_pause=0.05, longest_pause=0.2)


def caption(row: int) -> str:
    """By which a row is known on the customer's phone."""
    return f"Mensagem {row}"


def content(row: int, size: int) -> bytes:
    """The row's file."""
    return f"%PDF-1.4\n{row}\n".encode().ljust(size, b"x")


def tell(step: Step, row: int = -1, text: str = "") -> None:
    """One line, gone before this returns."""
    print(json.dumps(asdict(News(step, row, text))), flush=True)


def main(arguments: list[str]) -> int:
    """Pair when that is still to be done, then send every row until it is accepted or in doubt."""
    told = json.loads(arguments[0])
    job = Job(**{**told, "command": tuple(told["command"])})
    events = EventLog(Path(job.folder) / EVENTS_FILE, datetime.now, everybody)
    session = Path(job.folder) / "sessão"
    engine = _Engine(
        "principal", session, events=events, clock=datetime.now, proxy=job.proxy, command=list(job.command)
    )
    try:
        _pair(engine)
        tell("ready")
        for row in range(job.first, job.last):
            while _post(engine, job, row):
                pass
        tell("over")
        sys.stdin.read()
    finally:
        engine.close()
        events.close()
    return 0


def _pair(engine: EmbeddedGateway) -> None:
    pairing = engine.pairing()
    if engine.sender() or pairing is None:
        return
    code = pairing.begin(datetime.now()).code
    if code is None:
        raise RuntimeError("no code to scan")
    tell("code", text=code.text)


def _post(engine: EmbeddedGateway, job: Job, row: int) -> bool:
    """Whether the row must be tried again, because nothing left."""
    while engine.condition().state is not GatewayState.CONNECTED:
        time.sleep(_LOOK_S)
    file = content(row, job.size)
    digest = hashlib.sha256(file).hexdigest()
    part = Part(1, PartKind.DOCUMENT, file, digest, f"boleto {row}.pdf", "application/pdf", caption(row))
    assigned = [""]

    def write_down(message_id: str) -> None:
        assigned[0] = message_id
        tell("assigned", row, message_id)

    tell("begun", row)
    outcome: Outcome = engine.send(job.number, part, "", write_down)
    match outcome:
        case Sent(provider_id):
            tell("sent", row, provider_id)
        case Unknown():
            tell("uncertain", row, assigned[0])
        case _:
            tell("not_sent", row, getattr(outcome, "detail", ""))
    return isinstance(outcome, TryLater)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
