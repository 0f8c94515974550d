"""What the engine needs from the world: clock, WhatsApp engine, queue and journal.

``erp``, ``journal`` and ``gateways`` implement these and know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from integrator.domain.message import Part
from integrator.domain.outcome import Confirmation, Outcome


class Clock(Protocol):
    """Local wall-clock time, and waiting. The demo's clock skips the waits."""

    def now(self) -> datetime:
        """Naive local time."""
        ...

    def sleep(self, seconds: float) -> bool:
        """Wait; return False at once when a stop was asked for meanwhile."""
        ...


class GatewayState(StrEnum):
    """Condition of a WhatsApp number, as stored in ``WA_INSTANCIA.SITUACAO``."""

    CONNECTED = "conectado"
    CONNECTING = "conectando"
    NEEDS_PAIRING = "aguardando_qr"
    OFFLINE = "sem_conexao"
    LOGGED_OUT = "desconectado"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do. Options that an engine lacks are refused, never ignored."""

    own_message_id: bool
    confirms_by_id: bool
    number_check: bool


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """Whether ``query`` (E.164 digits, no plus) has WhatsApp, and the number that WhatsApp itself uses for it."""

    query: str
    exists: bool
    canonical: str = ""


class ReceiptKind(StrEnum):
    """What became of an accepted part."""

    DELIVERED = "entregue"
    READ = "lida"
    FAILED = "falhou"


@dataclass(frozen=True, slots=True)
class Receipt:
    """News of one accepted part. ``at`` is naive local time."""

    provider_id: str
    kind: ReceiptKind
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptBatch:
    """Receipts after a cursor, in order, and the cursor to ask with next time."""

    receipts: tuple[Receipt, ...]
    cursor: int


class Gateway(Protocol):
    """A WhatsApp number that can send. Every engine passes the same contract suite (``tests/gateways``)."""

    @property
    def name(self) -> str:
        """The engine's name, for logs and ``WA_INSTANCIA.MOTOR``."""
        ...

    @property
    def capabilities(self) -> Capabilities: ...

    def state(self) -> GatewayState:
        """Condition of the number now; never raises."""
        ...

    def sender(self) -> str:
        """The paired number, E.164 digits; empty when none."""
        ...

    def check_numbers(self, numbers: Sequence[str]) -> tuple[NumberCheck, ...]:
        """One answer per query, same order. Raises :class:`~integrator.domain.errors.GatewayError` when out of reach."""
        ...

    def new_message_id(self, row_guid: str, part: Part) -> str:
        """The id that this part will have, the same at every call, or empty when the engine chooses ids itself."""
        ...

    def send(self, to: str, part: Part, message_id: str) -> Outcome:
        """Post one part to ``to`` (E.164 digits). Never raises: doubt is :class:`~integrator.domain.outcome.Unknown`."""
        ...

    def confirm(self, message_id: str) -> Confirmation:
        """Whether the engine accepted the part with that id. Never raises."""
        ...

    def receipts(self, after: int) -> ReceiptBatch:
        """Receipts since ``after``; an empty batch with the same cursor when there are none or it is out of reach."""
        ...

    def close(self) -> None: ...
