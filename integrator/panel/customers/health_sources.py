"""Where the register's health is read: the ERP itself where a profile tells how, else the newest rows of the queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

from integrator.closing.ports import Contact, Debt, TitleState
from integrator.erp.contacts import Contacts
from integrator.erp.customers import NEWEST, known_customers, open_debts
from integrator.panel.customers.health import Finding, Registered, examine
from integrator.panel.premises import Shop

_OLDEST: Final = timedelta(days=3653)
_AHEAD: Final = timedelta(days=366)
_NOTHING: Final = Decimal("0.00")


class Register(Protocol):
    """What is asked of the ERP."""

    def contacts(self) -> Iterator[Contact]: ...

    def debts(self, oldest: date, until: date, today: date) -> Iterator[Debt]: ...


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, among how many customers, and whether the ERP itself was read."""

    findings: tuple[Finding, ...]
    customers: int
    from_erp: bool


def examine_shop(shop: Shop, folder: Path, today: date) -> Examined:
    """Read all customers of the ERP, or those of the queue; may take seconds. Raises the database's errors."""
    area, wrong = shop.settings.whatsapp.default_area, Contacts(shop.database).wrong_numbers()
    if shop.settings.closing.profile:
        from integrator.erp.profiles.configured import profile_of
        from integrator.erp.profiles.source import ProfileSource

        with closing(ProfileSource(shop.database, profile_of(shop.settings, folder))) as source:
            customers = registered(source, today)
        return Examined(examine(customers, area, wrong), len(customers), from_erp=True)
    return _of_queue(shop, area, wrong)


def registered(source: Register, today: date) -> tuple[Registered, ...]:
    """The ERP's customers: those with a contact, and those who owe."""
    contacts: dict[tuple[str, str], list[Contact]] = {}
    for contact in source.contacts():
        contacts.setdefault((contact.company, contact.customer_code), []).append(contact)
    owing = _owing(source.debts(today - _OLDEST, today + _AHEAD, today))
    # A contact of all companies belongs to whoever owes in one of them.
    codes = {code for _, code in owing}
    unowing = (key for key in contacts if key not in owing and not (key[0] == "" and key[1] in codes))
    keys = (*owing, *unowing)
    return tuple(_registered(key, contacts, owing.get(key)) for key in keys)


def _owing(debts: Iterable[Debt]) -> dict[tuple[str, str], tuple[str, Decimal, int]]:
    """Name, amount and number of open titles per company and customer."""
    found: dict[tuple[str, str], tuple[str, Decimal, int]] = {}
    for debt in debts:
        if debt.state is TitleState.OPEN:
            key = (debt.company, debt.customer.code)
            _, amount, titles = found.get(key, ("", _NOTHING, 0))
            found[key] = (debt.customer.name, amount + debt.title.open_amount, titles + 1)
    return found


def _registered(
    key: tuple[str, str], contacts: dict[tuple[str, str], list[Contact]], owed: tuple[str, Decimal, int] | None
) -> Registered:
    company, code = key
    own = [contact for each in dict.fromkeys((key, ("", code))) for contact in contacts.get(each, [])]
    name, debt, titles = owed or (next((contact.name for contact in own if contact.name), ""), _NOTHING, 0)
    return Registered(company, code, name, tuple(contact.phones for contact in own), debt, titles)


def _of_queue(shop: Shop, area: str, wrong: Mapping[str, datetime]) -> Examined:
    """Each customer's newest row tells the phones and what its titles owe."""
    known = known_customers(shop.database, "", 1, NEWEST)
    debts = open_debts(shop.database, [each.row for each in known])
    customers = [
        Registered(each.company, each.code, each.name, (each.phones,), debts[each.row][1], debts[each.row][0])
        for each in known
    ]
    return Examined(examine(customers, area, wrong), len(customers), from_erp=False)
