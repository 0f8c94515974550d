"""To which number a row goes: the contact's phones in order, asked to WhatsApp with and without the ninth digit."""

from __future__ import annotations

from typing import Protocol

from integrator.domain.consent import Consent, Refused, may_send
from integrator.domain.errors import MessageError, PhoneError
from integrator.domain.message import Message, Purpose
from integrator.domain.phone import PhoneCandidate, format_phone, parse_phones
from integrator.messages.formatting import format_list
from integrator.sending.number_checks import CheckPolicy, NumberChecks
from integrator.sending.ports import World


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


class Destinations:
    """Finds destinations, asking WhatsApp about a number before the first message to it."""

    def __init__(self, world: World, default_area: str = "", pace: CheckPolicy | None = None) -> None:
        self._queue = world.queue
        self._gateway = world.gateway
        self._default_area = default_area
        self._checks = NumberChecks(world.journal, world.gateway, world.clock, pace)

    def find(self, message: Message) -> str:
        """The number to post to, as WhatsApp itself writes it (E.164 digits).

        Raises :class:`PhoneError` when no phone serves and :class:`NoConsent` when the contact may not receive.
        """
        candidates = consenting(self._queue, message, self._default_area)
        for candidate in candidates:
            number = self._on_whatsapp(candidate)
            if number:
                return number
        names = format_list(format_phone(candidate.e164) for candidate in candidates)
        plural = len(candidates) > 1
        raise PhoneError(
            f"{'Estes números não têm' if plural else 'Este número não tem'} WhatsApp: {names}. Corrija o "
            "celular no cadastro "
            "do cliente; a mensagem fica retida até lá."
        )

    def _on_whatsapp(self, candidate: PhoneCandidate) -> str:
        if not self._gateway.capabilities.number_check:
            return candidate.e164
        for query in candidate.alternatives:
            check = self._checks.check(query)
            if check.exists:
                return check.canonical or query
        return ""
