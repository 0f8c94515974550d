"""The sender numbers of this installation: each engine started once, whatever databases send by it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from integrator.app import JOURNAL_FILE
from integrator.domain.words import from_anybody
from integrator.gateways.configured import Place, opened
from integrator.gateways.events.log import EVENTS_FILE, EventLog
from integrator.journal.recipients import Recipients
from integrator.logs import log_event
from integrator.sending.gateway import Gateway
from integrator.sending.ports import Clock
from integrator.settings.sections import NumberSettings

log = logging.getLogger(__name__)

#: What else is said of a number changes how it is used, not how it is connected.
_CONNECTION = ("engine", "instance", "phone", "proxy", "server", "webhook", "phone_id", "account_id", "app_id")


@dataclass(frozen=True, slots=True)
class _Open:
    connection: tuple[object, ...]
    gateway: Gateway
    stack: ExitStack = field(repr=False)


class Numbers:
    """Engines by the name of their number. :meth:`gateway` and :meth:`close` belong to the thread of the rounds.

    ``on_connected`` is called, on any thread, when a number came within reach.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._open: dict[str, _Open] = {}
        self._place: Place | None = None
        self._held = ExitStack()
        self.on_connected: Callable[[], object] = lambda: None

    def gateway(self, number: NumberSettings) -> Gateway:
        """The number's engine, started if it is not, anew when how it is connected changed.

        Raises :class:`GatewayError` where its files cannot be used.
        """
        wanted = tuple(getattr(number, name) for name in _CONNECTION)
        known = self._open.get(number.instance)
        if known is not None and known.connection == wanted:
            return known.gateway
        self.drop(number.instance)
        stack = ExitStack()
        gateway = stack.enter_context(opened(number, self._known_place()))
        self._open[number.instance] = _Open(wanted, gateway, stack)
        log_event(log, "engine_started", instance=number.instance, engine=gateway.name)
        return gateway

    def running(self, instance: str) -> Gateway | None:
        """The engine of a number, if it was started. From any thread."""
        known = self._open.get(instance)
        return None if known is None else known.gateway

    def drop(self, instance: str) -> None:
        """Stop a number's engine; nothing happens when it does not run."""
        known = self._open.pop(instance, None)
        if known is not None:
            known.stack.close()
            log_event(log, "engine_stopped", instance=instance)

    def keep(self, instances: Collection[str]) -> None:
        """Stop the engines of all other numbers: of those that were renamed or taken away."""
        for instance in tuple(self._open):
            if instance not in instances:
                self.drop(instance)

    def close(self) -> None:
        """Stop them all."""
        for instance in tuple(self._open):
            self.drop(instance)
        self._held.close()

    def _known_place(self) -> Place:
        if self._place is None:
            recipients = Recipients(self._folder / JOURNAL_FILE)
            self._held.callback(recipients.close)
            events = EventLog(
                self._folder / EVENTS_FILE,
                self._clock.now,
                lambda phone, text: from_anybody(text) or recipients.knows(phone),
            )
            self._held.callback(events.close)
            self._place = Place(self._folder, self._clock.now, events, self._connected)
        return self._place

    def _connected(self) -> None:
        self.on_connected()
