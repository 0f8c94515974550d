"""The parts of one row to WhatsApp, in order: intent in the journal, the part, the answer in the journal.

The second half of :mod:`integrator.sending.pump`: the row is ``enviando`` and ours, and nothing of it is sent twice.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from integrator.domain.errors import GatewayError
from integrator.domain.lifecycle import State
from integrator.domain.message import Message, Part
from integrator.domain.outcome import Outcome, Rejected, Restricted, Sent, TryLater, Unknown
from integrator.logs import log_event
from integrator.sending.destination import NoConsent, consenting
from integrator.sending.news import News
from integrator.sending.pace import Pace
from integrator.sending.ports import Ending, PartRecord, PartState, Plan, Post, Reservation, World
from integrator.sending.sender import Sender
from integrator.sending.settle import DOUBT

log = logging.getLogger(__name__)

_BACKOFF_LIMIT_S = 3600.0
_RESTRICTED_RETRY_S = 3600.0
_UNHEARD_RETRY_S = 60.0
_OPTED_OUT = "O cliente pediu para não receber durante o envio; o resto da mensagem não foi enviado."


@dataclass(frozen=True, slots=True)
class PostingPolicy:
    """``database``: whose rows these are, in the journal. ``max_attempts``, ``default_area``: see ``PumpPolicy``."""

    database: str
    max_attempts: int
    default_area: str


class Posting:
    """Posts rows of one number. Used by the engine's thread only."""

    def __init__(self, world: World, *, pace: Pace, news: News, sender: Sender, policy: PostingPolicy) -> None:
        self._queue = world.queue
        self._journal = world.journal
        self._gateway = world.gateway
        self._clock = world.clock
        self._pace = pace
        self._news = news
        self._sender = sender
        self._policy = policy

    def post(
        self, reservation: Reservation, message: Message, plan: Plan, before: tuple[PartRecord, ...]
    ) -> Ending | None:
        """Post the parts in order; stop at the first that is not accepted. None when the lease ended meanwhile.

        It ends when a computer sleeps in the middle of a row: the rest may have become another's, or goes in the
        morning, as :mod:`integrator.sending.rescue` finds.
        """
        post = Post(self._policy.database, message.guid, message.key, plan.destination, len(plan.composed.parts))
        done = {part.order: part for part in before}
        for part, message_id in zip(plan.composed.parts, plan.message_ids, strict=True):
            if part.order in done:
                continue
            if len(done) > len(before):
                self._clock.sleep(self._pace.part_gap_s())
                parts = tuple(done.values())
                try:
                    wanted = self._still_wanted(message)
                except GatewayError as error:
                    # What people wrote cannot be read: the rest waits, and what left stays written down.
                    return replace(put_back(self._clock.now(), error.message, _UNHEARD_RETRY_S), parts=parts)
                if not wanted:
                    return Ending(State.FAILED, _OPTED_OUT, NoConsent.code, latest(parts), None, parts)
                # Last of all: to listen may have taken long.
                if not self._queue.hold(reservation):
                    log_event(log, "lost", row=reservation.id, posted=len(done) - len(before))
                    return None
            outcome, record = self._post_part(post, part, message_id)
            done[part.order] = record
            self._sender.hear(outcome, self._clock.now())
            if not isinstance(outcome, Sent):
                return self._stopped(outcome, message, tuple(done.values()))
        return Ending(State.SENT, sent_at=self._clock.now(), parts=tuple(done.values()))

    def _still_wanted(self, message: Message) -> bool:
        """Whether its person has not said no since the row was begun."""
        self._news.listen()
        try:
            consenting(self._queue, message, self._policy.default_area)
        except NoConsent:
            return False
        return True

    def _post_part(self, post: Post, part: Part, message_id: str) -> tuple[Outcome, PartRecord]:
        self._journal.intend(post, part, message_id, self._clock.now())
        chosen: list[str] = []

        def assigned(its_id: str) -> None:
            self._journal.assign(post, part.order, its_id)
            chosen.append(its_id)

        outcome = self._gateway.send(post.to, part, message_id, assigned)
        message_id = chosen[-1] if chosen else message_id
        at = self._clock.now()
        state, provider_id, reason = _part_state(outcome)
        self._journal.answer(post, part.order, state, provider_id, reason, at)
        log_event(log, "posted", part=part.order, outcome=type(outcome).__name__)
        record = PartRecord(
            part.order,
            part.kind,
            part.sha256,
            len(part.content),
            part.file_name,
            state,
            provider_id or message_id,
            reason,
            at,
        )
        return outcome, record

    def _stopped(
        self, outcome: Rejected | TryLater | Restricted | Unknown, message: Message, parts: tuple[PartRecord, ...]
    ) -> Ending:
        at = latest(parts)
        match outcome:
            case Unknown(reason, detail):
                log_event(log, "uncertain", row=message.id, detail=detail)
                return Ending(State.UNCERTAIN, f"{reason} {DOUBT}", "duvida", at, None, parts)
            case Rejected(reason, detail):
                log_event(log, "refused", row=message.id, detail=detail)
                return Ending(State.FAILED, _with_what_left(reason, parts), "recusada", at, None, parts)
            case Restricted(reason, detail):
                log_event(log, "restricted", level=logging.WARNING, row=message.id, detail=detail)
                return replace(put_back(self._clock.now(), reason, _RESTRICTED_RETRY_S), parts=parts)
            case TryLater(reason, after_s, detail):
                log_event(log, "try_later", row=message.id, detail=detail, attempt=message.attempts + 1)
                if message.attempts + 1 >= self._policy.max_attempts:
                    told = f"{reason} Foram {message.attempts + 1} tentativas sem sucesso."
                    return Ending(State.FAILED, _with_what_left(told, parts), "tentativas", at, None, parts)
                grown = min(after_s * 2**message.attempts, _BACKOFF_LIMIT_S)
                return replace(put_back(self._clock.now(), reason, max(after_s, grown)), parts=parts)


def put_back(now: datetime, reason: str, after_s: float) -> Ending:
    """Back to the queue, not to be taken again for so many seconds."""
    return Ending(State.PENDING, reason, "tentar_depois", not_before=now + timedelta(seconds=after_s))


def latest(parts: tuple[PartRecord, ...]) -> datetime | None:
    """When the last part that left, or may have left, was posted; None when none did."""
    return max((part.at for part in parts if part.at and part.state is not PartState.REFUSED), default=None)


def _part_state(outcome: Outcome) -> tuple[PartState, str, str]:
    """The state, provider id and reason to record for an answer."""
    match outcome:
        case Sent(provider_id):
            return PartState.SENT, provider_id, ""
        case Rejected(reason) | TryLater(reason) | Restricted(reason):
            return PartState.REFUSED, "", reason
        case Unknown(reason):
            return PartState.UNCERTAIN, "", reason


def _with_what_left(reason: str, parts: tuple[PartRecord, ...]) -> str:
    left = sum(part.state is PartState.SENT for part in parts)
    return f"{reason} Antes disso, parte da mensagem já tinha saído." if left else reason
