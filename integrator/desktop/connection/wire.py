"""What the window and the process that tries the connection say to each other: a line of JSON each.

The password goes through the process' standard input and is in no command line, environment or file.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from integrator.domain.fault import Fault
from integrator.secrets import Source
from integrator.support.finding import Finding, Level


class Action(StrEnum):
    """What is wanted of the process."""

    TEST = "testar"
    INSTALL = "instalar"
    USER = "criar usuário"


@dataclass(frozen=True, slots=True)
class Request:
    """A connection and what to do with it. ``source``: where the password was kept, None for one typed just now."""

    action: Action
    server: str
    port: int
    path: str
    user: str
    password: str = field(repr=False)
    source: Source | None = None
    client: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What is being looked at, or was made, just now."""

    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """One finding; a later one of the same id counts in its place."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class Examined:
    """The test is over: every finding was told."""


@dataclass(frozen=True, slots=True)
class Installed:
    """The contract is in the database; ``created`` are the objects that were not."""

    created: int


@dataclass(frozen=True, slots=True)
class UserMade:
    """The least-privilege user has this password, which nobody else knows."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """It could not be done; the message is for people, the detail for the log."""

    message: str
    detail: str = ""


News = Step | Found
End = Examined | Installed | UserMade | Refused
_KINDS: dict[str, type[Step | Examined | Installed | UserMade | Refused]] = {
    kind.__name__: kind for kind in (Step, Examined, Installed, UserMade, Refused)
}


def request_line(request: Request) -> bytes:
    """The request as it goes to the process."""
    return _line(asdict(request))


def read_request(line: bytes) -> Request:
    """Raises ``ValueError`` or ``KeyError`` for anything but a request."""
    said = json.loads(line)
    source = said.pop("source")
    return Request(**{**said, "action": Action(said["action"])}, source=Source(source) if source else None)


def event_line(event: News | End) -> bytes:
    """An event as it comes back."""
    body = asdict(event.finding if isinstance(event, Found) else event)
    return _line({"kind": type(event).__name__, **body})


def read_event(line: bytes) -> News | End:
    """Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything but an event."""
    said: dict[str, Any] = json.loads(line)
    kind = said.pop("kind")
    if kind == Found.__name__:
        fault = said.pop("fault")
        return Found(Finding(**{**said, "level": Level(said["level"]), "fault": Fault(fault) if fault else None}))
    return _KINDS[kind](**said)


def _line(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode("ascii") + b"\n"
