"""The consent term: asks a person once whether the shop may write, through the queue like everything that leaves.

It goes to whoever has said nothing yet, never over a no, and once in the life of a phone: ``WA_CONTATO.TERMO_EM`` keeps
that also after the row is gone. What it asks for stands in ``WA_FILA.ETAPA``; a "SIM" that follows counts for that.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import Final

from integrator.domain.message import Purpose
from integrator.domain.phone import PhoneCandidate, spellings
from integrator.erp import rows
from integrator.erp.connection import Database, Session
from integrator.erp.consents import Said, answers_of, standing
from integrator.erp.sql import QUERIES

#: The limits for people who never wrote let few terms leave a day: a large register takes its time.
_WAITS: Final = timedelta(days=90)
#: The lane in which it goes: the first of what it asks for in this order.
_LANES: Final = (Purpose.SERVICE, Purpose.COLLECTION, Purpose.PROMOTION)
_SUBJECTS: Final[Mapping[Purpose, str]] = {
    Purpose.COLLECTION: "boletos e avisos de vencimento",
    Purpose.SERVICE: "documentos e avisos de pedidos e serviços",
    Purpose.PROMOTION: "ofertas",
}


class Asked(Enum):
    """What became of one phone. The texts are for people."""

    QUEUED = "o termo está na fila"
    ALREADY_ASKED = "o termo já foi enviado uma vez"
    ALREADY_YES = "já aceita receber"
    SAID_NO = "não quer receber"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asked. ``company`` is the code in ``WA_EMPRESA`` of the shop that asks; empty: the only one."""

    phone: PhoneCandidate
    name: str = ""
    code: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks (a person of the shop, or the program) and by which number; an empty ``instance`` leaves it open."""

    who: str
    instance: str = ""


def ask_consent(
    database: Database, people: Sequence[Person], purposes: Sequence[Purpose], asking: Asking, now: datetime
) -> dict[str, Asked]:
    """Queue the term for those who may be asked; what became of each phone (E.164 digits).

    One short transaction for each person: what broke off half-way goes on when it is asked again.
    """

    def ask(person: Person) -> Asked:
        return database.run(lambda session: _ask(session, person, purposes, asking, now))

    return {person.phone.e164: ask(person) for person in people}


def would_ask(database: Database, people: Sequence[Person], purposes: Sequence[Purpose]) -> dict[str, Asked]:
    """What :func:`ask_consent` would answer now; writes nothing."""

    def look(session: Session) -> dict[str, Asked]:
        found = {}
        for person in people:
            open_ones = _open_ones(session, person.phone.e164, purposes)
            found[person.phone.e164] = open_ones if isinstance(open_ones, Asked) else Asked.QUEUED
        return found

    return database.read(look)


def withdraw_terms(database: Database, phones: Sequence[str], who: str) -> int:
    """Take back terms that have not left (E.164 digits): those people may be asked another time. How many."""
    return sum(database.run(partial(_withdrawn, phone=phone, who=who)) for phone in phones)


def subjects(purposes: Sequence[Purpose] | frozenset[Purpose]) -> str:
    """``boletos e avisos de vencimento, e ofertas``: what messages of those purposes bring."""
    named = [text for purpose, text in _SUBJECTS.items() if purpose in purposes]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])}, e {named[-1]}"


def _ask(session: Session, person: Person, purposes: Sequence[Purpose], asking: Asking, now: datetime) -> Asked:
    phone = person.phone.e164
    open_ones = _open_ones(session, phone, purposes)
    if isinstance(open_ones, Asked):
        return open_ones
    session.execute(QUERIES["add_contact"], (phone,))
    if session.execute(QUERIES["contact_term"], (now, phone)) != 1:
        return Asked.ALREADY_ASKED
    return Asked.QUEUED if _queued(session, person, open_ones, asking, now) else Asked.ALREADY_ASKED


def _open_ones(session: Session, phone: str, purposes: Sequence[Purpose]) -> Asked | tuple[Purpose, ...]:
    """The purposes that the person may be asked for, or why not."""
    answers = standing(answers_of(session, spellings(phone)))
    open_ones = tuple(purpose for purpose in _LANES if purpose in purposes and purpose not in answers)
    if not open_ones:
        said = {answers[purpose].said for purpose in purposes}
        return Asked.SAID_NO if Said.NO in said else Asked.ALREADY_YES
    contact = session.row(QUERIES["contact"], (phone,))
    if contact is not None and contact[4] is not None:
        return Asked.SAID_NO
    return Asked.ALREADY_ASKED if contact is not None and contact[3] is not None else open_ones


def _withdrawn(session: Session, phone: str, who: str) -> bool:
    key = f"TERMO|{phone}"
    for (found,) in session.rows(QUERIES["terms_waiting"], (key,)):
        named = rows.lenient(found)
        if named != key and not named.startswith(f"{key}|"):
            continue
        answer = session.row(QUERIES["cancel_term"], (named, rows.storable(f"Termo retirado por {who}.", 200)))
        if answer is not None and str(answer[0]).strip() == "OK":
            session.execute(QUERIES["contact_term_back"], (phone,))
            return True
    return False


def _queued(session: Session, person: Person, purposes: Sequence[Purpose], asking: Asking, now: datetime) -> bool:
    phone = person.phone.e164
    # A term that was taken back keeps its key.
    earlier = session.row(QUERIES["terms_before"], (f"TERMO|{phone}",))
    key = f"TERMO|{phone}|{now:%Y-%m-%d}|{earlier[0] if earlier else 0}"
    cells = (
        *(key, rows.storable(person.code, 30) or None, rows.storable(person.name, 120), phone, purposes[0].value),
        *(person.company or None, now + _WAITS, rows.storable(asking.who, 60), rows.storable(platform.node(), 60)),
        *(",".join(purpose.value for purpose in purposes), rows.storable(asking.instance, 40) or None),
    )
    found = session.row(QUERIES["enqueue_term"], cells)
    if found is None or str(found[1]).strip() != "NOVA":
        return False
    session.row(QUERIES["enqueue_variable"], (found[0], "assuntos", subjects(purposes)))
    session.row(QUERIES["release"], (key,))
    return True
