"""The port of a WhatsApp engine: one number that can be paired, asked, sent from and listened to.

Engines live in ``integrator.gateways``; ``gateways/ADDING.md`` tells how one is added. Every engine passes the same
contract suite (``tests/gateways/contract.py``). No engine ever repeats a message by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from integrator.domain.message import Part
from integrator.domain.outcome import Confirmation, Outcome


class GatewayState(StrEnum):
    """Condition of a WhatsApp number, as stored in ``WA_INSTANCIA.SITUACAO`` (at most 20 characters)."""

    CONNECTED = "conectado"
    CONNECTING = "conectando"
    NEEDS_PAIRING = "aguardando_qr"
    PASSKEY = "pede_passkey"  # the phone asks for a passkey, which this engine cannot answer
    OFFLINE = "sem_conexao"
    LOGGED_OUT = "desconectado"
    RESTRICTED = "restrito"  # may not begin conversations for a while
    BANNED = "banido"
    OUTDATED = "desatualizado"  # WhatsApp refuses this version of the engine
    AUTH = "sem_autorizacao"  # token or key refused
    STOPPED = "parado"  # the engine does not run: not started, or it cannot start


@dataclass(frozen=True, slots=True)
class Condition:
    """State of the number. ``until``: when a restriction or ban ends (naive local time), None when nobody said.

    ``detail`` is technical, for the log and the doctor. ``told`` says in Portuguese what the state alone does not.
    """

    state: GatewayState
    until: datetime | None = None
    detail: str = ""
    told: str = ""


class StatusNews(StrEnum):
    """How an engine learns what became of an accepted part."""

    PUSH = "push"
    POLL = "poll"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do. Options that an engine lacks are refused, never ignored.

    ``own_message_id``: the id is chosen by us. ``id_before_sending``: the engine chooses it and tells it before the
    message leaves (``assigned`` of :meth:`Gateway.send`). ``confirms_by_id``: :class:`~..outcome.NotFound` can be
    trusted. ``number_check``: asks whether a number has WhatsApp. ``templates``: conversations that the shop begins
    need an approved template.
    """

    own_message_id: bool
    confirms_by_id: bool
    number_check: bool
    id_before_sending: bool = False
    pairs_by_qr: bool = False
    pairs_by_code: bool = False
    templates: bool = False
    status: StatusNews = StatusNews.PUSH
    inbound: bool = False


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """Whether ``query`` (E.164 digits, no plus) has WhatsApp, and the number that WhatsApp itself uses for it."""

    query: str
    exists: bool
    canonical: str = ""


class ReceiptKind(StrEnum):
    """What became of an accepted part."""

    SENT = "enviada"  # the server has it: settles a part whose answer was lost
    DELIVERED = "entregue"
    READ = "lida"
    FAILED = "falhou"


@dataclass(frozen=True, slots=True)
class Receipt:
    """News of one accepted part. ``at`` is naive local time; ``reason`` in Portuguese."""

    provider_id: str
    kind: ReceiptKind
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """What a person wrote. ``sender`` in E.164 digits; ``text`` is empty for audio, pictures and the like.

    Only people to whom the shop has written, and whoever writes one of the words that the program obeys, come here:
    everybody else's chats are dropped where they arrive.
    """

    id: str
    sender: str
    text: str
    at: datetime
    name: str = ""


Event = Receipt | Inbound


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Events after a cursor, in order of arrival, and the cursor to ask with next time."""

    events: tuple[Event, ...]
    cursor: int


@dataclass(frozen=True, slots=True)
class Code:
    """What is drawn as a QR code, and until when it can be read (naive local time)."""

    text: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Pairing:
    """How the number is paired now.

    ``code`` is None unless a phone is waited for; ``digits`` is the pair code to type on the phone (``GH5EC9DZ``) when
    one was asked for. ``problem`` says in Portuguese why pairing failed, empty otherwise. ``name`` is what the paired
    account calls itself at WhatsApp, as customers see it: one line of at most 40 characters, empty when not known.
    """

    state: GatewayState
    number: str
    code: Code | None = None
    digits: str = ""
    problem: str = ""
    name: str = field(default="", repr=False)


class Pairable(Protocol):
    """The pairing of one number. Methods answer within seconds, from any thread; :class:`GatewayError` when away."""

    def look(self, now: datetime) -> Pairing:
        """How it stands; while a phone is waited for, with the code of this moment."""
        ...

    def begin(self, now: datetime, phone: str = "") -> Pairing:
        """Wait for a phone. With ``phone`` (E.164 digits) also ask for a pair code; unchanged when it is connected."""
        ...

    def end(self, now: datetime) -> Pairing:
        """Disconnect the phone: the session is gone on both sides where WhatsApp can be reached."""
        ...


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What a webhook's sender gets back."""

    status: int
    body: str = ""


class Webhook(Protocol):
    """Where an engine on a server tells its news. Called from any thread."""

    def check(self, query: Mapping[str, str]) -> HookAnswer:
        """Answer the GET by which the server proves the address."""
        ...

    def receive(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        """Take one POST. Header names in lower case. 401 and nothing read unless signature or token are right.

        200 only when what it tells is on the disk. Duplicates and any order are harmless.
        """
        ...


#: Told the id of a part before it leaves; when it raises, the part does not leave.
Assigned = Callable[[str], None]


def nobody(_message_id: str) -> None:
    """Nobody wants to know the id."""


class Gateway(Protocol):
    """A WhatsApp number that can send. Every engine passes the same contract suite (``tests/gateways``)."""

    @property
    def name(self) -> str:
        """The engine's name, for logs and ``WA_INSTANCIA.MOTOR``."""
        ...

    @property
    def capabilities(self) -> Capabilities: ...

    def condition(self) -> Condition:
        """Condition of the number now; never raises, answers at once or within seconds."""
        ...

    def sender(self) -> str:
        """The paired number, E.164 digits; empty when none."""
        ...

    def check_numbers(self, numbers: Sequence[str]) -> tuple[NumberCheck, ...]:
        """One answer per query, same order.

        Raises :class:`~integrator.domain.errors.GatewayError` when out of reach, and for an engine without
        ``number_check``.
        """
        ...

    def new_message_id(self, row_guid: str, part: Part) -> str:
        """The id that this part will have, the same at every call, or empty when the engine chooses ids itself."""
        ...

    def send(self, to: str, part: Part, message_id: str, assigned: Assigned = nobody) -> Outcome:
        """Post one part to ``to`` (E.164 digits).

        Never raises: doubt is :class:`~integrator.domain.outcome.Unknown`. With ``id_before_sending``, ``assigned`` is
        called with the id before the part leaves; what it raises comes out of here, and nothing left.
        """
        ...

    def confirm(self, message_id: str) -> Confirmation:
        """Whether the engine accepted the part with that id. Never raises."""
        ...

    def events(self, after: int) -> EventBatch:
        """Events since ``after``; an empty batch with the same cursor when there are none or it is out of reach."""
        ...

    def pairing(self) -> Pairable | None:
        """What pairs the number; None for an engine that is not paired (official API)."""
        ...

    def webhook(self) -> Webhook | None:
        """What takes the engine's webhooks; None for an engine that has none."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class Windowed(Protocol):
    """An engine with ``templates``: it may write freely only to people who have written within the last day."""

    def may_write_freely(self, to: str) -> bool:
        """Whether more than an approved template may go to ``to`` (E.164 digits) now, and for minutes yet.

        Raises :class:`~integrator.domain.errors.GatewayError` when what people wrote cannot be read.
        """
        ...
