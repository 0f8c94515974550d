"""The customers of a sample ERP: ordinary ones, and a few for each thing that the closing must choose well.

How many there are of each case does not depend on the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from random import Random

from integrator.closing.ports import TitleState
from integrator.demo.profile_erps.model import Case, Contact, Customer, Owed
from integrator.demo.profile_erps.titles import Titles
from integrator.demo.sample_erp.people import People
from integrator.demo.sample_erp.phones import Mobile, PhoneBook

_ORDINARY = 62
_TWO_CONTACTS = 6
_DIGEST = 4
_SWITCHED_OFF = 3
_NOT_FLAGGED = 8
_PAID_UP = 12
_BIRTHDAYS = 3
_SEVEN_YEARS = 7 * 365
_ROLES = ("Proprietário", "Financeiro", "Compras", "Sócia", "Gerente")
_UNUSABLE = ("", ".", "nao tem", "3442-01")
#: 0x81 is no character of Windows-1252: somebody's old data conversion.
_UNDECODABLE_NAME = "Funilaria Ca\udc81ador Ltda"


class Crowd:
    """Invents the customers; the same ones for the same ``today``, ``send_day`` and ``seed``."""

    def __init__(self, today: date, send_day: date, seed: int) -> None:
        self._random = Random(f"{seed} {today}")
        self._send_day = send_day
        self._people = People(self._random)
        self._phones = PhoneBook(self._random)
        self._titles = Titles(self._random, today, send_day)
        self._codes = count(101)

    def customers(self) -> tuple[Customer, ...]:
        """All of them, in the order of their codes; the first ones have their birthday on the send day."""
        made = [*self._crowd(), *self._special(), *self._never_chosen()]
        return tuple(
            replace(customer, born=self._send_day.replace(year=1985)) if index < _BIRTHDAYS else customer
            for index, customer in enumerate(made)
        )

    def _crowd(self) -> Iterator[Customer]:
        for index in range(_ORDINARY):
            others = [self._contact(receives=False)] if index % 3 == 0 else []
            yield self._customer(Case.ORDINARY, self._some_titles(), [self._contact(), *others])
        for _ in range(_TWO_CONTACTS):
            contacts = [self._contact(), self._contact(), self._contact(receives=False)]
            yield self._customer(Case.TWO_CONTACTS, [self._titles.open(10), *self._some_titles()], contacts)

    def _special(self) -> Iterator[Customer]:
        titles = self._titles
        accountant = Contact(self._people.person_name(), "Contador", self._typed(self._phones.mobile()), True, True)
        for _ in range(_DIGEST):
            yield self._customer(Case.DIGEST, [titles.open(10), titles.open(-3)], [accountant])
        couple = self._phones.mobile()
        for _ in range(2):
            yield self._customer(Case.SHARED_PHONE, [titles.open(3)], [self._contact(self._typed(couple))])
        for _ in range(3):
            yield self._customer(Case.PARTLY_PAID, [titles.partly_paid()])
        yield self._customer(Case.UNDECODABLE, [titles.open(10), titles.open(45)], name=_UNDECODABLE_NAME)
        yield self._customer(Case.MISSING_FILE, [titles.open(10, boleto=True)])
        all_paid = [titles.open(10), titles.open(0)]
        codes = tuple(owed.debt.code for owed in all_paid)
        yield replace(self._customer(Case.PAYS_ALL_LATER, all_paid), pays_later=codes)
        two = [titles.open(10, boleto=True), titles.open(30, boleto=True)]
        yield replace(self._customer(Case.PAYS_ONE_LATER, two), pays_later=(two[0].debt.code,))

    def _never_chosen(self) -> Iterator[Customer]:
        titles = self._titles
        for _ in range(_PAID_UP):
            yield self._customer(Case.PAID_UP, [titles.paid() for _ in range(4)])
        for _ in range(4):
            yield self._customer(Case.RENEGOTIATED, [titles.closed(TitleState.RENEGOTIATED) for _ in range(3)])
        for _ in range(2):
            yield self._customer(Case.CANCELLED, [titles.closed(TitleState.CANCELLED), titles.paid()])
        for _ in range(3):
            yield self._customer(Case.TOO_OLD, [titles.open(_SEVEN_YEARS, boleto=False)])
        for _ in range(4):
            yield self._customer(Case.TOLERANCE, [titles.open(1)])
        for _ in range(3):
            yield self._customer(Case.SMALL_BALANCE, [titles.small()])
        for _ in range(_NOT_FLAGGED):
            owed = [titles.open(10), titles.open(45), *self._some_titles()]
            yield self._customer(Case.NOT_FLAGGED, owed, [self._contact(receives=False)])
        for _ in range(_SWITCHED_OFF):
            yield replace(self._customer(Case.SWITCHED_OFF, [titles.open(10)]), reminds=False)
        for phone in _UNUSABLE:
            yield self._customer(Case.NO_PHONE, [titles.open(10), titles.open(45)], [self._contact(phone)])

    def _some_titles(self) -> list[Owed]:
        """What an ordinary customer has in the books: some paid, one or two open."""
        paid = [self._titles.paid() for _ in range(self._random.choice((2, 2, 3)))]
        return [*paid, *(self._titles.open() for _ in range(self._random.choice((1, 1, 2, 2))))]

    def _customer(
        self, case: Case, titles: Sequence[Owed], contacts: Sequence[Contact] = (), name: str = ""
    ) -> Customer:
        born = date(1950, 1, 1) + timedelta(days=self._random.randrange(20_000))
        if (born.day, born.month) == (self._send_day.day, self._send_day.month):
            born += timedelta(days=1)
        identity = self._people.customer(name)
        return Customer(next(self._codes), case, identity, tuple(contacts) or (self._contact(),), tuple(titles), born)

    def _contact(self, phone: str | None = None, *, receives: bool = True) -> Contact:
        name = self._people.person_name()
        typed = self._phones.typed(self._phones.mobile(), name.split()[0]) if phone is None else phone
        return Contact(name, self._random.choice(_ROLES), typed, receives)

    def _typed(self, mobile: Mobile) -> str:
        return self._phones.typed(mobile, self._people.first_name())
