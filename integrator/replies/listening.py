"""What people write to one number, as one database hears it (implements :class:`integrator.sending.ports.Listener`).

Words are obeyed at once and written down before anything is answered. Everything else is for people: it holds the
automatic reminders to its writer for a while, and is ignored, answered or passed on as the number's settings say.
Nothing is ever marked as read, and no text is kept or logged.
"""

from __future__ import annotations

import hashlib
import logging
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from integrator.domain.phone import mask_phone, with_ninth_digit
from integrator.domain.words import word_of
from integrator.erp.connection import Database
from integrator.erp.sorting import person_wrote
from integrator.journal.replies import ReplyKind
from integrator.logs import log_event
from integrator.replies.obeying import Obedience, Obeyed
from integrator.replies.posting import Answer, Postman, same_phone
from integrator.replies.robots import LOOKED_BACK, REMEMBERED, looks_like_robot
from integrator.replies.texts import FORWARDED, forwarded, obeyed
from integrator.sending.gateway import Inbound
from integrator.settings.sections import Replies

log = logging.getLogger(__name__)

#: How long after a message its answer still makes sense.
_WORD_FRESH: Final = timedelta(days=1)
_FIXED_FRESH: Final = timedelta(hours=2)
_FORWARD_FRESH: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_FORWARDS_AN_HOUR: Final = 30
_FORWARDS_OF_ONE: Final = 5
_AT_ONCE: Final = 3
_LONGEST_PHONE: Final = 20
_LONGEST_ID: Final = 120


@dataclass(frozen=True, slots=True)
class ReplyPolicy:
    """The number's settings, and who is never answered: ``own`` are the numbers of this shop (E.164 digits).

    With ``test_number`` only that phone is answered. ``shop`` is the name that people know.
    """

    instance: str
    shop: str
    replies: Replies = Replies.IGNORE
    text: str = ""
    every: timedelta = timedelta(hours=24)
    forward_to: str = ""
    quiet: timedelta = timedelta(hours=24)
    own: frozenset[str] = frozenset()
    test_number: str = ""


class Listening:
    """Hears for one number and one database. Used by the engine's thread."""

    def __init__(self, policy: ReplyPolicy, obedience: Obedience, postman: Postman, database: Database) -> None:
        self._policy = policy
        self._obedience = obedience
        self._postman = postman
        self._database = database
        self._contacts = postman.contacts
        self._waiting: deque[Answer] = deque()

    def hear(self, inbound: Inbound) -> None:
        """Act on one message; heard again it changes nothing. Raises the database's and the journal's errors."""
        if not _is_phone(inbound.sender) or self._is_ours(inbound.sender):
            return
        # A date to come would hold that person's reminders until then.
        inbound = replace(inbound, id=_storable(inbound.id), at=min(inbound.at, self._postman.clock.now()))
        word = word_of(inbound.text)
        known = self._obedience.spoken.knows(inbound.sender)
        done = self._obedience.obey(word, inbound, known=known) if word is not None else None
        if done is not None:
            log_event(log, "obeyed", word=done.word.value, who=mask_phone(inbound.sender))
        elif not known:
            return
        robot = self._is_robot(inbound)
        self._contacts.wrote(inbound.sender, inbound.at, talked=done is None and not robot)
        self._database.run(lambda session: person_wrote(session, inbound.sender))
        answer = None if robot or not self._may_answer(inbound.sender) else self._answer(inbound, done)
        if answer is not None and self._is_news(answer):
            self._waiting.append(answer)

    def answer(self) -> None:
        """Post a few of the answers that wait; each is tried once. Raises as :meth:`hear`."""
        for _ in range(min(_AT_ONCE, len(self._waiting))):
            self._postman.post(self._waiting.popleft())

    def quiet_until(self, number: str, now: datetime) -> datetime | None:
        """Until when automatic messages to that number wait; None: its person is not talking to the shop."""
        talked_at = self._contacts.find(number).talked_at if self._policy.quiet else None
        until = None if talked_at is None else talked_at + self._policy.quiet
        return until if until is not None and until > now else None

    def _is_ours(self, sender: str) -> bool:
        """The shop's own numbers, and whoever its customers' messages are passed on to, are no customers."""
        ours = {*self._policy.own, self._policy.forward_to, self._postman.gateway.sender()}
        return any(same_phone(sender, each) for each in ours)

    def _is_robot(self, inbound: Inbound) -> bool:
        now = self._postman.clock.now()
        found_at = self._contacts.find(inbound.sender).robot_at
        if found_at is not None and now - found_at < REMEMBERED:
            return True
        self._postman.book.note(self._policy.instance, inbound, now)
        if not looks_like_robot(self._postman.book.exchange(inbound.sender, now - LOOKED_BACK)):
            return False
        self._contacts.mark_robot(inbound.sender, inbound.at)
        log_event(log, "robot", who=mask_phone(inbound.sender))
        return True

    def _is_news(self, answer: Answer) -> bool:
        """What is heard again after weeks must not stand before those who write now."""
        fresh = self._postman.clock.now() - answer.inbound.at <= answer.fresh
        return fresh and all(each.inbound.id != answer.inbound.id for each in self._waiting)

    def _may_answer(self, sender: str) -> bool:
        test = self._policy.test_number
        return not test or same_phone(sender, test)

    def _answer(self, inbound: Inbound, done: Obeyed | None) -> Answer | None:
        policy = self._policy
        if done is not None and not done.purposes:
            return None
        if done is not None:
            text = obeyed(done.word, policy.shop, done.purposes)
            return Answer(inbound, ReplyKind.WORD, inbound.sender, text, _WORD_FRESH)
        match policy.replies:
            case Replies.IGNORE:
                return None
            case Replies.ANSWER:
                return Answer(inbound, ReplyKind.FIXED, inbound.sender, policy.text, _FIXED_FRESH, policy.every)
            case Replies.FORWARD:
                return self._forward(inbound)

    def _forward(self, inbound: Inbound) -> Answer | None:
        book, since = self._postman.book, self._postman.clock.now() - _HOUR
        passed_on = inbound.text.lstrip().startswith(FORWARDED)
        full = book.forwards_since(since) >= _FORWARDS_AN_HOUR
        if passed_on or full or book.forwards_since(since, inbound.sender) >= _FORWARDS_OF_ONE:
            log_event(log, "not_forwarded", who=mask_phone(inbound.sender))
            return None
        text = forwarded(inbound, self._postman.gateway.sender())
        return Answer(inbound, ReplyKind.FORWARD, with_ninth_digit(self._policy.forward_to), text, _FORWARD_FRESH)


def _is_phone(sender: str) -> bool:
    return sender.isascii() and sender.isdigit() and len(sender) <= _LONGEST_PHONE


def _storable(message_id: str) -> str:
    """The id as the columns hold it. The writer's own program chooses it: whatever it is, it stops nobody else."""
    if message_id.isascii() and message_id.isprintable() and len(message_id) <= _LONGEST_ID:
        return message_id
    return hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).hexdigest()
