"""What a closing did, or in a dry run would do: counts always, names only where somebody looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from integrator.closing.ports import Draft, Queued
from integrator.closing.reasons import Skipped, Why
from integrator.domain.errors import PhoneError
from integrator.domain.phone import mask_phone, parse_phones

_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One message of a dry run. ``phone`` is masked; ``step`` is empty for documents, birthdays and cashback."""

    key: str
    company: str
    customer: str
    contact: str
    phone: str
    kind: str
    step: str
    titles: int
    amount: Decimal
    problem: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many customers and titles are left out for one reason, and what they owe in reais."""

    customers: int = 0
    titles: int = 0
    amount: Decimal = _NOTHING

    def plus(self, skipped: Skipped) -> Tally:
        return Tally(self.customers + 1, self.titles + skipped.titles, self.amount + skipped.amount)


@dataclass(frozen=True, slots=True)
class ClosingResult:
    """``messages``, ``titles`` and ``amount`` count the drafts, ``held`` those with a problem among them.

    ``queued`` says what became of them and is empty in a dry run; ``chosen`` and ``details`` are those of a dry run.
    ``warning`` is a sentence about a stale bank return, or empty.
    """

    at: datetime
    send_day: date
    dry_run: bool
    messages: int = 0
    held: int = 0
    titles: int = 0
    amount: Decimal = _NOTHING
    skipped: Mapping[Why, Tally] = field(default_factory=dict)
    queued: Mapping[Queued, int] = field(default_factory=dict)
    chosen: tuple[Chosen, ...] = ()
    details: tuple[Skipped, ...] = ()
    warning: str = ""


@dataclass(slots=True)
class Account:
    """Counts while a closing runs; in a dry run it keeps the names too."""

    keep_names: bool
    default_area: str
    messages: int = 0
    held: int = 0
    titles: int = 0
    amount: Decimal = _NOTHING
    skipped: dict[Why, Tally] = field(default_factory=dict)
    queued: Counter[Queued] = field(default_factory=Counter)
    chosen: list[Chosen] = field(default_factory=list)
    details: list[Skipped] = field(default_factory=list)

    def leave_out(self, skipped: Skipped) -> None:
        self.skipped[skipped.code] = self.skipped.get(skipped.code, Tally()).plus(skipped)
        if self.keep_names:
            self.details.append(skipped)

    def choose(self, draft: Draft) -> None:
        self.messages += 1
        self.held += bool(draft.problem)
        self.titles += len(draft.titles)
        self.amount += draft.amount
        if self.keep_names:
            self.chosen.append(_chosen(draft, self.default_area))

    def result(self, at: datetime, send_day: date, warning: str) -> ClosingResult:
        return ClosingResult(
            at=at,
            send_day=send_day,
            dry_run=self.keep_names,
            messages=self.messages,
            held=self.held,
            titles=self.titles,
            amount=self.amount,
            skipped=self.skipped,
            queued=dict(self.queued),
            chosen=tuple(self.chosen),
            details=tuple(self.details),
            warning=warning,
        )


def _chosen(draft: Draft, default_area: str) -> Chosen:
    try:
        phone = mask_phone(parse_phones(draft.phones, default_area)[0].e164)
    except PhoneError:
        phone = ""
    return Chosen(
        key=draft.key,
        company=draft.company,
        customer=draft.customer.name,
        contact=draft.customer.contact_name,
        phone=phone,
        kind=draft.kind,
        step=draft.step,
        titles=len(draft.titles),
        amount=draft.amount,
        problem=draft.problem,
    )
