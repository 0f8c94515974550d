"""The number that sends, as the guard keeps it: its limits (:mod:`caps`) and what warns of it (:mod:`signs`)."""

from __future__ import annotations

from datetime import datetime

from integrator.domain.outcome import Outcome
from integrator.domain.sender import Stop
from integrator.sending.caps import CapPolicy, Caps
from integrator.sending.gateway import ReceiptKind
from integrator.sending.ports import Senders, World
from integrator.sending.signs import Signs


class Sender:
    """One configured number. What is kept of it is kept by the phone that is paired, whatever the instance's name."""

    def __init__(self, world: World, senders: Senders, policy: CapPolicy) -> None:
        self._gateway = world.gateway
        self._instance = policy.instance
        self._senders = senders
        self._signs = Signs(senders, policy.failures_to_stop)
        self._last = policy.instance
        self.caps = Caps(world.queue, senders, policy)

    @property
    def number(self) -> str:
        """The paired number as it was last looked at; the instance's name for an engine that does not tell its own."""
        return self._last

    def look(self) -> str:
        """Ask the engine for the paired number, E.164 digits; empty when none is."""
        sender = self._gateway.sender()
        self._last = sender or self._instance
        return sender

    def stopped(self, now: datetime) -> Stop | None:
        """What stopped the number; None while it may go on."""
        return self._senders.meet(self._last, self._instance, now).stop

    def hear(self, outcome: Outcome, now: datetime) -> None:
        """The answer to a part that was posted."""
        self._signs.hear(self._last, outcome, now)

    def told(self, kind: ReceiptKind, now: datetime) -> None:
        """What became of a part that the number had posted."""
        self._signs.told(self._last, kind, now)
