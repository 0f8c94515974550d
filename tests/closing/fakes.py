"""A source and an outbox in memory, which can fail half-way."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from integrator.closing.ports import Contact, Debt, Draft, Memory, Notice, Queued
from integrator.domain.errors import DatabaseUnavailable
from integrator.domain.message import Company, Purpose
from tests.closing.world import LONG_AGO, remembered


@dataclass
class FakeSource:
    """The ERP; ``asked`` keeps what it was asked for."""

    all_debts: Sequence[Debt] = ()
    all_contacts: Sequence[Contact] = ()
    all_notices: Sequence[Notice] = ()
    all_companies: tuple[Company, ...] = (Company("1", "Loja Ltda"),)
    bank_return: datetime | None = None
    asked: dict[str, object] = field(default_factory=dict)

    def debts(self, oldest: date, until: date, today: date) -> Iterator[Debt]:
        self.asked["debts"] = (oldest, until, today)
        return (item for item in self.all_debts if oldest <= item.title.due <= until)

    def contacts(self) -> Iterator[Contact]:
        return iter(self.all_contacts)

    def documents(self, since: datetime, today: date, known: Container[str]) -> Iterator[Notice]:
        self.asked["documents"] = (since, today)
        self.asked["known"] = [notice.key for notice in self.all_notices if notice.key in known]
        return (notice for notice in self.all_notices if notice.purpose is not Purpose.PROMOTION)

    def occasions(self, since: datetime, today: date) -> Iterator[Notice]:
        self.asked["occasions"] = (since, today)
        return (notice for notice in self.all_notices if notice.purpose is Purpose.PROMOTION)

    def companies(self) -> tuple[Company, ...]:
        return self.all_companies

    def last_bank_return(self) -> datetime | None:
        return self.bank_return


@dataclass
class FakeOutbox:
    """The queue: rows by key. ``fail_after``: the transaction after so many is refused."""

    rows: dict[str, Draft] = field(default_factory=dict)
    memory: Memory = field(default_factory=lambda: Memory(since=LONG_AGO))
    batches: list[int] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    fail_after: int | None = None
    send_day: date = LONG_AGO

    def remember(self, send_day: date, lookback_days: int) -> Memory:
        self.send_day = send_day
        self.done.append(f"remember {lookback_days}")
        return self.memory

    def activate(self, first_send_day: date) -> None:
        self.done.append(f"activate {first_send_day}")

    def put(self, drafts: Sequence[Draft]) -> tuple[Queued, ...]:
        if self.fail_after is not None and len(self.batches) >= self.fail_after:
            raise DatabaseUnavailable("fora do ar")
        known = set(self.rows)
        self.rows |= {draft.key: draft for draft in drafts}
        self.batches.append(len(drafts))
        self.memory = remembered(drafts, self.send_day, self.memory)
        return tuple(
            Queued.HELD if draft.problem else Queued.UPDATED if draft.key in known else Queued.NEW for draft in drafts
        )

    def register_companies(self, companies: Sequence[Company]) -> None:
        self.done.append(f"companies {len(companies)}")

    def closed(self, at: datetime, send_day: date) -> None:
        self.done.append(f"closed {at:%H:%M} {send_day}")
