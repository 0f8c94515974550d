"""What people said by WhatsApp, written to the register of consent: each message once, whoever hears it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from integrator.domain.message import Purpose
from integrator.domain.phone import spellings, with_ninth_digit
from integrator.erp import rows
from integrator.erp.connection import Database, Session
from integrator.erp.consents import Answer, Said, answers_of, standing
from integrator.erp.sql import QUERIES

_ORIGIN: Final = 200
_ID: Final = 120


@dataclass(frozen=True, slots=True)
class Saying:
    """One message of a person. ``source`` goes to the register: ``WhatsApp: “SAIR”``."""

    phone: str
    message_id: str
    at: datetime
    source: str


class Spoken:
    """The answers that people give by WhatsApp, in one database.

    Each deed is one transaction and answers the purposes for which the person's word counts now; empty when the
    message changed nothing. A message that is heard again answers what it answered the first time.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def knows(self, phone: str) -> bool:
        """Whether this queue ever wrote to that phone (E.164 digits, any spelling), or has an answer of it."""
        return self._db.read(
            lambda session: any(
                session.row(QUERIES["phone_is_known"], (each, each)) is not None for each in spellings(phone)
            )
        )

    def refuse(self, saying: Saying, purposes: Iterable[Purpose]) -> frozenset[Purpose]:
        """A no. It counts from now on, also where a shop's clock had dated a yes later.

        What the person wrote after it stands: heard again, an old "SAIR" does not undo the "VOLTAR" that followed.
        """

        def work(session: Session) -> frozenset[Purpose]:
            answers = _answers(session, saying)
            counts = standing(answers)
            heard = _heard(answers, saying)
            changed = [p for p in purposes if p not in heard and not _stands(counts.get(p), saying)]
            newest = max((answer.at for answer in answers), default=saying.at - timedelta(1))
            _add(session, saying, dict.fromkeys(changed, Said.NO), max(saying.at, newest + timedelta(milliseconds=1)))
            return frozenset(changed) | heard

        return self._db.run(work)

    def accept(self, saying: Saying, purposes: Iterable[Purpose]) -> frozenset[Purpose]:
        """A yes, dated when it was written: a no that came after it stands."""

        def work(session: Session) -> frozenset[Purpose]:
            answers = _answers(session, saying)
            return _accept(session, saying, answers, purposes)

        return self._db.run(work)

    def restore(self, saying: Saying) -> frozenset[Purpose]:
        """Undo a no. Promotions come back only to whoever once said yes to them; empty when nothing was refused."""

        def work(session: Session) -> frozenset[Purpose]:
            answers = _answers(session, saying)
            refused = {purpose for purpose, answer in standing(answers).items() if answer.said is Said.NO}
            once = {answer.purpose for answer in answers if answer.said is Said.YES}
            wanted = refused & ({Purpose.COLLECTION, Purpose.SERVICE} | once)
            return _accept(session, saying, answers, wanted)

        return self._db.run(work)

    def opened(self, saying: Saying) -> frozenset[Purpose]:
        """The purposes that this message opened: a yes counts now, and before it the person had not said no."""
        answers = self._db.read(lambda session: _answers(session, saying))
        before = standing(answer for answer in answers if answer.message_id != saying.message_id[:_ID])
        return frozenset(
            purpose
            for purpose, answer in standing(answers).items()
            if answer.said is Said.YES and (purpose not in before or before[purpose].said is Said.YES)
        )

    def term_for(self, phone: str, since: datetime) -> frozenset[Purpose]:
        """For which purposes the consent term that left to that phone since then asked; none: it did not leave."""

        def work(session: Session) -> frozenset[Purpose]:
            for each in spellings(phone):
                found = session.row(QUERIES["term_sent"], (each, since))
                if found is not None:
                    return purposes_named(rows.lenient(found[0]))
            return frozenset()

        return self._db.read(work)


def purposes_named(text: str) -> frozenset[Purpose]:
    """The purposes of ``cobranca,servico``; names that are none are left out."""
    names = {name.strip() for name in text.split(",")}
    return frozenset(purpose for purpose in Purpose if purpose.value in names)


def _accept(
    session: Session, saying: Saying, answers: tuple[Answer, ...], purposes: Iterable[Purpose]
) -> frozenset[Purpose]:
    counts = standing(answers)
    changed = [
        purpose
        for purpose in purposes
        if purpose not in counts or (counts[purpose].said is Said.NO and counts[purpose].at <= saying.at)
    ]
    _add(session, saying, dict.fromkeys(changed, Said.YES), saying.at)
    return frozenset(changed) | _heard(answers, saying)


def _stands(answer: Answer | None, no: Saying) -> bool:
    """Whether an answer keeps a no from being written: another no, or what the person herself wrote later."""
    if answer is None:
        return False
    return answer.said is Said.NO or (bool(answer.message_id) and answer.at > no.at)


def _answers(session: Session, saying: Saying) -> tuple[Answer, ...]:
    return answers_of(session, spellings(saying.phone))


def _heard(answers: tuple[Answer, ...], saying: Saying) -> frozenset[Purpose]:
    return frozenset(answer.purpose for answer in answers if answer.message_id == saying.message_id[:_ID])


def _add(session: Session, saying: Saying, said: Mapping[Purpose, Said], at: datetime) -> None:
    phone, origin = with_ninth_digit(saying.phone), rows.storable(saying.source, _ORIGIN)
    for purpose, word in sorted(said.items()):
        cells = (phone, purpose.value, word.value, at, origin, saying.message_id[:_ID])
        session.execute(QUERIES["add_word"], cells)
