"""What a gateway may answer to one part of a message: a closed union, matched exhaustively."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The engine accepted the part; ``provider_id`` finds its receipts."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Proven not sent and of no use to repeat (number without WhatsApp, content refused). ``reason`` in Portuguese.

    ``about_recipient``: the reason is the recipient (no WhatsApp there), so that it says nothing of our own number.
    """

    reason: str
    detail: str = ""
    about_recipient: bool = False


@dataclass(frozen=True, slots=True)
class TryLater:
    """Proven not sent; may be tried again after ``after_s`` seconds. ``reason`` in Portuguese."""

    reason: str
    after_s: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can tell whether it left: never repeated by the program, a person decides."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Restricted:
    """Proven not sent, and a sign that WhatsApp restricts this number: the guard counts it.

    ``until`` is when the restriction ends (naive local time), None when WhatsApp did not say. ``stops``: nothing more
    may leave by this number until a person acts.
    """

    reason: str
    detail: str = ""
    until: datetime | None = None
    stops: bool = False


Outcome = Sent | Rejected | TryLater | Restricted | Unknown


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The engine has the message with that id."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The engine is sure that it never accepted the message with that id."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The engine cannot be asked, or does not keep what it accepted."""


Confirmation = Confirmed | NotFound | CannotTell
