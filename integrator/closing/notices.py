"""Documents, birthdays and cashback: one row of the profile's sources makes one message. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from integrator.closing.plan import Planned
from integrator.closing.policy import ClosingPolicy
from integrator.closing.ports import Draft, Notice
from integrator.closing.reasons import Skipped, Why, switched_off
from integrator.domain.errors import PhoneError
from integrator.domain.phone import parse_phones
from integrator.messages.catalogue import bare

_NOON = time(12)
_CASHBACK: Final = "CASHBACK"
_TWICE: Final = (
    "Esta mensagem veio mais de uma vez do ERP, com dados diferentes. Confira o SELECT do perfil: é uma linha por "
    "mensagem."
)
#: A document that the shop finished longer ago is no news any more, however long the integrator was off.
DAYS_BACK: Final = 3


@dataclass(slots=True)
class Settled:
    """What needs no message again: ``waiting`` are keys in the queue, ``told`` those written before with their problem.

    A document that was held is looked at again; it is written anew once its problem is another, or none.
    """

    waiting: Container[str] = frozenset()
    told: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, key: object) -> bool:
        """Whether there is nothing to find out about that key."""
        return key in self.waiting or self.told.get(str(key)) == ""

    def has(self, notice: Notice) -> bool:
        """Whether the notice stands in the queue as it is."""
        return notice.key in self.waiting or self.told.get(notice.key) == notice.problem


class NoticePlan:
    """Chooses among the notices of one closing, or of one round between closings, at ``at``."""

    def __init__(self, policy: ClosingPolicy, settled: Settled, at: datetime) -> None:
        self._policy, self._settled, self._at = policy, settled, at
        self._written: dict[str, int] = {}
        self._people: dict[tuple[str, str], str] = {}

    def plan(self, notices: Iterable[Notice]) -> Iterator[Planned]:
        """Every notice comes back as a draft or a :class:`Skipped`; one with a problem is drafted and held."""
        for notice in notices:
            why = self._why_not(notice)
            if why is not None:
                yield Skipped(notice.company, notice.customer, why.label, why)
                continue
            twice = notice.key in self._written
            self._written[notice.key] = _digest(notice)
            yield _draft(replace(notice, problem=_TWICE) if twice else notice)

    def _why_not(self, notice: Notice) -> Why | None:
        return (
            switched_off(self._policy.choices, notice.module, notice.kind)
            or self._why_no_cashback(notice)
            or self._why_nobody(notice)
            or self._why_not_now(notice)
        )

    def _why_nobody(self, notice: Notice) -> Why | None:
        if not notice.problem and not notice.accepts:
            return Why.NOT_FLAGGED
        phone = self._phone(notice)
        if not phone and not notice.problem:
            return Why.NO_PHONE
        if notice.person and self._people.setdefault((notice.person, phone), notice.key) != notice.key:
            return Why.SAME_PERSON
        return None

    def _why_not_now(self, notice: Notice) -> Why | None:
        """A row that a JOIN of the profile doubled is one message; told apart by anything, it holds it."""
        if self._settled.has(notice) or self._written.get(notice.key) == _digest(notice):
            return Why.IN_QUEUE
        return Why.NO_ITEMS if notice.itemized and not notice.items and not notice.problem else None

    def _why_no_cashback(self, notice: Notice) -> Why | None:
        """Nothing is said of cashback unless its end is configured (G38), nor of what has ended."""
        if not _is_cashback(notice):
            return None
        if notice.expires_at is not None:
            return Why.ENDED if notice.expires_at < self._at else None
        return None if self._policy.choices.cashback_days else Why.NO_END

    def _phone(self, notice: Notice) -> str:
        try:
            return parse_phones(notice.phones, self._policy.default_area)[0].e164
        except PhoneError:
            return ""


def documents_since(last: datetime | None, begun: datetime | None, at: datetime) -> datetime:
    """From when on documents are asked for at ``at``: the whole day of the last closing again.

    The ERP may keep only the date of a document, or write it late; its key keeps it from being sent twice. Never from
    before ``begun``, when the closing was switched on, nor from more than :data:`DAYS_BACK` days ago. Without a closing
    before, from today on.
    """
    since = datetime.combine((last or at).date(), time.min)
    earliest = datetime.combine(at.date() - timedelta(days=DAYS_BACK), time.min)
    return max(since, earliest, begun or datetime.min)


def notices_day(at: datetime) -> date:
    """Whose birthday it is when these messages leave: a closing from noon on works for the next day."""
    return at.date() + timedelta(days=1) if at.time() >= _NOON else at.date()


def _is_cashback(notice: Notice) -> bool:
    return bare(notice.module) == bare(_CASHBACK)


def _digest(notice: Notice) -> int:
    """Tells two notices of one key apart, without keeping them or their files."""
    return hash(repr(replace(notice, attachments=())))


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
        items=notice.items,
        day=notice.day,
    )
