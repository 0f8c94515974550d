"""What the sample ERP holds, before it is written to a database. Codes are those of the ERP's own tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Problem(StrEnum):
    """Why a message of the sample must be held. With the default settings each is one cause of the issue's list."""

    PHONE = "telefone que não existe ou em branco"
    NO_WHATSAPP = "número sem WhatsApp"
    DIGITS = "boleto com dígitos que não conferem"
    UNREGISTERED = "boleto ainda não registrado"
    UNDECODABLE = "texto com bytes que não são de Windows-1252"
    NAME_TOO_LONG = "nome que não cabe no contrato"
    OUTSIDE_FOLDER = "anexo fora das pastas permitidas"
    MISSING_FILE = "anexo que não existe"
    MODULE = "módulo desconhecido"
    TEMPLATE = "variável desconhecida no texto"
    VARIABLE = "variável obrigatória que faltou"


class CancelCause(StrEnum):
    """Why a message of the sample must end cancelled."""

    TOO_OLD = "dívida com mais de cinco anos"
    PAID = "paga depois do fechamento"
    NO_EXPIRY = "cashback sem vencimento configurado"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a customer shows, where it is not simply to be sent: at most one of the two."""

    held: Problem | None = None
    cancelled: CancelCause | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A row of CONTATOS; ``phone`` as somebody typed it, ``receives`` is the flag RECEBE_AVISO_DEBITOS."""

    code: int
    name: str
    role: str
    phone: str
    receives: bool


@dataclass(frozen=True, slots=True)
class Boleto:
    """A row of BOLETOS: what the bank's return file brought, right or wrong."""

    bank: str
    our_number: str
    wallet: str
    agency: str
    linha: str
    barcode: str
    pix: str
    registered: bool
    payable_until: date
    place: str
    instructions: str


@dataclass(frozen=True, slots=True)
class Debt:
    """A row of CONTAS_RECEBER, with its boleto if it has one."""

    code: int
    document: str
    instalment: str
    issued: date
    due: date
    amount: Decimal
    paid: Decimal = Decimal("0.00")
    paid_on: date | None = None
    boleto: Boleto | None = None

    @property
    def open(self) -> bool:
        """Whether anything is still owed of it."""
        return self.paid < self.amount


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A row of DOCUMENTOS, sent with the debts of its customer: content in the database or a path on the disk."""

    name: str
    content: bytes | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Name, CPF or CNPJ and address. ``name`` may hold lone surrogates: bytes that are no Windows-1252."""

    name: str
    tax_id: str
    is_company: bool
    street: str
    district: str
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A row of PESSOAS with what hangs on it; ``pays_later`` are the codes of debts paid after the closing."""

    code: int
    identity: Identity
    contacts: tuple[Contact, ...]
    debts: tuple[Debt, ...]
    files: tuple[StoredFile, ...] = ()
    fate: Fate = field(default_factory=Fate)
    pays_later: tuple[int, ...] = ()
