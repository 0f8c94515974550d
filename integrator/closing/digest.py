"""One message for a phone that receives for several customers and asked for a digest. Pure.

The text names who owes: the message is about "João da Silva e Ana Souza" (its contact is greeted, never named as the
debtor), and each title's document begins with its debtor's name. ``payers`` says to whom each boleto belongs. The
row's customer code is that of the first debtor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from integrator.closing.choice import Choice, Listed
from integrator.closing.drafts import Receiver, draft_of
from integrator.closing.people import Destination
from integrator.closing.ports import Draft, Payer
from integrator.domain.message import Customer

_LONGEST_DOCUMENT: Final = 40
_LONGEST_NAME: Final = 120
_SHORTEST_NAME: Final = 12
_BETWEEN: Final = " · "


@dataclass(slots=True)
class Digest:
    """What one phone receives of one company, debtor by debtor."""

    destination: Destination
    choices: list[Choice] = field(default_factory=list)

    def draft(self, key: str, company: str, day: date) -> Draft:
        """The message; with a single debtor it is an ordinary one under the digest's key."""
        customers = [choice.customer for choice in self.choices]
        if len(customers) == 1:
            receiver = Receiver(company, customers[0], self.destination)
            return draft_of(key, receiver, self.choices[0].listed, day)
        listed = [named for choice in self.choices for named in _named(choice)]
        payers = tuple(Payer(item.debt.title.ref, choice.customer) for choice in self.choices for item in choice.listed)
        receiver = Receiver(company, Customer(customers[0].code, _names(customers)), self.destination, payers)
        return draft_of(key, receiver, listed, day)


class Digests:
    """The digests of the company whose debts are being read."""

    def __init__(self) -> None:
        self._by_phone: dict[str, Digest] = {}

    def add(self, destination: Destination, choice: Choice) -> None:
        """Add a debtor. A problem of the destination holds the whole message."""
        digest = self._by_phone.setdefault(destination.phone, Digest(destination))
        if destination.problem:
            digest.destination = replace(digest.destination, problem=destination.problem)
        digest.choices.append(choice)

    def take(self) -> Iterator[Digest]:
        """All of them, which are forgotten: the company is done."""
        found, self._by_phone = self._by_phone, {}
        yield from found.values()


def _names(customers: Sequence[Customer]) -> str:
    first, others = customers[0].name, customers[1:]
    whole = f"{first} e {others[0].name}" if len(others) == 1 else f"{first} e mais {len(others)} clientes"
    return whole if len(whole) <= _LONGEST_NAME else f"{first[:90]}… e mais {len(others)}"


def _named(choice: Choice) -> Iterator[Listed]:
    for item in choice.listed:
        title = item.debt.title
        document = _named_document(choice.customer.name, title.document)
        yield replace(item, debt=replace(item.debt, title=replace(title, document=document)))


def _named_document(name: str, document: str) -> str:
    """``João da Silva · NF 8123`` within the column's 40 characters; the name gives way first, but not wholly."""
    room = max(_SHORTEST_NAME, _LONGEST_DOCUMENT - len(_BETWEEN) - len(document))
    shown = name if len(name) <= room else f"{name[: room - 1].rstrip()}…"
    whole = f"{shown}{_BETWEEN}{document}"
    return whole if len(whole) <= _LONGEST_DOCUMENT else f"{whole[: _LONGEST_DOCUMENT - 1]}…"
