"""The register of consent, ``WA_CONSENTIMENTO``: every answer is a row that stays, and the newest one counts.

The ERP writes here too. A "no" wins over the contact's flag; a withdrawn "yes" is as if it had never been said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from functools import partial
from typing import Final

from integrator.domain.message import Purpose
from integrator.domain.phone import PhoneCandidate
from integrator.erp import rows
from integrator.erp.connection import Database, Session
from integrator.erp.sql import QUERIES

_ORIGIN: Final = 200
_AT_ONCE: Final = 100
_SHORT_TRANSACTION: Final = 200
_PURPOSES: Final = frozenset(purpose.value for purpose in Purpose)


class Said(StrEnum):
    """An answer as the column ``ACEITA`` holds it. Whatever else an ERP writes there is a no."""

    YES = "S"
    NO = "N"
    WITHDRAWN = "R"


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of the register. ``phone`` is in E.164 digits; ``source`` is where it was said.

    ``message_id`` is WhatsApp's id of the message in which it was said, empty elsewhere.
    """

    id: int
    phone: str
    purpose: Purpose
    said: Said
    at: datetime
    source: str
    message_id: str = ""


class Written(Enum):
    """What became of one phone and purpose of many."""

    NEW = "registrada"
    ALREADY_YES = "já aceitava"
    SAID_NO = "não quer receber"


def standing(answers: Iterable[Answer]) -> dict[Purpose, Answer]:
    """What counts now for each purpose, of the answers of one phone under its spellings; withdrawn ones do not.

    The same rule as the statement ``consent`` and :mod:`integrator.sending.destination` follow.
    """
    found: dict[Purpose, Answer] = {}
    withdrawn: set[tuple[str, Purpose]] = set()
    for answer in sorted(answers, key=lambda each: (each.at, each.id), reverse=True):
        if answer.said is Said.WITHDRAWN:
            withdrawn.add((answer.phone, answer.purpose))
        elif answer.said is Said.NO or (answer.phone, answer.purpose) not in withdrawn:
            found.setdefault(answer.purpose, answer)
    return found


class ConsentRegister:
    """Reads and appends. Nothing of the register is ever changed or deleted."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def answers(self, phones: Sequence[PhoneCandidate]) -> dict[str, tuple[Answer, ...]]:
        """Every answer of each phone, newest first, by its E.164 form."""
        return self._db.read(lambda session: _answers(session, phones))

    def record(self, phone: PhoneCandidate, purpose: Purpose, said: Said, source: str) -> None:
        """Append an answer. It is the newest one even where an ERP wrote one of a later time."""

        def work(session: Session) -> None:
            now = _now(session)
            known = _answers(session, [phone])[phone.e164]
            latest = max((answer.at for answer in known if answer.purpose is purpose), default=now - timedelta(1))
            at = max(now, latest + timedelta(milliseconds=1))
            _insert(session, phone.e164, purpose, said, at, source)

        self._db.run(work)

    def accept_all(
        self, phones: Sequence[PhoneCandidate], purposes: Sequence[Purpose], source: str
    ) -> dict[tuple[str, Purpose], Written]:
        """Write a "yes" for every phone and purpose that has no answer yet. Never over a "no".

        All carry the moment at which this began: a "no" that somebody says meanwhile is the newer one. Done in short
        transactions; doing it again writes only what is missing.
        """
        began = self._db.read(_now)
        done: dict[tuple[str, Purpose], Written] = {}
        for start in range(0, len(phones), _SHORT_TRANSACTION):
            chunk = phones[start : start + _SHORT_TRANSACTION]
            done |= self._db.run(partial(_accept, phones=chunk, purposes=purposes, at=began, source=source))
        return done

    def withdraw_all(self, pairs: Sequence[tuple[PhoneCandidate, Purpose]], written: str, source: str) -> int:
        """Withdraw the answers whose source is ``written`` where they still count; how many."""
        done = 0
        for start in range(0, len(pairs), _SHORT_TRANSACTION):
            chunk = pairs[start : start + _SHORT_TRANSACTION]
            done += self._db.run(partial(_withdraw, pairs=chunk, written=written, source=source))
        return done


def _accept(
    session: Session, phones: Sequence[PhoneCandidate], purposes: Sequence[Purpose], at: datetime, source: str
) -> dict[tuple[str, Purpose], Written]:
    known = {phone: standing(found) for phone, found in _answers(session, phones).items()}
    done: dict[tuple[str, Purpose], Written] = {}
    for phone in phones:
        for purpose in purposes:
            answer = known[phone.e164].get(purpose)
            if answer is None:
                _insert(session, phone.e164, purpose, Said.YES, at, source)
                done[phone.e164, purpose] = Written.NEW
            else:
                done[phone.e164, purpose] = Written.ALREADY_YES if answer.said is Said.YES else Written.SAID_NO
    return done


def _withdraw(session: Session, pairs: Sequence[tuple[PhoneCandidate, Purpose]], written: str, source: str) -> int:
    phones = list({phone.e164: phone for phone, _ in pairs}.values())
    known = {phone: standing(found) for phone, found in _answers(session, phones).items()}
    now = _now(session)
    ours = rows.storable(written, _ORIGIN).strip()
    done = 0
    for phone, purpose in pairs:
        answer = known[phone.e164].get(purpose)
        if answer is not None and answer.said is Said.YES and answer.source == ours:
            _insert(session, answer.phone, purpose, Said.WITHDRAWN, max(now, answer.at), source)
            done += 1
    return done


def _answers(session: Session, phones: Sequence[PhoneCandidate]) -> dict[str, tuple[Answer, ...]]:
    owner = {spelling: phone.e164 for phone in phones for spelling in phone.alternatives}
    spellings = sorted(owner)
    found: dict[str, list[Answer]] = {phone.e164: [] for phone in phones}
    for start in range(0, len(spellings), _AT_ONCE):
        chunk = spellings[start : start + _AT_ONCE]
        # Always as many marks: one statement, prepared once. No phone is empty.
        marks = chunk + [""] * (_AT_ONCE - len(chunk))
        sql = f"{QUERIES['answers']} WHERE TELEFONE IN ({', '.join('?' for _ in marks)})"
        for answer in filter(None, map(_answer, session.rows(sql, marks))):
            found[owner[answer.phone]].append(answer)
    return {phone: tuple(sorted(each, key=lambda a: (a.at, a.id), reverse=True)) for phone, each in found.items()}


def answers_of(session: Session, spellings: Sequence[str]) -> tuple[Answer, ...]:
    """Every answer under those spellings of one phone, newest first."""
    marks = ", ".join("?" for _ in spellings)
    found = session.rows(f"{QUERIES['answers']} WHERE TELEFONE IN ({marks})", tuple(spellings))
    return tuple(sorted(filter(None, map(_answer, found)), key=lambda a: (a.at, a.id), reverse=True))


def _answer(row: tuple[object, ...]) -> Answer | None:
    """None for a purpose that nobody can ask about."""
    number, phone, purpose, said, at, source, message_id = row
    if str(purpose).strip() not in _PURPOSES or not isinstance(at, datetime):
        return None
    meant = _MEANINGS.get(str(said or "").strip(), Said.NO)
    name, of, heard = str(phone).strip(), Purpose(str(purpose).strip()), str(message_id or "").strip()
    return Answer(int(str(number)), name, of, meant, at, rows.lenient(source), heard)


_MEANINGS: Final[Mapping[str, Said]] = {said.value: said for said in Said}


def _insert(session: Session, phone: str, purpose: Purpose, said: Said, at: datetime, source: str) -> None:
    session.execute(QUERIES["add_answer"], (phone, purpose.value, said.value, at, rows.storable(source, _ORIGIN)))


def _now(session: Session) -> datetime:
    found = session.row(QUERIES["server_now"])
    assert found is not None
    assert isinstance(found[0], datetime)
    return found[0]
