"""The pretended WhatsApp: decides what happens to each post, keeps what it accepted, reports receipts later.

No HTTP here: ``endpoints.py`` turns a :data:`~integrator.gateways.simulator.posts.Reply` into an answer, or into the
lack of one.
"""

from __future__ import annotations

import hashlib
import heapq
import threading
import time
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from integrator.domain.message import PartKind
from integrator.domain.outcome import CannotTell, Confirmation, Confirmed, NotFound
from integrator.gateways.base import no_whatsapp_reason
from integrator.gateways.simulator.fate import receipts_to_come
from integrator.gateways.simulator.faults import Fault, FaultKind, FaultPlan
from integrator.gateways.simulator.ledger import Bubble, LedgerWriter, Repost, read_ledger
from integrator.gateways.simulator.numbers import canonical_number
from integrator.gateways.simulator.pairing import PairingDesk
from integrator.gateways.simulator.posts import Accepted, HungUp, Mode, Post, Postponed, Refused, Reply, Silent, Warned
from integrator.sending.gateway import Event, GatewayState, Inbound, NumberCheck, Pairing, Receipt

#: WhatsApp's own limits: of a text in characters, of the caption under a file in UTF-16 units.
LONGEST_TEXT: Final = 65_536
LONGEST_CAPTION: Final = 1024
#: The number that the simulation pretends to be paired with.
SENDER: Final = "5549999990001"
#: What that number calls itself.
ACCOUNT: Final = "Loja do simulador"
_UNPAIRED: Final = frozenset({GatewayState.NEEDS_PAIRING, GatewayState.LOGGED_OUT})
_MOST_EVENTS: Final = 1000
_RETRY_S: Final = 60.0


@dataclass(slots=True)
class _Shelf:
    """What is remembered, all of it rebuilt from the ledger when the process starts."""

    bubbles: dict[str, Bubble] = field(default_factory=dict)
    reported: list[Event] = field(default_factory=list)
    due: list[tuple[datetime, int, int, Receipt]] = field(default_factory=list)
    in_flight: Counter[str] = field(default_factory=Counter)


class Simulation:
    """A WhatsApp number of the simulation; safe to share between threads. Closing it closes the ledger."""

    def __init__(self, folder: Path, mode: Mode, seed: int) -> None:
        """Continue the ledger of ``folder``, or begin one. ``seed`` decides the receipts and the ids we choose."""
        self.mode = mode
        self._seed = seed
        self._lock = threading.Lock()
        self._plan = FaultPlan()
        self._numbers: dict[str, str] = {}
        self._state = GatewayState.CONNECTED
        self._pairing = PairingDesk()
        self._shelf = _Shelf()
        ledger = read_ledger(folder)
        self._shelf.reported.extend(ledger.events)
        known = {(receipt.provider_id, receipt.kind) for receipt in ledger.receipts}
        for bubble in ledger.messages:
            self._remember(bubble, known)
        self._writer = LedgerWriter(folder)

    def post(self, post: Post) -> Reply:
        """Take one send and say what the client gets to know of it; what is Accepted is on disk."""
        with self._lock:
            if post.id in self._shelf.bubbles:
                return self._accept_again(post)
            self._shelf.in_flight[post.id] += 1
        try:
            return self._take(post)
        finally:
            with self._lock:
                self._shelf.in_flight[post.id] -= 1

    def confirm(self, message_id: str) -> Confirmation:
        """Whether the message was accepted; one that is being taken just now cannot be told."""
        with self._lock:
            if self.mode is Mode.CANNOT_CONFIRM or self._shelf.in_flight[message_id] > 0:
                return CannotTell()
            return Confirmed(message_id) if message_id in self._shelf.bubbles else NotFound()

    def check_numbers(self, numbers: Sequence[str]) -> tuple[NumberCheck, ...]:
        """What WhatsApp would say of each number, in the same order."""
        with self._lock:
            table = dict(self._numbers)
        found = [canonical_number(query, table) for query in numbers]
        return tuple(NumberCheck(query, bool(known), known) for query, known in zip(numbers, found, strict=True))

    def write(self, sender: str, text: str, at: datetime, name: str = "") -> Inbound:
        """A pretended customer writes to the number."""
        with self._lock:
            token = hashlib.sha256(f"{self._seed}:{len(self._shelf.reported)}:{sender}".encode()).hexdigest()
            inbound = Inbound(f"3A{token[:18].upper()}", sender, text, at, name)
            self._writer.append(inbound)
            self._shelf.reported.append(inbound)
        return inbound

    def events(self, after: int, now: datetime) -> tuple[tuple[Event, ...], int]:
        """What is due at ``now`` and comes after the cursor, at most a thousand, and the next cursor."""
        with self._lock:
            news = []
            while self._shelf.due and self._shelf.due[0][0] <= now:
                news.append(heapq.heappop(self._shelf.due)[-1])
            if news:
                self._writer.append(*news)
                self._shelf.reported += news
            batch = tuple(self._shelf.reported[after : after + _MOST_EVENTS])
        return batch, after + len(batch)

    @property
    def state(self) -> GatewayState:
        """Condition of the pretended number."""
        return self._state

    def set_state(self, state: GatewayState) -> None:
        """Connect, disconnect or unpair the number."""
        self._state = state

    @property
    def sender(self) -> str:
        """The pretended number; empty while no phone is paired."""
        return "" if self._state in _UNPAIRED else SENDER

    def pair(self, deed: str, text: str, now: datetime) -> Pairing:
        """Wait for a phone, let it read a code, or disconnect it (``begin``, ``read``, ``end``); how it then stands.

        Anything else only looks.
        """
        match deed:
            case "begin" if self._state in _UNPAIRED:
                self._state = GatewayState.NEEDS_PAIRING
            case "read" if self._state is GatewayState.NEEDS_PAIRING and self._pairing.reads(text, now):
                self._state = GatewayState.CONNECTED
            case "end":
                self._state = GatewayState.LOGGED_OUT
        waits = self._state is GatewayState.NEEDS_PAIRING
        name = ACCOUNT if self.sender else ""
        return Pairing(self._state, self.sender, self._pairing.code(now) if waits else None, name=name)

    def set_number(self, number: str, canonical: str) -> None:
        """From now on WhatsApp knows ``number`` as ``canonical``; empty: it has no WhatsApp."""
        with self._lock:
            self._numbers[number] = canonical

    def arm(self, faults: Sequence[Fault]) -> None:
        """Add faults for the sends to come."""
        with self._lock:
            self._plan.arm(faults)

    def clear_faults(self) -> None:
        """Forget the faults."""
        with self._lock:
            self._plan.clear()

    def close(self) -> None:
        """Close the ledger."""
        with self._lock:
            self._writer.close()

    def _take(self, post: Post) -> Reply:
        if (obstacle := self._obstacle(post)) is not None:
            return obstacle
        with self._lock:
            to = canonical_number(post.to, self._numbers)
            fault = self._plan.next_for(post.to, to) if to else None
        if not to:
            return Refused(no_whatsapp_reason(post.to))
        if fault is None:
            return self._accept(post, to)
        return self._fail(post, to, fault)

    def _obstacle(self, post: Post) -> Reply | None:
        """What stands in the way of any send of this kind, before the number is looked at."""
        if self._state is not GatewayState.CONNECTED:
            return Postponed(f"O número do WhatsApp não está conectado (situação: {self._state}).", _RETRY_S)
        if not post.content:
            return Refused("A mensagem está vazia.")
        if post.kind is not PartKind.DOCUMENT and len(post.content.decode("utf-8")) > LONGEST_TEXT:
            return Refused(f"O texto passa do limite do WhatsApp, de {LONGEST_TEXT} caracteres.")
        if len(post.caption.encode("utf-16-le")) // 2 > LONGEST_CAPTION:
            return Refused(f"A legenda do arquivo passa do limite do WhatsApp, de {LONGEST_CAPTION} caracteres.")
        return None

    def _fail(self, post: Post, to: str, fault: Fault) -> Reply:
        match fault.kind:
            case FaultKind.REFUSE | FaultKind.REFUSE_LATER | FaultKind.RESTRICT:
                return _refusal(fault)
            case FaultKind.DROP:
                return HungUp()
            case FaultKind.DROP_AFTER:
                self._accept(post, to)
                return HungUp()
            case FaultKind.TIME_OUT:
                self._accept(post, to)
                return Silent()
            case FaultKind.SLOW:
                time.sleep(fault.delay_s)
                return self._accept(post, to)

    def _accept(self, post: Post, to: str) -> Accepted:
        is_file = post.kind is PartKind.DOCUMENT
        sha256 = self._writer.keep_file(post.content) if is_file else hashlib.sha256(post.content).hexdigest()
        with self._lock:
            if post.id in self._shelf.bubbles:
                return self._accept_again(post)
            bubble = Bubble(
                id=post.id or self._chosen_id(),
                to=to,
                asked=post.to,
                kind=post.kind,
                sha256=sha256,
                size=len(post.content),
                at=post.at,
                text="" if is_file else post.content.decode("utf-8"),
                file_name=post.file_name,
                mime=post.mime,
                caption=post.caption,
            )
            self._writer.append(bubble)
            self._remember(bubble, frozenset())
        return Accepted(bubble.id)

    def _accept_again(self, post: Post) -> Accepted:
        """As WhatsApp does: an id that it has is answered as accepted, and shown to nobody a second time."""
        self._writer.append(Repost(post.id, post.at))
        return Accepted(post.id)

    def _chosen_id(self) -> str:
        return "SIM" + hashlib.sha256(f"{self._seed}:{len(self._shelf.bubbles)}".encode()).hexdigest()[:17].upper()

    def _remember(self, bubble: Bubble, reported: AbstractSet[tuple[str, str]]) -> None:
        position = len(self._shelf.bubbles)
        self._shelf.bubbles[bubble.id] = bubble
        for order, receipt in enumerate(receipts_to_come(self._seed, bubble.id, bubble.at)):
            if (receipt.provider_id, receipt.kind) not in reported:
                heapq.heappush(self._shelf.due, (receipt.at, position, order, receipt))


def _refusal(fault: Fault) -> Reply:
    match fault.kind:
        case FaultKind.REFUSE_LATER:
            return Postponed(fault.reason or "O WhatsApp pediu para tentar mais tarde.", fault.delay_s)
        case FaultKind.RESTRICT:
            return Warned(fault.reason or "O WhatsApp não deixou começar esta conversa agora.")
        case _:
            return Refused(fault.reason or "O WhatsApp recusou a mensagem.")
