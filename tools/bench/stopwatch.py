"""A gateway that adds up the time spent inside another one's calls."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from integrator.domain.message import Part
from integrator.domain.outcome import Confirmation, Outcome
from integrator.sending.gateway import (
    Assigned,
    Capabilities,
    Condition,
    EventBatch,
    Gateway,
    NumberCheck,
    Pairable,
    Webhook,
    nobody,
)


class TimedGateway:
    """Implements :class:`integrator.sending.gateway.Gateway` by `inner`; `seconds` is the time inside so far."""

    def __init__(self, inner: Gateway) -> None:
        self._inner = inner
        self.seconds = 0.0
        self.sent = 0

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def capabilities(self) -> Capabilities:
        return self._inner.capabilities

    def condition(self) -> Condition:
        with self._timed():
            return self._inner.condition()

    def sender(self) -> str:
        with self._timed():
            return self._inner.sender()

    def check_numbers(self, numbers: Sequence[str]) -> tuple[NumberCheck, ...]:
        with self._timed():
            return self._inner.check_numbers(numbers)

    def new_message_id(self, row_guid: str, part: Part) -> str:
        return self._inner.new_message_id(row_guid, part)

    def send(self, to: str, part: Part, message_id: str, assigned: Assigned = nobody) -> Outcome:
        self.sent += 1
        with self._timed():
            return self._inner.send(to, part, message_id, assigned)

    def confirm(self, message_id: str) -> Confirmation:
        with self._timed():
            return self._inner.confirm(message_id)

    def events(self, after: int) -> EventBatch:
        with self._timed():
            return self._inner.events(after)

    def pairing(self) -> Pairable | None:
        return self._inner.pairing()

    def webhook(self) -> Webhook | None:
        return self._inner.webhook()

    def close(self) -> None:
        self._inner.close()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - start
