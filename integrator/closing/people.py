"""Who receives for a customer: the flagged contacts, by the phone that each message goes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from integrator.closing.ports import Contact
from integrator.closing.reasons import Why
from integrator.domain.errors import PhoneError
from integrator.domain.phone import parse_phones

#: In the key of a message that is held because its contact cannot be read.
NO_PHONE: Final = "sem-telefone"
#: How :class:`PhoneError` ends its sentences about a row of the queue; here there is no row yet.
_HELD: Final = "; a mensagem fica retida até lá"


@dataclass(frozen=True, slots=True)
class Destination:
    """One phone to write to. ``phone`` is the E.164 form of the first usable number of ``contact.phones``.

    ``digest``: ``contact`` asked for one message with everybody's debts. ``problem`` holds what is written to it.
    """

    phone: str
    contact: Contact
    digest: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Everybody who receives for a customer, and why others do not."""

    destinations: tuple[Destination, ...]
    refusals: tuple[tuple[Why, str], ...]


class Contacts:
    """All contacts of the ERP, by customer. Read once per closing: memory grows with their number only."""

    def __init__(self, contacts: Iterable[Contact], default_area: str) -> None:
        self._area = default_area
        #: The flagged ones; a customer whose contacts are all unflagged has an empty list.
        self._flagged: dict[tuple[str, str], list[Contact]] = {}
        self._digests: dict[tuple[str, str], Contact] = {}
        for contact in contacts:
            flagged = self._flagged.setdefault((contact.company, contact.customer_code), [])
            if contact.accepts or contact.problem:
                flagged.append(contact)
            if contact.accepts and contact.digest:
                phone = self._phone(contact)[0]
                if phone:
                    self._digests.setdefault((contact.company, phone), contact)

    def of(self, company: str, customer_code: str) -> Reach:
        """Who receives: contacts of that company and those of all companies, one per phone."""
        keys = dict.fromkeys(((company, customer_code), ("", customer_code)))
        known = [self._flagged[key] for key in keys if key in self._flagged]
        flagged = [contact for each in known for contact in each]
        if not flagged:
            why = Why.NOT_FLAGGED if known else Why.NO_CONTACT
            return Reach((), ((why, why.label),))
        found: dict[str, Destination] = {}
        refusals: list[tuple[Why, str]] = []
        for contact in flagged:
            phone, complaint = self._phone(contact)
            if phone or contact.problem:
                place = phone or NO_PHONE
                found.setdefault(place, self._destination(company, place, contact))
                if contact.problem:
                    found[place] = replace(found[place], problem=contact.problem)
            else:
                refusals.append((Why.NO_PHONE, complaint))
        return Reach(tuple(found.values()), tuple(refusals))

    def _destination(self, company: str, phone: str, contact: Contact) -> Destination:
        asked = self._digests.get((company, phone)) or self._digests.get(("", phone))
        return Destination(phone, asked or contact, asked is not None)

    def _phone(self, contact: Contact) -> tuple[str, str]:
        """The phone that the engine will try first, or empty with the reason."""
        try:
            return parse_phones(contact.phones, self._area)[0].e164, ""
        except PhoneError as error:
            return "", error.message.replace(_HELD, "")
