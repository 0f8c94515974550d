"""What became of a row that was, or may have been, posted before: the journal is asked first, then the gateway.

Used before sending (a restored backup may bring back what already left) and by the rescue of leftovers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from integrator.domain.outcome import CannotTell, Confirmed, NotFound
from integrator.sending.gateway import Gateway
from integrator.sending.ports import Journal, PartRecord, PartState, Post

_ACCEPTED = frozenset({PartState.SENT, PartState.DELIVERED, PartState.READ})
DOUBT = (
    "Não dá para saber se esta mensagem chegou: o envio foi interrompido sem resposta. Ela pode ter sido "
    "entregue; confira no celular e decida."
)


@dataclass(frozen=True, slots=True)
class Clean:
    """Nothing of it was ever accepted: it may be sent whole."""


@dataclass(frozen=True, slots=True)
class Partly:
    """These parts were accepted and the others surely were not: the others may still go."""

    parts: tuple[PartRecord, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """Every part was accepted; the latest at ``at``."""

    parts: tuple[PartRecord, ...]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Nobody can tell about at least one part: a person decides."""

    parts: tuple[PartRecord, ...]


Settlement = Clean | Partly | Whole | Doubt


def recall(
    journal: Journal, gateway: Gateway, database: str, guid: str, key: str
) -> tuple[tuple[PartRecord, ...], int]:
    """What this computer posted of a row, and how many parts the row was to have.

    Parts without an answer are asked about, and the journal learns what the gateway says: else it would forbid for
    ever to post a part whose post is proven not to have arrived.
    """
    parts, total = journal.posted(database, guid, key)
    asked = tuple(_ask(part, gateway) for part in parts)
    post = Post(database, guid, key, "", total)
    for before, now in zip(parts, asked, strict=True):
        if now.state is not before.state and before.at is not None:
            journal.answer(post, now.order, now.state, now.provider_id, now.reason, before.at)
    return asked, total


def settle(parts: Sequence[PartRecord], total: int, gateway: Gateway) -> Settlement:
    """Settle the known ``parts`` of a row that was to have ``total``; parts without an answer are asked about."""
    answered = tuple(_ask(part, gateway) for part in parts)
    if any(part.state in (PartState.UNCERTAIN, PartState.PLANNED) for part in answered):
        return Doubt(tuple(_doubtful(part) for part in answered))
    accepted = tuple(part for part in answered if part.state in _ACCEPTED)
    if not accepted:
        return Clean()
    if len(accepted) >= total:
        return Whole(accepted, max((part.at for part in accepted if part.at is not None), default=None))
    return Partly(accepted)


def _ask(part: PartRecord, gateway: Gateway) -> PartRecord:
    """The part as the gateway knows it. Where an answer was ambiguous, a "no" proves nothing: it may yet arrive."""
    if part.state not in (PartState.PLANNED, PartState.UNCERTAIN) or not part.provider_id:
        return part
    match gateway.confirm(part.provider_id):
        case Confirmed(provider_id):
            return replace(part, state=PartState.SENT, provider_id=provider_id, reason="")
        case NotFound() if part.state is PartState.PLANNED:
            return replace(part, state=PartState.REFUSED)
        case NotFound() | CannotTell():
            return part


def _doubtful(part: PartRecord) -> PartRecord:
    return replace(part, state=PartState.UNCERTAIN, reason=DOUBT) if part.state is PartState.PLANNED else part
