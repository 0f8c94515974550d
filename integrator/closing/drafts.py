"""From chosen titles to a message of the queue: its key, its kind, the step it carries. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from integrator.closing.choice import Listed
from integrator.closing.people import Destination
from integrator.closing.policy import Step
from integrator.closing.ports import Content, Draft, Payer, StepDone
from integrator.closing.ruler import PROBLEM_STEP
from integrator.domain.message import Customer, Purpose, Title
from integrator.messages.catalogue import DebtKind

MODULE: Final = "AVISO DE DÉBITOS"
#: How the keys of reminders begin.
REMINDER: Final = "fech|"
_LONGEST_KEY: Final = 120
_LONGEST_PROBLEM: Final = 480
_DIGEST: Final = "resumo"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets a message: the shop's ``company``, the ``customer`` it is about, and where it goes.

    ``payers`` is filled where several customers share the message.
    """

    company: str
    customer: Customer
    destination: Destination
    payers: tuple[Payer, ...] = ()


def key_of(day: date, company: str, who: str, phone: str) -> str:
    """``fech|2026-11-23|1|4711|5549988590187``: every closing for one send day writes the same row (≤ 120)."""
    key = REMINDER + "|".join((day.isoformat(), *(part.replace("|", "/") for part in (company, who, phone))))
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[:100]}#{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def digest_key(day: date, company: str, phone: str) -> str:
    """The key of the one message of a phone that asked for a digest."""
    return key_of(day, company, _DIGEST, phone)


def content_of(titles: Iterable[Title]) -> Content:
    """What tells two versions of a message apart."""
    return frozenset((title.ref, title.open_amount, title.due) for title in titles)


def draft_of(key: str, receiver: Receiver, listed: Sequence[Listed], day: date) -> Draft:
    """The message with these titles. Its step is the most advanced of theirs."""
    contact = receiver.destination.contact
    step = max((item.step for item in listed if item.step), key=lambda found: found.days, default=None)
    problems = [item.debt.problem for item in listed] + [receiver.destination.problem]
    return Draft(
        key=key,
        purpose=Purpose.COLLECTION,
        module=MODULE,
        kind=_kind_of(listed),
        company=receiver.company,
        customer=replace(receiver.customer, contact_name=contact.name),
        phones=contact.phones,
        accepts=contact.accepts,
        template=step.text if step else "",
        titles=tuple(item.debt.title for item in listed),
        payers=receiver.payers,
        attachments=tuple(attachment for item in listed for attachment in item.debt.attachments),
        step=step.name if step else "",
        steps=tuple(_done(item, day, key) for item in listed if item.step or item.debt.problem),
        expires_at=_loses_its_sense(step, listed),
        problem=" ".join(dict.fromkeys(filter(None, problems)))[:_LONGEST_PROBLEM],
    )


def _done(item: Listed, day: date, key: str) -> StepDone:
    return StepDone(item.debt.title.ref, item.step.name if item.step else PROBLEM_STEP, day, key)


def _kind_of(listed: Sequence[Listed]) -> DebtKind:
    overdue = {item.overdue for item in listed if not item.debt.problem}
    if overdue == {True}:
        return DebtKind.OVERDUE
    return DebtKind.UPCOMING if overdue == {False} else DebtKind.BOTH


def _loses_its_sense(step: Step | None, listed: Sequence[Listed]) -> datetime | None:
    """When a text of the shop's own like "vence hoje" would become false; the default texts are always true."""
    if step is None or not step.text or step.days > 0:
        return None
    last = min(item.payable for item in listed if item.step == step)
    return datetime.combine(last + timedelta(days=1), time.min)
