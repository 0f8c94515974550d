"""Posts automatic answers, each at most once: claimed in the database and in the journal's book before it leaves.

Of several integrators on one queue the database lets one answer; of several databases on one number, the book. Answers
are no rows of the queue and count for no limit. Nothing is posted while the number is paused, stopped or away.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from integrator.domain.message import Part, PartKind
from integrator.domain.outcome import Outcome, Rejected, Restricted, Sent, TryLater, Unknown
from integrator.domain.phone import mask_phone, with_ninth_digit
from integrator.erp.contacts import Contacts
from integrator.journal.replies import ReplyBook, ReplyKind
from integrator.logs import log_event
from integrator.sending.gateway import Gateway, GatewayState, Inbound
from integrator.sending.ports import Clock

log = logging.getLogger(__name__)

#: Answers to one phone in a day, of whatever kind: two programs that talk to each other end here at the latest.
_MOST_A_DAY: Final = 4
_DAY: Final = timedelta(days=1)
_GAP_S: Final = (1.5, 4.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be posted because of ``inbound``, unless that is older than ``fresh`` by then.

    ``to`` is E.164 digits. ``every``: no other answer to that phone may have left within it.
    """

    inbound: Inbound
    kind: ReplyKind
    to: str
    text: str
    fresh: timedelta
    every: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Postman:
    """Posts by one number. ``may_post`` is false while a person or the guard has stopped the number.

    ``warned`` is told when WhatsApp restricts the number.
    """

    instance: str
    gateway: Gateway
    clock: Clock
    contacts: Contacts
    book: ReplyBook
    may_post: Callable[[datetime], bool]
    warned: Callable[[Restricted, datetime], None]
    random: Random

    def post(self, answer: Answer) -> bool:
        """Whether it was posted, or left in doubt. Raises the errors of database and journal, never the gateway's."""
        now = self.clock.now()
        if now - answer.inbound.at > answer.fresh or not self._able(now) or not self._claimed(answer, now):
            return False
        self.clock.sleep(self.random.uniform(*_GAP_S))
        outcome = self._send(answer)
        state, provider_id = _told(outcome)
        self.book.answered(self.instance, answer.inbound.id, state, provider_id)
        if isinstance(outcome, Restricted):
            self.warned(outcome, self.clock.now())
        log_event(log, "answered", kind=answer.kind.value, to=mask_phone(answer.to), outcome=type(outcome).__name__)
        return isinstance(outcome, Sent | Unknown)

    def _able(self, now: datetime) -> bool:
        return self.gateway.condition().state is GatewayState.CONNECTED and self.may_post(now)

    def _claimed(self, answer: Answer, now: datetime) -> bool:
        """The database first: whoever comes second there has claimed nothing in the book of another one."""
        phone = answer.inbound.sender
        if answer.kind is not ReplyKind.FORWARD and self.book.exchange(phone, now - _DAY).answers >= _MOST_A_DAY:
            return False
        mine = self.contacts.claim_answer(phone, answer.inbound.id, now, not_after=now - answer.every)
        return mine and self.book.claim(self.instance, answer.inbound, answer.kind, now)

    def _send(self, answer: Answer) -> Outcome:
        content = answer.text.encode("utf-8", "replace")
        part = Part(1, PartKind.TEXT, content, hashlib.sha256(content).hexdigest())
        message_id = self.gateway.new_message_id(f"{self.instance}|{answer.inbound.id}", part)

        def assigned(its_id: str) -> None:
            self.book.answered(self.instance, answer.inbound.id, "prometida", its_id)

        return self.gateway.send(answer.to, part, message_id, assigned)


def same_phone(one: str, other: str) -> bool:
    """Whether two E.164 numbers are one phone, with or without the ninth digit."""
    return bool(one) and with_ninth_digit(one) == with_ninth_digit(other)


def _told(outcome: Outcome) -> tuple[str, str]:
    match outcome:
        case Sent(provider_id):
            return "enviada", provider_id
        case Rejected() | TryLater() | Restricted():
            return "recusada", ""
        case Unknown():
            return "incerta", ""
