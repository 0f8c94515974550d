"""A message row and what hangs on it, as the engine sees them once they are read from ``WA_*``.

Amounts are ``Decimal`` in reais with two places; dates are naive ``date``; instants are naive local ``datetime``
(the ERP's clock and the shop's calendar are local time).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path


class Purpose(StrEnum):
    """Why a message is sent: it decides the calendar, the lane and which consent counts (column ``FINALIDADE``)."""

    COLLECTION = "cobranca"
    SERVICE = "servico"
    PROMOTION = "promocional"


class PartKind(StrEnum):
    """What one bubble of WhatsApp carries (column ``WA_PARTE.TIPO``)."""

    TEXT = "texto"
    DOCUMENT = "documento"
    PIX = "pix"
    LINHA = "linha"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as printed; any field may be empty."""

    street: str = ""
    district: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""

    @property
    def one_line(self) -> str:
        """``Rua X, 10 - Centro - Concórdia/SC - CEP 89700-000``, skipping what is empty."""
        city = "/".join(part for part in (self.city, self.state) if part)
        cep = f"CEP {self.postal_code}" if self.postal_code else ""
        return " - ".join(part for part in (self.street, self.district, city, cep) if part)


@dataclass(frozen=True, slots=True)
class Company:
    """The shop: supplier, beneficiary and letterhead. ``tax_id`` is its CNPJ or CPF, digits or formatted."""

    code: str
    legal_name: str
    trade_name: str = ""
    tax_id: str = ""
    address: Address = field(default_factory=Address)
    phone: str = ""
    mobile: str = ""
    email: str = ""
    logo: bytes | None = None

    @property
    def name(self) -> str:
        """The name customers know: the trade name, else the legal one."""
        return self.trade_name or self.legal_name


@dataclass(frozen=True, slots=True)
class Customer:
    """Who owes or ordered, and the contact person who receives."""

    code: str
    name: str
    tax_id: str = ""
    address: Address = field(default_factory=Address)
    contact_name: str = ""


@dataclass(frozen=True, slots=True)
class Creditor:
    """Whose debts are collected, where it is not the shop itself. ``address`` is one line."""

    name: str
    tax_id: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """One debt (row of ``WA_TITULO``).

    ``amount`` is the face value, ``open_amount`` what is still owed of it; ``updated_amount`` is the ERP's estimate
    with interest, or None. ``digits`` fields hold what the bank registered, exactly; they are never computed here.
    ``payable_on`` is the bank day on which it may still be paid as due; None: the due date itself.
    ``payer`` owes this title where the message goes to somebody else for several customers; None: the message's own.
    """

    ref: str
    document: str
    instalment: str
    issued: date | None
    due: date
    amount: Decimal
    open_amount: Decimal
    updated_amount: Decimal | None = None
    linha_digitavel: str = ""
    barcode: str = ""
    pix: str = ""
    registered: bool = False
    payable_until: date | None = None
    our_number: str = ""
    wallet: str = ""
    agency_account: str = ""
    bank_name: str = ""
    species: str = "DM"
    accepted: str = "N"
    payment_place: str = ""
    instructions: str = ""
    beneficiary_name: str = ""
    beneficiary_tax_id: str = ""
    open: bool = True
    payable_on: date | None = None
    payer: Customer | None = None

    @property
    def has_boleto(self) -> bool:
        """Whether the ERP gave digits from which a boleto can be drawn."""
        return bool(self.linha_digitavel or self.barcode)

    @property
    def last_day(self) -> date:
        """The last day on which it is not overdue: what falls due on a Saturday may be paid on Monday."""
        return self.payable_on or self.due

    def overdue(self, on: date) -> bool:
        """Whether it was to be paid before that day."""
        return self.last_day < on

    def days_late(self, on: date) -> int:
        """Days since the due date, 0 while it is not overdue."""
        return (on - self.due).days if self.overdue(on) else 0


@dataclass(frozen=True, slots=True)
class LineItem:
    """One line of an ERP's document, a product or a service (row of ``WA_ITEM``).

    ``total`` is what the ERP charges for the line, discount included; it is never computed here.
    """

    description: str
    code: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the ERP stored: either ``content`` or ``path`` is set. ``title_ref`` ties it to one title."""

    file_name: str
    mime: str = ""
    content: bytes | None = None
    path: Path | None = None
    kind: str = ""
    title_ref: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sent this and by which rule (B31)."""

    erp_user: str = ""
    station: str = ""
    rule: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the queue, complete: what the composer turns into parts.

    ``variables`` are those of ``WA_VARIAVEL`` and of the row's JSON, as the ERP wrote them; ``confirmed`` tells that a
    person has already said yes to this row.
    """

    id: int
    guid: str
    key: str
    purpose: Purpose
    module: str
    kind: str
    company: Company
    customer: Customer
    phones: str
    accepts: bool | None
    template: str | None
    seed: int
    created_at: datetime
    not_before: datetime | None = None
    expires_at: datetime | None = None
    instance: str = ""
    titles: tuple[Title, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    origin: Origin = field(default_factory=Origin)
    attempts: int = 0
    items: tuple[LineItem, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class TemplateValue:
    """What stands for one placeholder of a template; ``name`` is empty where the placeholders are numbered."""

    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """A template approved by Meta, and the values of its placeholders in their order."""

    name: str
    language: str
    values: tuple[TemplateValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One bubble ready to be posted.

    ``content`` is the UTF-8 text or the file's bytes; ``sha256`` is of ``content``. ``caption`` is the text that stands
    under a file in the same bubble; empty for the other kinds. With ``template`` it goes as that template: its text is
    then what the customer reads, and a document is its header.
    """

    order: int
    kind: PartKind
    content: bytes
    sha256: str
    file_name: str = ""
    mime: str = ""
    caption: str = ""
    template: TemplateUse | None = None

    @property
    def text(self) -> str:
        """The bubble's text; for every kind but documents."""
        return self.content.decode("utf-8")


@dataclass(frozen=True, slots=True)
class NoTemplate:
    """Why a message cannot go as a template of Meta; ``reason`` in Portuguese tells what to configure."""

    reason: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A message rendered: final text and parts in posting order, with the text's version for the audit (B31).

    ``templated`` is the same message as templates of Meta, for who has not written to the shop lately; None for a
    number that needs none.
    """

    text: str
    text_version: str
    parts: tuple[Part, ...]
    templated: Composed | NoTemplate | None = None
