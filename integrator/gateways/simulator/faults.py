"""Faults on demand: what goes wrong with which of the next sends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """What goes wrong with a send."""

    REFUSE = "recusar"
    """Refused for good, nothing accepted."""
    REFUSE_LATER = "recusar-por-ora"
    """Refused for now, nothing accepted."""
    RESTRICT = "restringir"
    """Refused with a sign that WhatsApp restricts the number, nothing accepted."""
    TIME_OUT = "aceitar-sem-responder"
    """Accepted, then no answer until the client gives up."""
    DROP = "cair-antes-de-aceitar"
    """The connection is closed and nothing was accepted."""
    DROP_AFTER = "cair-depois-de-aceitar"
    """Accepted, then the connection is closed without an answer."""
    SLOW = "demorar"
    """Accepted and answered after ``delay_s`` seconds."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and its schedule.

    Of the sends to ``to`` (numbers as posted or as WhatsApp knows them; empty means everybody) the first ``skip`` pass,
    then every ``every``-th is hit, until ``times`` were hit (0: no end). ``delay_s`` is how long SLOW waits before
    accepting, and after how many seconds REFUSE_LATER asks to be tried again.
    """

    kind: FaultKind
    times: int = 1
    to: frozenset[str] = frozenset()
    skip: int = 0
    every: int = 1
    delay_s: float = 1.0
    reason: str = ""

    def __post_init__(self) -> None:
        if self.times < 0 or self.skip < 0 or self.every < 1 or self.delay_s < 0:
            raise ValueError("a fault's times, skip and delay_s cannot be negative, and every is at least 1")


def fault_to_json(fault: Fault) -> dict[str, Any]:
    """``fault`` as it travels to the simulator's process."""
    return {
        "kind": fault.kind,
        "times": fault.times,
        "to": sorted(fault.to),
        "skip": fault.skip,
        "every": fault.every,
        "delay_s": fault.delay_s,
        "reason": fault.reason,
    }


def fault_from_json(raw: dict[str, Any]) -> Fault:
    """The reverse of :func:`fault_to_json`; only ``kind`` is required. Raises ValueError or TypeError when wrong."""
    given = {**raw, "kind": FaultKind(raw.get("kind", "")), "to": frozenset(raw.get("to", ()))}
    return Fault(**given)


@dataclass(slots=True)
class _Armed:
    fault: Fault
    seen: int = 0
    hits: int = 0


@dataclass(slots=True)
class FaultPlan:
    """The faults that are armed now, in the order given; the first that hits a send wins. Not thread-safe."""

    _armed: list[_Armed] = field(default_factory=list)

    def arm(self, faults: Iterable[Fault]) -> None:
        """Add faults behind those already armed."""
        self._armed += [_Armed(fault) for fault in faults]

    def clear(self) -> None:
        """Forget all faults: everything works again."""
        self._armed.clear()

    def next_for(self, *numbers: str) -> Fault | None:
        """The fault that hits this send, counting it; ``numbers`` are the recipient's forms."""
        for armed in self._armed:
            fault = armed.fault
            if fault.to and fault.to.isdisjoint(numbers):
                continue
            armed.seen += 1
            is_due = armed.seen > fault.skip and (armed.seen - fault.skip - 1) % fault.every == 0
            if is_due and (fault.times == 0 or armed.hits < fault.times):
                armed.hits += 1
                return fault
        return None
