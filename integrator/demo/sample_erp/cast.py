"""The shop's customers: a crowd of ordinary ones, and one or a few for each thing that must go right or be held.

The numbers of customers do not depend on the seed: a closing on ``today`` queues the same number of messages always.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from random import Random

from integrator.demo.sample_erp.attachments import Folders, pdf
from integrator.demo.sample_erp.boletos import Flaw, Pix
from integrator.demo.sample_erp.debts import Debts
from integrator.demo.sample_erp.model import CancelCause, Contact, Customer, Debt, Fate, Problem, StoredFile
from integrator.demo.sample_erp.people import People
from integrator.demo.sample_erp.phones import PhoneBook

_ONE_CONTACT = 120
_TWO_CONTACTS = 22
_ACCOUNTANT_CLIENTS = 9
_UNFLAGGED = 14
_PAID_UP = 9
_NOT_YET_DUE = 7
_DAYS_IN_SEVEN_YEARS = 7 * 365
_ROLES = ("Proprietário", "Financeiro", "Compras", "Cônjuge", "Gerente")
#: 0x81 and 0x8D mean nothing in Windows-1252; a lone surrogate stands for such a byte.
_UNDECODABLE_NAME = "ARMAZÉM DO B\udc81RTOLO \udc8d CIA"
_LONG_NAME = (
    "Associação dos Pequenos Produtores Rurais, Artesãos e Agroindústrias Familiares da Linha São Sebastião do Rio "
    "Jacutinga"
)
_TOO_LONG_NAME = f"{_LONG_NAME} e Comunidades Vizinhas de Ipumirim"


class Cast:
    """Puts customers together from one chance; codes run on from one customer to the next."""

    def __init__(self, today: date, seed: int, folders: Folders) -> None:
        self._random = Random(f"sample ERP {seed}")
        self._people = People(self._random)
        self._phones = PhoneBook(self._random)
        self._debts = Debts(self._random, today)
        self._folders = folders
        self._customers = count(1001)
        self._contacts = count(1)

    def customers(self) -> tuple[Customer, ...]:
        """Everybody, in the order of their codes."""
        return (
            *self._special(),
            *self._cancelled(),
            *self._held_by_phone(),
            *self._held_by_data(),
            *self._sharing_phones(),
            *self._crowd(),
            *self._left_out(),
        )

    # -- those who show something -----------------------------------------------------------------------------------

    def _special(self) -> Iterator[Customer]:
        """Each is sent as it should be, though something about it is unusual."""
        debts = self._debts
        yield self._customer([debts.overdue(), debts.upcoming()], name=_LONG_NAME)
        yield self._customer([debts.at(0, boleto=True, pix=Pix.DYNAMIC)])
        yield self._customer([debts.at(-3, boleto=True, pix=Pix.STATIC)])
        yield self._customer([debts.partly_paid(), debts.upcoming()])
        yield self._customer([debts.past_its_limit()])
        yield self._customer([debts.at(-8, boleto=False), debts.at(2, boleto=False)])
        yield self._customer([debts.at(-3 * turn, boleto=turn < 4) for turn in range(1, 13)])
        yield self._customer([debts.at(-_DAYS_IN_SEVEN_YEARS, boleto=False), debts.overdue()])
        # No area code: a number of the shop's own town.
        yield self._customer([debts.overdue()], [self._flagged("3322-1100 / 99999-1234")])
        stored = StoredFile("Comprovante de entrega.pdf", pdf("Comprovante de entrega", "Mercadoria recebida."))
        yield replace(self._customer([debts.overdue()]), files=(stored,))
        on_disk = StoredFile("Contrato de entrega.pdf", path=str(self._folders.present))
        yield replace(self._customer([debts.overdue()]), files=(on_disk,))

    def _cancelled(self) -> Iterator[Customer]:
        """Those who pay between the closing and the sending (the first only a part), and a debt too old to collect."""
        debts = self._debts
        settled, kept = debts.at(-12, boleto=True), debts.at(-6, boleto=True)
        yield replace(self._customer([settled, kept]), pays_later=(settled.code,))
        all_paid = (debts.at(-9, boleto=True), debts.at(1, boleto=True))
        codes = tuple(debt.code for debt in all_paid)
        yield replace(self._customer(all_paid), fate=Fate(cancelled=CancelCause.PAID), pays_later=codes)
        ancient = debts.at(-_DAYS_IN_SEVEN_YEARS - 40, boleto=False)
        yield replace(self._customer([ancient]), fate=Fate(cancelled=CancelCause.TOO_OLD))

    def _held_by_phone(self) -> Iterator[Customer]:
        for typed in ("", ".", "nao tem"):
            yield self._held(Problem.PHONE, phone=typed)
        yield self._held(Problem.NO_WHATSAPP, phone=self._phones.landline())
        for _ in range(3):
            unknown = self._phones.mobile(ending="0000")
            yield self._held(Problem.NO_WHATSAPP, phone=self._phones.typed(unknown, self._people.first_name()))

    def _held_by_data(self) -> Iterator[Customer]:
        for flaw in Flaw:
            yield self._held(Problem.DIGITS, self._debts.flawed(flaw))
        yield self._held(Problem.UNREGISTERED, self._debts.unregistered())
        yield self._held(Problem.UNDECODABLE, name=_UNDECODABLE_NAME)
        yield self._held(Problem.NAME_TOO_LONG, name=_TOO_LONG_NAME)
        for problem, path in (
            (Problem.OUTSIDE_FOLDER, self._folders.forbidden),
            (Problem.MISSING_FILE, self._folders.missing),
        ):
            yield replace(self._held(problem), files=(StoredFile("Recibo.pdf", path=str(path)),))

    # -- everybody else ---------------------------------------------------------------------------------------------

    def _sharing_phones(self) -> Iterator[Customer]:
        """An accountant who receives for many, and a couple with one telephone."""
        accountant, number = self._people.person_name(), self._phones.mobile()
        for _ in range(_ACCOUNTANT_CLIENTS):
            typed = self._phones.typed(number, "Contabilidade")
            yield self._customer(self._owed(), [self._contact(accountant, "Contador", typed), self._unflagged()])
        couple = self._phones.mobile()
        for _ in range(2):
            yield self._customer(self._owed(), [self._flagged(self._phones.typed(couple, self._people.first_name()))])

    def _crowd(self) -> Iterator[Customer]:
        for index in range(_ONE_CONTACT):
            others = [self._unflagged()] if index % 3 == 0 else []
            yield self._customer([*self._owed(), *self._settled()], [*others, self._flagged()])
        for _ in range(_TWO_CONTACTS):
            contacts = [self._flagged(), self._unflagged(), self._flagged()]
            yield self._customer([*self._owed(), *self._settled()], contacts)

    def _left_out(self) -> Iterator[Customer]:
        for _ in range(_UNFLAGGED):
            yield self._customer(self._owed(), [self._unflagged()])
        for _ in range(_PAID_UP):
            yield self._customer([self._debts.paid(), self._debts.paid()])
        for _ in range(_NOT_YET_DUE):
            yield self._customer([self._debts.later(), self._debts.paid()])

    # -- their parts ------------------------------------------------------------------------------------------------

    def _owed(self) -> list[Debt]:
        """One to three open titles that the closing must see."""
        makers = (self._debts.overdue, self._debts.overdue, self._debts.upcoming)
        return [self._random.choice(makers)() for _ in range(self._random.choice((1, 1, 2, 2, 3)))]

    def _settled(self) -> list[Debt]:
        """Titles that the closing must not speak of."""
        return [self._debts.paid(), *([self._debts.later()] if self._random.random() < 1 / 2 else [])]

    def _held(
        self, problem: Problem, debt: Debt | None = None, *, phone: str | None = None, name: str = ""
    ) -> Customer:
        customer = self._customer([debt or self._debts.overdue()], [self._flagged(phone)], name)
        return replace(customer, fate=Fate(held=problem))

    def _customer(self, debts: Sequence[Debt], contacts: Sequence[Contact] = (), name: str = "") -> Customer:
        identity = self._people.customer(name)
        return Customer(next(self._customers), identity, tuple(contacts) or (self._flagged(),), tuple(debts))

    def _flagged(self, phone: str | None = None) -> Contact:
        name = self._people.person_name()
        typed = self._phones.typed(self._phones.mobile(), name.split()[0]) if phone is None else phone
        return self._contact(name, self._random.choice(_ROLES), typed)

    def _unflagged(self) -> Contact:
        phones, name = self._phones, self._people.person_name()
        typed = self._random.choice(("", ".", phones.landline(), phones.typed(phones.mobile(), name.split()[0])))
        return self._contact(name, self._random.choice(_ROLES), typed, receives=False)

    def _contact(self, name: str, role: str, phone: str, *, receives: bool = True) -> Contact:
        return Contact(next(self._contacts), name, role, phone, receives)
