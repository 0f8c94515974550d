"""What customers would get, shown and not sent: runs in place of the engine while the installation must ask.

Due rows are loaded without being reserved, composed as the pump would, and posted to the simulator. Nothing is written
to the queue: neither state nor parts, receipts or heartbeat.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from integrator.domain.errors import GatewayError, IntegratorError, MessageError
from integrator.domain.message import Message, Purpose
from integrator.domain.outcome import Sent
from integrator.domain.phone import mask_phone
from integrator.logs import log_event
from integrator.sending.debts import Debts, Pointless, debts_of
from integrator.sending.destination import Destinations
from integrator.sending.engine import Status
from integrator.sending.guard import LANES
from integrator.sending.late import Composes
from integrator.sending.number_checks import AT_ONCE
from integrator.sending.ports import Asks, Reservation, World

log = logging.getLogger(__name__)

_SIMULATOR = "simulador"
_DEFECT = "O programa encontrou um erro que não conhecia durante a simulação. Se continuar, chame o suporte."
_ASKED = "A loja quer confirmar mensagens deste tipo antes de enviar."
_NOT_TAKEN = "O simulador não aceitou uma parte da mensagem."


class Rows(Protocol):
    """The due rows of the queue, looked at and left alone."""

    def due(self, purpose: Purpose, now: datetime, limit: int) -> tuple[Reservation, ...]: ...


class Fate(StrEnum):
    """What would become of a row."""

    SENT = "seria enviada"
    HELD = "seria retida"
    CANCELLED = "seria cancelada"
    AWAITING = "esperaria a confirmação de uma pessoa"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One row: where it would go (empty: nowhere), or in Portuguese why it would not."""

    key: str
    customer: str
    fate: Fate
    destination: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RehearsalPolicy:
    """``reason`` is why nothing is sent, for people. At most ``limit`` rows are shown per run of the program.

    ``asks`` as in :class:`~integrator.sending.pump.PumpPolicy`.
    """

    reason: str
    test_number: str = ""
    default_area: str = ""
    limit: int = 50
    asks: Asks | None = None


class Rehearsal:
    """Used by one thread. ``world.journal`` must be a throw-away one and ``world.gateway`` the simulator."""

    def __init__(
        self,
        world: World,
        rows: Rows,
        *,
        composer: Composes,
        policy: RehearsalPolicy,
        show: Callable[[Sequence[Rehearsed]], None] = lambda _: None,
    ) -> None:
        if world.gateway.name != _SIMULATOR:
            raise ValueError(f"a rehearsal posts to the simulator only, not to {world.gateway.name}")
        self._world = world
        self._rows = rows
        self._composer = composer
        self._policy = policy
        self._show = show
        self._destinations = Destinations(world, policy.default_area, AT_ONCE)
        self._seen: set[int] = set()
        self._stopping = threading.Event()
        self.results: list[Rehearsed] = []
        self.status = Status(f"simulação, nada é enviado: {policy.reason}")

    def stop(self) -> None:
        """Ask to stop: the row in hand is finished, no other is begun."""
        self._stopping.set()

    def tick(self) -> None:
        """Show the rows that became due. Never raises: what goes wrong is logged and tried again at the next tick."""
        try:
            before = len(self.results)
            for purpose in LANES:
                self._lane(purpose)
            if len(self.results) > before:
                self._show(tuple(self.results))
            self._report(Status(f"simulação, nada é enviado: {self._policy.reason}"))
        except IntegratorError as error:
            self._report(Status(error.message, None, error))
        except Exception as error:
            # The top of the loop: a defect of ours must not end the program of a shop.
            log.exception("action=defect")
            self._report(Status(_DEFECT, None, IntegratorError(_DEFECT, detail=repr(error))))
        finally:
            self._world.queue.rest()

    def _lane(self, purpose: Purpose) -> None:
        now = self._world.clock.now()
        debts = debts_of(self._world.queue.config())
        # As many as were seen may come first again: they stay pending for ever.
        for row in self._rows.due(purpose, now, self._policy.limit + len(self._seen)):
            if self._stopping.is_set() or len(self._seen) >= self._policy.limit:
                return
            if row.id not in self._seen:
                self._one(row, debts)

    def _one(self, row: Reservation, debts: Debts | None) -> None:
        """Each row once, also one that a defect of ours ends: else it would stand before the others for ever."""
        self._seen.add(row.id)
        message: Message | None = None
        try:
            message = self._world.queue.load(row).message
            result = self._post(message, debts)
        except MessageError as error:
            key, customer = (message.key, message.customer.name) if message else (f"(linha {row.id})", "")
            result = Rehearsed(key, customer, Fate.HELD, reason=error.message)
        except GatewayError:
            self._seen.discard(row.id)
            raise
        self.results.append(result)
        to = mask_phone(result.destination) if result.destination else None
        log_event(log, "rehearsed", row=row.id, fate=result.fate.value, to=to)

    def _post(self, message: Message, debts: Debts | None) -> Rehearsed:
        gateway, now = self._world.gateway, self._world.clock.now()
        composed = self._composer.compose(message, now, debts)
        customer = message.customer.name
        if isinstance(composed, Pointless):
            return Rehearsed(message.key, customer, Fate.CANCELLED, reason=composed.reason)
        number = self._destinations.find(message)
        if self._policy.asks is not None and not message.confirmed and self._policy.asks(message.module, message.kind):
            return Rehearsed(message.key, customer, Fate.AWAITING, reason=_ASKED)
        to = self._policy.test_number or number
        for part in composed.parts:
            if not isinstance(gateway.send(to, part, gateway.new_message_id(message.guid, part)), Sent):
                return Rehearsed(message.key, customer, Fate.SENT, to, _NOT_TAKEN)
        return Rehearsed(message.key, customer, Fate.SENT, to)

    def _report(self, status: Status) -> None:
        if status.problem is not None:
            problem = status.problem
            level = logging.ERROR if problem.permanent else logging.WARNING
            log_event(log, "problem", level=level, title=problem.title, message=problem.message, detail=problem.detail)
        self.status = status
