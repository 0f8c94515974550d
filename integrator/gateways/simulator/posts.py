"""What is posted to the simulator and what may come of it: a closed union, matched exhaustively."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from integrator.domain.message import PartKind


class Mode(StrEnum):
    """Whether messages can be confirmed by id: engines of both sorts exist."""

    CONFIRMS = "confirma"
    """The client chooses ids and may ask about them (whatsmeow, Evolution Go)."""
    CANNOT_CONFIRM = "nao-confirma"
    """The engine chooses ids, known only from its answer (Evolution API, Cloud API)."""


@dataclass(frozen=True, slots=True)
class Post:
    """One send as it arrived. ``id`` is empty when the engine is to choose it; ``at`` is the client's clock.

    ``caption`` is the text under a document; no other kind has one.
    """

    id: str
    to: str
    kind: PartKind
    content: bytes
    at: datetime
    file_name: str = ""
    mime: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message is on disk under ``id``."""

    id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not accepted, and never will be."""

    reason: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not accepted now."""

    reason: str
    after_s: float


@dataclass(frozen=True, slots=True)
class Warned:
    """Not accepted, because WhatsApp restricts the number."""

    reason: str


@dataclass(frozen=True, slots=True)
class HungUp:
    """The connection is to be closed without an answer."""


@dataclass(frozen=True, slots=True)
class Silent:
    """No answer is to be given while the client waits."""


Reply = Accepted | Refused | Postponed | Warned | HungUp | Silent
