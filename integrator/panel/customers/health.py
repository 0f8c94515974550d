"""Saúde do cadastro: who cannot be written to, or whose number is somebody else's too, by what they owe. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Final

from integrator.domain.errors import PhoneError
from integrator.domain.phone import PhoneCandidate, PhoneKind, format_phone, parse_phones

_HELD: Final = "; a mensagem fica retida até lá"
_NAMED: Final = 3


class Fault(Enum):
    """What is wrong with a customer's phones: a slug for the address, the name, and what to do."""

    MISSING = ("sem", "Sem telefone", "Peça o celular ao cliente e grave-o no cadastro.")
    INVALID = ("invalido", "Telefone que não serve", "Corrija o celular no cadastro.")
    WRONG = (
        "errado",
        "Número errado",
        "Quem atende disse que o número não é do cliente: peça o celular certo e corrija o cadastro.",
    )
    LANDLINE = (
        "fixo",
        "Só telefone fixo",
        "Alguns fixos têm WhatsApp. Se este não tiver, a mensagem fica retida: peça o celular.",
    )
    SHARED = (
        "repetido",
        "Mesmo telefone em vários clientes",
        "Pode ser da família ou da mesma empresa. Se não for, um cliente recebe a cobrança de outro: confira.",
    )

    def __init__(self, slug: str, label: str, advice: str) -> None:
        self.slug = slug
        self.label = label
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Registered:
    """A customer as registered. ``phones`` are the fields as typed; ``debt`` is in reais."""

    company: str
    code: str
    name: str
    phones: tuple[str, ...]
    debt: Decimal
    titles: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One customer and what is wrong. ``phones`` is as typed, on one line; ``why`` is a sentence."""

    fault: Fault
    customer: Registered
    phones: str
    why: str


def examine(
    customers: Sequence[Registered], default_area: str, wrong: Mapping[str, datetime] | None = None
) -> tuple[Finding, ...]:
    """What is wrong, whoever owes most first; a customer may have two faults.

    ``wrong``: phones (E.164 digits) whose people said that they are somebody else's, and when.
    """
    read = [(customer, *_read(customer.phones, default_area)) for customer in customers]
    owners: dict[str, dict[str, str]] = {}
    for customer, phones, _ in read:
        for phone in phones:
            owners.setdefault(phone.e164, {}).setdefault(customer.code or customer.name, customer.name)
    found = [finding for each in read for finding in _findings(*each, owners)]
    found += [finding for customer, phones, _ in read for finding in _wrong(customer, phones, wrong or {})]
    return tuple(sorted(found, key=lambda f: (-f.customer.debt, f.customer.name.casefold(), f.customer.code)))


def _findings(
    customer: Registered, phones: tuple[PhoneCandidate, ...], complaint: str, owners: dict[str, dict[str, str]]
) -> Iterable[Finding]:
    typed = "; ".join(filter(None, (field.strip() for field in customer.phones)))
    if not typed:
        yield Finding(Fault.MISSING, customer, "", "Nenhum telefone no cadastro.")
    elif not phones:
        yield Finding(Fault.INVALID, customer, typed, complaint)
    elif all(phone.kind is PhoneKind.LANDLINE for phone in phones):
        numbers = " e ".join(format_phone(phone.e164) for phone in phones)
        yield Finding(Fault.LANDLINE, customer, typed, f"{numbers}: nenhum celular no cadastro.")
    own = customer.code or customer.name
    for phone in phones:
        others = [name or code for code, name in owners[phone.e164].items() if code != own]
        if others:
            yield Finding(Fault.SHARED, customer, typed, f"{format_phone(phone.e164)} também é de {_names(others)}.")


def _wrong(
    customer: Registered, phones: tuple[PhoneCandidate, ...], wrong: Mapping[str, datetime]
) -> Iterable[Finding]:
    typed = "; ".join(filter(None, (field.strip() for field in customer.phones)))
    for phone in phones:
        if phone.e164 in wrong:
            said = f"Em {wrong[phone.e164]:%d/%m/%Y} quem atende em {format_phone(phone.e164)} disse que é engano."
            yield Finding(Fault.WRONG, customer, typed, said)


def _names(names: list[str]) -> str:
    if len(names) <= _NAMED:
        return " e ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{', '.join(names[:_NAMED])} e mais {len(names) - _NAMED}"


def _read(fields: Sequence[str], area: str) -> tuple[tuple[PhoneCandidate, ...], str]:
    phones: dict[str, PhoneCandidate] = {}
    complaint = ""
    for field in filter(None, (field.strip() for field in fields)):
        try:
            phones |= {phone.e164: phone for phone in parse_phones(field, area)}
        except PhoneError as error:
            complaint = complaint or error.message.replace(_HELD, "")
    return tuple(phones.values()), complaint
