"""What the engine needs from the world: clock, queue and journal; :mod:`integrator.sending.gateway` is WhatsApp.

``erp``, ``journal`` and ``gateways`` implement these and know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from integrator.domain.consent import Consent
from integrator.domain.lifecycle import State
from integrator.domain.message import Company, Composed, Message, Part, PartKind, Purpose
from integrator.domain.sender import Contact, DayUse, SenderRecord
from integrator.sending.gateway import Gateway, GatewayState, Inbound, NumberCheck, Receipt


class Clock(Protocol):
    """Local wall-clock time, and waiting. The demo's clock skips the waits."""

    def now(self) -> datetime:
        """Naive local time."""
        ...

    def sleep(self, seconds: float) -> bool:
        """Wait; return False at once when a stop was asked for meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class Age:
    """By what an older copy of a database is told from the one that was here: another creation, or fewer things.

    ``created`` changes when a backup is restored; ``numbered`` only grows, but for a file that was copied back.
    """

    created: datetime
    numbered: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Which database the queue lives in. ``restored`` is the creation time of a restored copy not yet dealt with."""

    guid: str
    restored: datetime | None
    age: Age


@dataclass(frozen=True, slots=True)
class Reservation:
    """A row in our hands: whoever holds ``token`` may move it, until the lease ends."""

    id: int
    guid: str
    token: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """A row found reserved or being sent, whose holder is gone (or is an earlier run of ours).

    ``same_number``: it was taken by the WhatsApp number that we send from, so that our gateway may be asked about it.
    """

    reservation: Reservation
    key: str
    state: State
    mine: bool
    expired: bool
    same_number: bool


class PartState(StrEnum):
    """State of one part, in ``WA_PARTE.SITUACAO`` and in the journal."""

    PLANNED = "pendente"
    SENT = "enviada"
    REFUSED = "recusada"
    UNCERTAIN = "incerta"
    DELIVERED = "entregue"
    READ = "lida"
    FAILED = "falhou"


@dataclass(frozen=True, slots=True)
class PartRecord:
    """One part as recorded: in the queue (``WA_PARTE``) or in the journal.

    ``provider_id`` may be known before sending.
    """

    order: int
    kind: PartKind
    sha256: str
    size: int
    file_name: str
    state: PartState
    provider_id: str = ""
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A reserved row as read, with the parts that ``WA_PARTE`` already holds of it."""

    message: Message
    parts: tuple[PartRecord, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is about to be posted: committed to the queue before the first byte leaves.

    ``claim`` names what only one row may ever bring to a person (``…|1|4711|2026``); empty for what may be repeated.
    ``contact`` is what ``destination`` is to the shop; None where it does not count (test number).
    """

    composed: Composed
    destination: str
    sender: str
    test: bool
    message_ids: tuple[str, ...]
    claim: str = ""
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """The row is ``enviando`` and ours: post."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A title was paid or changed meanwhile: load and compose again."""


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """The ERP asked to cancel while the row was reserved."""

    reason: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """Another row with the plan's claim left or is leaving."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The lease ended or another integrator has the row: leave it alone."""


Beginning = Begun | Changed | CancelAsked | Repeated | Lost


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a reserved or posted row goes. ``parts`` are the records to write with it."""

    state: State
    reason: str = ""
    code: str = ""
    sent_at: datetime | None = None
    not_before: datetime | None = None
    parts: tuple[PartRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class SentCount:
    """Rows that left from an instance in the 24 hours after a moment, and when the latest did.

    Later ones are not counted: they were dated by a clock that ran ahead, and would stop everything until then.
    """

    rows: int
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Pending rows of one purpose; ``due`` of them may go now as far as their own date says.

    ``cold`` of them are for people who never wrote to the shop.
    """

    purpose: Purpose
    rows: int
    due: int
    cold: int = 0

    def of(self, contact: Contact) -> int:
        """How many are for such people."""
        return self.cold if contact is Contact.COLD else self.rows - self.cold


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What an ERP screen may show about this integrator."""

    started_at: datetime
    status: str
    waiting: int
    next_send: datetime | None


#: Whether the shop wants a person's yes before messages of this module and kind, as the ERP names them, leave.
Asks = Callable[[str, str], bool]

#: The number by which messages of a module leave, by its name in the configuration; empty: any that takes the rest.
NumberFor = Callable[[str], str]


class Queue(Protocol):
    """The queue in the ERP's database. Every change is one short transaction; row counts are checked.

    All methods raise the errors of :mod:`integrator.domain.errors`; ``load`` raises ``MessageError`` for a row that
    cannot be read.
    """

    def identity(self) -> Identity: ...

    def quarantine(self, restored: datetime, *, hold: bool) -> int:
        """Acknowledge a restored database; with ``hold``, hold every open row older than ``restored``; how many.

        What was being sent then becomes ``incerta``.
        """
        ...

    def others_worked_here(self) -> bool:
        """Whether another integrator ever worked on this queue."""
        ...

    def orphaned(self) -> datetime | None:
        """When the integrators before us fell silent: None when we worked here before, or one of them still lives."""
        ...

    def sort_waiting(self, default_area: str, number_for: NumberFor) -> int:
        """Tell known contacts from cold ones, and which number sends, on pending rows that nobody looked at; how many.

        Rows that another transaction holds, and what is beyond a few thousand, wait for the next time. At the first
        call of a run, rows that a changed rule gives to another number are given to it.
        """
        ...

    def known(self, phones: Sequence[str]) -> frozenset[str]:
        """Those of ``phones`` (E.164 digits, as asked) whose person ever wrote to the shop."""
        ...

    def day_use(self, number: str, now: datetime) -> DayUse:
        """Whom ``number`` (E.164 digits) wrote to today by any integrator, tests apart; ``days_before`` is not told."""
        ...

    def days_of_sending(self, number: str, now: datetime) -> int:
        """On how many days of the month before today that number sent."""
        ...

    def reserve(self, purpose: Purpose, now: datetime, contact: Contact | None = None) -> Reservation | None:
        """The first due row of ``purpose``, of that kind of contact; None: of any, also of those not looked at."""
        ...

    def load(self, reservation: Reservation) -> Loaded: ...

    def companies(self) -> tuple[Company, ...]: ...

    def consent(self, phone: str, purpose: Purpose) -> Consent | None: ...

    def recorded_parts(self, reservation: Reservation) -> tuple[PartRecord, ...]: ...

    def begin(self, reservation: Reservation, message: Message, plan: Plan) -> Beginning:
        """``reservada → enviando``, only if nothing changed since ``message`` was loaded and the plan's claim is free.

        The vendor's hook is asked here.
        """
        ...

    def hold(self, reservation: Reservation) -> bool:
        """Whether a row that is being sent is still ours; a lease that runs low is renewed."""
        ...

    def finish(self, reservation: Reservation, ending: Ending) -> bool:
        """Move the row on and let go of it; False when it was no longer ours."""
        ...

    def leftovers(self) -> tuple[Leftover, ...]: ...

    def receive(self, receipt: Receipt) -> bool:
        """Apply a receipt, never backwards; False when no part has that id."""
        ...

    def expire(self, now: datetime, oldest: datetime) -> int:
        """Expire what is past its own date, and what was queued before ``oldest`` and never sent."""
        ...

    def sent_since(self, since: datetime) -> SentCount: ...

    def waiting(self, now: datetime) -> tuple[Waiting, ...]: ...

    def kinds_waiting(self) -> tuple[tuple[str, str], ...]:
        """Module and kind, as the ERP wrote them, of pending rows that no person has confirmed and nothing left of."""
        ...

    def ask_first(self, module: str, kind: str) -> int:
        """Let those rows of one kind wait for a person's yes; how many. What others hold waits for the next time."""
        ...

    def config(self) -> dict[str, str]:
        """The settings that the ERP may set (``WA_CONFIG``)."""
        ...

    def beat(self, heartbeat: Heartbeat) -> None: ...

    def report_instance(self, number: str, state: GatewayState, engine: str) -> None: ...

    def purge(self, before: datetime) -> int:
        """Drop the contents of attachments that are done since before that time; how many."""
        ...

    def rest(self) -> None:
        """Nothing to do for a while: the attachment is let go if it stays idle."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """The identity of a row in the journal, and to whom it goes."""

    database: str
    guid: str
    key: str
    to: str
    parts: int


class Journal(Protocol):
    """What this computer posted, durable before each byte leaves. Survives the loss of the ERP's database."""

    @property
    def owner(self) -> str:
        """This journal's own id: the ``DONO`` of the rows we hold."""
        ...

    def last_post(self, database: str) -> datetime | None:
        """When this computer last posted a row of that database."""
        ...

    def intend(self, post: Post, part: Part, message_id: str, at: datetime) -> None:
        """Write the intent. Raises ``JournalError`` if that part of that row was ever posted and not proven refused."""
        ...

    def assign(self, post: Post, order: int, message_id: str) -> None:
        """The engine chose this id for a part that is about to leave; durable on return."""
        ...

    def answer(self, post: Post, order: int, state: PartState, provider_id: str, reason: str, at: datetime) -> None: ...

    def posted(self, database: str, guid: str, key: str) -> tuple[tuple[PartRecord, ...], int]:
        """What is known of a row, and how many parts it was to have (0 when it was never posted).

        A part in state ``pendente`` was about to be posted and its answer is not known.
        """
        ...

    def sent_since(self, instance: str, since: datetime) -> SentCount: ...

    def count_row(self, instance: str, guid: str, at: datetime) -> None:
        """A row left by this instance: counts for the gap and the daily maximum."""
        ...

    def number(self, query: str, not_older_than: datetime) -> NumberCheck | None: ...

    def asked_since(self, since: datetime) -> SentCount:
        """How many numbers WhatsApp was asked about since then, and when the latest."""
        ...

    def remember_number(self, check: NumberCheck, at: datetime) -> None: ...

    def cursor(self, instance: str) -> int: ...

    def set_cursor(self, instance: str, cursor: int) -> None: ...


class Senders(Protocol):
    """What this computer remembers of its sender numbers (E.164 digits). Raises ``JournalError``."""

    def record(self, number: str) -> SenderRecord | None: ...

    def meet(self, number: str, instance: str, now: datetime) -> SenderRecord:
        """A number that is about to send from ``instance``, noted when it is met for the first time there."""
        ...

    def wrote(self, number: str, contact: str, kind: Contact, now: datetime) -> None:
        """The number is about to write to ``contact``: counted once a day."""
        ...

    def wrote_today(self, number: str, contact: str, now: datetime) -> bool: ...

    def use(self, number: str, now: datetime) -> DayUse:
        """Whom the number wrote to today, and on how many days of the month before."""
        ...

    def failed(self, number: str) -> int:
        """One more part in a row was refused or is in doubt; how many now."""
        ...

    def succeeded(self, number: str) -> None:
        """A part was accepted: failures in a row end here."""
        ...

    def refused_late(self, number: str) -> int:
        """One more accepted part was refused afterwards; how many with none delivered in between."""
        ...

    def delivered(self, number: str) -> None:
        """A part arrived: late refusals in a row end here."""
        ...

    def sign(self, number: str, at: datetime, why: str, cold_until: datetime) -> None:
        """WhatsApp restricts the number: no cold contact until then."""
        ...

    def halt(self, number: str, at: datetime, why: str) -> None:
        """Nothing leaves by the number until a person resumes it."""
        ...


class Listener(Protocol):
    """What people wrote to the number, and what follows from it for what is about to be sent."""

    def hear(self, inbound: Inbound) -> None:
        """Act on one message; after a crash it is heard again. Raises the queue's and the journal's errors."""
        ...

    def answer(self) -> None:
        """Post some of the answers that follow from what was heard, none of them twice. Raises as :meth:`hear`."""
        ...

    def quiet_until(self, number: str, now: datetime) -> datetime | None:
        """Until when automatic messages to that number wait, because its person is writing to the shop; None: go on."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """The four ports together: what the parts of the engine work with."""

    queue: Queue
    journal: Journal
    gateway: Gateway
    clock: Clock
