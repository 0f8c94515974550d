"""What the closing needs from the world: the ERP as its profile shows it, and the queue's tables to write to.

``erp`` implements these. Amounts, dates and instants are those of :mod:`integrator.domain.message`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from integrator.domain.message import Attachment, Company, Customer, LineItem, Purpose, Title

#: ``REGRA`` of the rows that our own closing writes; the re-check asks the profile about these.
RULE = "fechamento"


class TitleState(StrEnum):
    """What became of a debt in the ERP. Only open ones are ever collected."""

    OPEN = "aberto"
    PAID = "pago"
    RENEGOTIATED = "renegociado"
    CANCELLED = "cancelado"


@dataclass(frozen=True, slots=True)
class Debt:
    """One title as the profile's ``titulos`` shows it, with who owes it.

    ``company`` is the ERP's company code, empty where it has one only. ``reminds`` is the customer's own switch in the
    ERP. ``problem`` says in Portuguese which column of the row cannot be used; the message is then held with it.
    """

    company: str
    customer: Customer
    title: Title
    state: TitleState = TitleState.OPEN
    reminds: bool = True
    attachments: tuple[Attachment, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One person of a customer, from ``contatos``: an empty ``company`` serves all companies.

    ``accepts`` is the flag "recebe aviso de débitos"; ``digest`` asks for one message with the debts of all customers
    for whom this very phone is flagged. ``phones`` is as typed in the ERP.
    """

    company: str
    customer_code: str
    name: str
    phones: str
    accepts: bool
    digest: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A document, a birthday or an expiring cashback, from the profile's other sources: one row makes one message.

    ``key`` is unique for ever (``CHAVE``); ``template`` is the profile's text for the source, empty for the situation's
    own; ``items`` are the lines of the document, in its order, and ``itemized`` says that it must have some. ``person``
    tells who it is about across companies and records, where that matters. It leaves on ``day`` at the earliest.
    """

    key: str
    purpose: Purpose
    module: str
    kind: str
    company: str
    customer: Customer
    phones: str
    accepts: bool
    template: str
    variables: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    expires_at: datetime | None = None
    problem: str = ""
    items: tuple[LineItem, ...] = ()
    itemized: bool = False
    person: str = ""
    day: date | None = None


class Source(Protocol):
    """The ERP, read only, through its profile. A source that the profile does not have yields nothing.

    All methods raise the errors of :mod:`integrator.domain.errors`.
    """

    def debts(self, oldest: date, until: date, today: date) -> Iterator[Debt]:
        """Titles due in ``oldest <= due <= until``, ordered by company and customer code; streamed."""
        ...

    def contacts(self) -> Iterator[Contact]: ...

    def documents(self, since: datetime, today: date, known: Container[str]) -> Iterator[Notice]:
        """Documents that came after ``since``; streamed. The lines of those whose key is ``known`` are not read."""
        ...

    def occasions(self, since: datetime, today: date) -> Iterator[Notice]:
        """Birthdays of ``today``, and cashback; streamed."""
        ...

    def companies(self) -> tuple[Company, ...]: ...

    def last_bank_return(self) -> datetime | None:
        """When the bank's newest return file was read into the ERP; None when the profile does not tell."""
        ...


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of the ruler that a title got: ``day`` is the send day it was meant for, ``key`` the row's ``CHAVE``."""

    ref: str
    step: str
    day: date
    key: str = ""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who owes one title of a digest; a message with one debtor has none."""

    ref: str
    customer: Customer


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be queued. ``step`` names the ruler's step whose text it carries; ``steps`` what each title got.

    ``problem`` holds the row with that reason. ``amount`` is what the titles of it owe; ``items`` are the lines of the
    document that it announces. It leaves on ``day`` at the earliest; with steps, on theirs.
    """

    key: str
    purpose: Purpose
    module: str
    kind: str
    company: str
    customer: Customer
    phones: str
    accepts: bool
    template: str = ""
    titles: tuple[Title, ...] = ()
    payers: tuple[Payer, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    step: str = ""
    steps: tuple[StepDone, ...] = ()
    expires_at: datetime | None = None
    problem: str = ""
    items: tuple[LineItem, ...] = ()
    day: date | None = None

    @property
    def amount(self) -> Decimal:
        """What is owed in all, in reais."""
        return sum((title.open_amount for title in self.titles), Decimal("0.00"))


#: What tells two versions of a row's content apart: reference, open amount and due date of each title.
Content = frozenset[tuple[str, Decimal, date]]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """Why a row of our closing is held, and what it speaks of."""

    reason: str
    content: Content


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier closings and the ERP's own messages left in the queue.

    ``reminders``: newest collection message per (company, customer code) that left or still waits: when it left, and
    midnight of the send day asked about for one that waits, because it leaves that day at the earliest. Those who
    share a digest count too, by ``WA_TITULO.PAGADOR_CODIGO``.
    ``steps``: per (company, title reference), recent ones only. ``waiting``: content of the rows that may still change,
    per key; those held are in ``held`` instead. ``held``: held rows of our closing, by key, that it may write anew with
    what was mended in the ERP since; their steps and problems do not count as done. Not those of a restored backup.
    ``since``: the first send day of the ruler (titles are never reminded of steps before it); None before the
    first closing. ``last_closing``: its moment.
    """

    reminders: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    steps: Mapping[tuple[str, str], Sequence[StepDone]] = field(default_factory=dict)
    waiting: Mapping[str, Content] = field(default_factory=dict)
    since: date | None = None
    last_closing: datetime | None = None
    held: Mapping[str, HeldRow] = field(default_factory=dict)


class Queued(StrEnum):
    """What became of a draft (``RESULTADO`` of ``WA_ENFILEIRAR``); ``HELD`` is a new or updated row with a problem."""

    NEW = "nova"
    UPDATED = "atualizada"
    REPEATED = "repetida"
    HELD = "retida"
    ERROR = "erro"


class Outbox(Protocol):
    """The queue's tables, as the closing uses them. Nothing else is ever written."""

    def remember(self, send_day: date, lookback_days: int) -> Memory:
        """What to know before a closing for ``send_day``; steps and reminders of the last ``lookback_days``."""
        ...

    def activate(self, first_send_day: date) -> None:
        """Write ``Memory.since`` if there is none yet."""
        ...

    def put(self, drafts: Sequence[Draft]) -> tuple[Queued, ...]:
        """Queue them in one transaction, with the steps they carry; an answer per draft, same order."""
        ...

    def register_companies(self, companies: Sequence[Company]) -> None:
        """Fill ``WA_EMPRESA`` where it lacks the company or a field of it; what stands there is kept."""
        ...

    def closed(self, at: datetime, send_day: date) -> None:
        """Remember that the closing of ``at`` is done."""
        ...
