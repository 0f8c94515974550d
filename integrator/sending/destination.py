"""To which number a row goes: the contact's phones in order, asked to WhatsApp with and without the ninth digit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from integrator.domain.consent import Consent, Refused, may_send
from integrator.domain.errors import MessageError, PhoneError
from integrator.domain.message import Message, Purpose
from integrator.domain.phone import PhoneCandidate, format_phone, parse_phones
from integrator.sending.gateway import NumberCheck
from integrator.sending.ports import World

_CACHE_DAYS = 30


class NoConsent(MessageError):
    """The contact does not want, or never agreed, to receive."""

    code = "consentimento"


class Register(Protocol):
    """Where answers of people are kept: the queue."""

    def consent(self, phone: str, purpose: Purpose) -> Consent | None: ...


def consenting(register: Register, message: Message, default_area: str) -> tuple[PhoneCandidate, ...]:
    """The contact's phones, where he may be written to: one "não" of any of them, under any spelling, is a no.

    Raises :class:`PhoneError` when no phone can be used and :class:`NoConsent`.
    """
    candidates = parse_phones(message.phones, default_area)
    for candidate in candidates:
        spoken = [register.consent(phone, message.purpose) for phone in candidate.alternatives]
        told = max((answer for answer in spoken if answer is not None), key=lambda answer: answer.at, default=None)
        verdict = may_send(message.accepts, told, message.purpose)
        if isinstance(verdict, Refused):
            raise NoConsent(verdict.reason)
    return candidates


@dataclass(frozen=True, slots=True)
class Destinations:
    """Finds destinations.

    Answers of WhatsApp are kept for thirty days; negative ones for one, because people install it.
    """

    world: World
    default_area: str = ""

    def find(self, message: Message, now: datetime) -> str:
        """The number to post to, as WhatsApp itself writes it (E.164 digits).

        Raises :class:`PhoneError` when no phone serves and :class:`NoConsent` when the contact may not receive.
        """
        candidates = consenting(self.world.queue, message, self.default_area)
        for candidate in candidates:
            number = self._on_whatsapp(candidate, now)
            if number:
                return number
        names = " e ".join(format_phone(candidate.e164) for candidate in candidates)
        plural = len(candidates) > 1
        raise PhoneError(
            f"{'Estes números não têm' if plural else 'Este número não tem'} WhatsApp: {names}. Corrija o "
            "celular no cadastro "
            "do cliente; a mensagem fica retida até lá."
        )

    def _on_whatsapp(self, candidate: PhoneCandidate, now: datetime) -> str:
        if not self.world.gateway.capabilities.number_check:
            return candidate.e164
        for query in candidate.alternatives:
            check = self._check(query, now)
            if check.exists:
                return check.canonical or query
        return ""

    def _check(self, query: str, now: datetime) -> NumberCheck:
        known = self.world.journal.number(query, now - timedelta(days=_CACHE_DAYS))
        if known is not None and known.exists:
            return known
        fresh_no = self.world.journal.number(query, now - timedelta(days=1))
        if fresh_no is not None:
            return fresh_no
        (answer,) = self.world.gateway.check_numbers([query])
        self.world.journal.remember_number(answer, now)
        return answer
