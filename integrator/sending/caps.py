"""To how many people a number may write on one day: separate limits for known and for cold contacts.

Counted by the paired number, in the journal and in the queue, whichever knows more, so that integrators which share a
queue share the limits. Two that take a row at the same moment may pass a limit by one row each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from integrator.domain.phone import spellings
from integrator.domain.sender import Contact, DayUse, SenderRecord, Used, cold_limit
from integrator.sending.pace import day_start
from integrator.sending.ports import Queue, Senders, Waiting

#: For so long what was counted for the guard serves for the row that it let go.
_FRESH = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class CapPolicy:
    """``instance``: the number's name in the configuration; ``known`` and ``cold``: contacts per day.

    ``test``: nothing reaches customers (a test number, the simulator), so that no contact counts.
    """

    instance: str
    known: int = 400
    cold: int = 150
    failures_to_stop: int = 5
    test: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """No more such contacts until ``until`` (None: until the configuration changes); ``reason`` in Portuguese."""

    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a number may still do on the day of ``now``."""

    record: SenderRecord
    use: DayUse
    policy: CapPolicy
    now: datetime

    @property
    def cold_limit(self) -> int:
        """Cold contacts of today: fewer than the cap while the number is new."""
        return cold_limit(self.record.used, self.use.days_before, self.policy.cold)

    @property
    def warming(self) -> int:
        """Which day of sending this is for a new number, from 1; 0 for one that has reached its cap or was in use."""
        return 0 if self.cold_limit >= self.policy.cold else self.use.days_before + 1

    def limit(self, contact: Contact) -> int:
        """Contacts of that kind per day."""
        return self.policy.known if contact is Contact.KNOWN else self.cold_limit

    def closed(self, contact: Contact) -> Closed | None:
        """Why nobody else of that kind may be written to now; None when somebody may."""
        if self.policy.test:
            return None
        paused = self.record.cold_until
        if contact is Contact.COLD and paused is not None and paused > self.now:
            return Closed(f"contatos novos em pausa até {paused:%d/%m %H:%M}, porque o WhatsApp deu um aviso", paused)
        limit = self.limit(contact)
        if self.use.of(contact) < limit:
            return None
        kind = "contatos que já responderam" if contact is Contact.KNOWN else "contatos novos"
        if limit == 0 and self.policy_cap(contact) == 0:
            return Closed(f"este número não escreve para {kind} (limite 0 na configuração)", None)
        return Closed(f"limite de {limit} {kind} por dia deste número", day_start(self.now) + timedelta(days=1))

    def policy_cap(self, contact: Contact) -> int:
        """The limit of the configuration, whatever the number's age."""
        return self.policy.known if contact is Contact.KNOWN else self.policy.cold

    def open_kinds(self) -> tuple[Contact, ...]:
        """Who may be written to, people who ever answered first."""
        return tuple(contact for contact in Contact if self.closed(contact) is None)

    def nobody_left(self, waiting: Sequence[Waiting]) -> Closed | None:
        """Why nothing of what waits may leave by the limits; None when something may."""
        cold = sum(each.cold for each in waiting)
        known = sum(each.rows for each in waiting) - cold
        of_cold, of_known = self.closed(Contact.COLD), self.closed(Contact.KNOWN)
        if (known and of_known is None) or (cold and of_cold is None) or not known + cold:
            return None
        told = [
            f"{_count(rows, contact)}: {why.reason}"
            for rows, contact, why in ((cold, Contact.COLD, of_cold), (known, Contact.KNOWN, of_known))
            if rows and why is not None
        ]
        ends = [why.until for rows, why in ((cold, of_cold), (known, of_known)) if rows and why is not None]
        return Closed("; ".join(told), min((at for at in ends if at is not None), default=None))


class Caps:
    """The limits of one number, as it stands at each moment."""

    def __init__(self, queue: Queue, senders: Senders, policy: CapPolicy) -> None:
        self.policy = policy
        self._queue = queue
        self._senders = senders
        self._days: tuple[str, date, int] | None = None
        self._seen: Allowance | None = None

    def look(self, number: str, now: datetime) -> Allowance:
        """What ``number`` may still do. Raises the errors of queue and journal."""
        record = self._senders.meet(number, self.policy.instance, now)
        told = replace(self._queue.day_use(number, now), days_before=self._days_before(number, now))
        self._seen = Allowance(record, self._senders.use(number, now).joined(told), self.policy, now)
        return self._seen

    def _lately(self, number: str, now: datetime) -> Allowance:
        """As the guard saw it when it let this row go, unless composing took long."""
        seen = self._seen
        fresh = seen is not None and seen.record.number == number and abs(now - seen.now) < _FRESH
        return replace(seen, now=now) if seen is not None and fresh else self.look(number, now)

    def _days_before(self, number: str, now: datetime) -> int:
        """By the queue; a month of it is read once a day."""
        if self._days is None or self._days[:2] != (number, now.date()):
            self._days = (number, now.date(), self._queue.days_of_sending(number, now))
        return self._days[2]

    def admit(self, number: str, to: str, now: datetime) -> Contact | Closed | None:
        """What ``to`` is to the shop; Closed when no more such people may be written to today, None for a test.

        The one whom the number already wrote to today is no further contact.
        """
        if self.policy.test:
            return None
        contact = Contact.KNOWN if self._queue.known(spellings(to)) else Contact.COLD
        allowance = self._lately(number, now)
        closed = allowance.closed(contact)
        paused = allowance.record.cold_until
        if closed is not None and self._senders.wrote_today(number, to, now):
            is_paused = contact is Contact.COLD and paused is not None and paused > now
            return closed if is_paused else contact
        return closed or contact

    def wrote(self, number: str, to: str, contact: Contact, now: datetime) -> None:
        """The number is about to write to that person: counted before the first byte leaves."""
        self._seen = None
        self._senders.wrote(number, to, contact, now)


def _count(rows: int, contact: Contact) -> str:
    if contact is Contact.COLD:
        return "1 mensagem para contato novo espera" if rows == 1 else f"{rows} mensagens para contatos novos esperam"
    return "1 mensagem espera" if rows == 1 else f"{rows} mensagens esperam"


def age_words(allowance: Allowance) -> str:
    """How old the number is to the guard, for people."""
    if allowance.record.used is Used.IN_USE:
        return "número já usado com clientes"
    if allowance.warming:
        return f"número novo, {allowance.warming}º dia de envio"
    return "número que já passou pelos primeiros dias"
