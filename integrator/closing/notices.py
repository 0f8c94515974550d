"""Documents, birthdays and expiring cashback: one row of the profile's sources makes one message. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from integrator.closing.plan import Planned
from integrator.closing.policy import ClosingPolicy
from integrator.closing.ports import Draft, Memory, Notice
from integrator.closing.reasons import Skipped, Why
from integrator.domain.errors import PhoneError
from integrator.domain.phone import parse_phones

_NOON = time(12)


def plan_notices(notices: Iterable[Notice], memory: Memory, policy: ClosingPolicy) -> Iterator[Planned]:
    """Every notice comes back as a draft or a :class:`Skipped`; one with a problem is drafted and held."""
    for notice in notices:
        why = _why_not(notice, memory, policy)
        if why is None:
            yield _draft(notice)
        else:
            yield Skipped(notice.company, notice.customer, why.label, why)


def notices_since(memory: Memory, at: datetime) -> datetime:
    """From when on documents are asked for: the whole day of the last closing again, on the first one today's.

    The ERP may keep only the date of a document, or write it late; its key keeps it from being sent twice.
    """
    return datetime.combine((memory.last_closing or at).date(), time.min)


def notices_day(at: datetime) -> date:
    """Whose birthday it is when these messages leave: a closing from noon on works for the next day."""
    return at.date() + timedelta(days=1) if at.time() >= _NOON else at.date()


def _why_not(notice: Notice, memory: Memory, policy: ClosingPolicy) -> Why | None:
    if notice.key in memory.waiting:
        return Why.IN_QUEUE
    if notice.problem:
        return None
    if not notice.accepts:
        return Why.NOT_FLAGGED
    try:
        parse_phones(notice.phones, policy.default_area)
    except PhoneError:
        return Why.NO_PHONE
    return None


def _draft(notice: Notice) -> Draft:
    return Draft(
        key=notice.key,
        purpose=notice.purpose,
        module=notice.module,
        kind=notice.kind,
        company=notice.company,
        customer=notice.customer,
        phones=notice.phones,
        accepts=notice.accepts,
        template=notice.template,
        attachments=notice.attachments,
        variables=notice.variables,
        expires_at=notice.expires_at,
        problem=notice.problem,
    )
