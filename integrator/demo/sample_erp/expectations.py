"""What must become of each message of the sample when everything works, with the integrator's default settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from integrator.demo.sample_erp.day import DayMessage, repeated
from integrator.demo.sample_erp.debts import UPCOMING_DAYS
from integrator.demo.sample_erp.model import CancelCause, Contact, Customer, Debt, Problem


class Absence(StrEnum):
    """Why a contact must have no row at all in the queue."""

    NOT_FLAGGED = "contato sem a marca recebe aviso de débitos"
    NOTHING_OWED = "nada em aberto"
    NOT_YET_DUE = "só vence mais adiante"


@dataclass(frozen=True, slots=True)
class Held:
    """The row with this CHAVE must end ``retida``."""

    key: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The row with this CHAVE must end ``cancelada``; PAID only once ``pay_after_closing`` was called."""

    key: str
    cause: CancelCause


@dataclass(frozen=True, slots=True)
class Absent:
    """No row may have this CHAVE."""

    key: str
    why: Absence


@dataclass(frozen=True, slots=True)
class Expectations:
    """The fate of every CHAVE of one closing and of the day before it.

    ``repeated`` is the CHAVE that was inserted twice: the first row is among ``sendable``, the second is ``cancelada``
    from the start under a CHAVE of its own, ``repeated`` followed by ``#``.
    """

    day: date
    sendable: tuple[str, ...]
    held: tuple[Held, ...]
    cancelled: tuple[Cancelled, ...]
    awaiting: tuple[str, ...]
    absent: tuple[Absent, ...]
    repeated: str

    @property
    def rows(self) -> int:
        """Rows of WA_FILA after the closing."""
        second_of_repeated = 1
        named = (self.sendable, self.held, self.cancelled, self.awaiting)
        return sum(map(len, named)) + second_of_repeated


def closing_key(day: date, customer: Customer, contact: Contact) -> str:
    """The CHAVE that the closing of ``day`` gives to that contact's message."""
    return f"COB|{day:%Y-%m-%d}|{customer.code}|{contact.code}"


def expect(customers: Sequence[Customer], messages: Sequence[DayMessage], day: date) -> Expectations:
    """Work out the expectations from the plan, independently of what the database does."""
    told: list[tuple[str, Customer]] = []
    absent: list[Absent] = []
    for customer in customers:
        for contact in customer.contacts:
            key, why = closing_key(day, customer, contact), _absence(customer, contact, day)
            if why is None:
                told.append((key, customer))
            else:
                absent.append(Absent(key, why))
    return Expectations(
        day=day,
        sendable=(
            *(m.key for m in messages if m.held is None and m.cancelled is None and not m.confirm),
            *(key for key, customer in told if customer.fate.held is None and customer.fate.cancelled is None),
        ),
        held=(
            *(Held(m.key, m.held) for m in messages if m.held is not None),
            *(Held(key, customer.fate.held) for key, customer in told if customer.fate.held is not None),
        ),
        cancelled=(
            *(Cancelled(m.key, m.cancelled) for m in messages if m.cancelled is not None),
            *(Cancelled(key, c.fate.cancelled) for key, c in told if c.fate.cancelled is not None),
        ),
        awaiting=tuple(m.key for m in messages if m.confirm),
        absent=tuple(absent),
        repeated=repeated(messages).key,
    )


def in_scope(debt: Debt, day: date) -> bool:
    """Whether the closing of ``day`` speaks of this debt."""
    return debt.open and debt.due <= day + timedelta(days=UPCOMING_DAYS)


def _absence(customer: Customer, contact: Contact, day: date) -> Absence | None:
    if not contact.receives:
        return Absence.NOT_FLAGGED
    if not any(debt.open for debt in customer.debts):
        return Absence.NOTHING_OWED
    return None if any(in_scope(debt, day) for debt in customer.debts) else Absence.NOT_YET_DUE
