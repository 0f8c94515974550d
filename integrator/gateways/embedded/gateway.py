"""The embedded engine: WhatsApp by a linked device, with no server to install (implements ``Gateway``).

The library runs in a :mod:`.worker` of its own, which :mod:`.supervisor` keeps alive; this is the daemon's side.
Nothing is started while no phone is paired and none is being paired.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from integrator.domain.errors import GatewayError
from integrator.domain.message import Part
from integrator.domain.outcome import CannotTell, Confirmation, Outcome
from integrator.gateways.embedded import outcomes, session
from integrator.gateways.embedded.child import Child, WorkerGone, WorkerSilent, program
from integrator.gateways.embedded.inbox import Inbox
from integrator.gateways.embedded.pairing import EmbeddedPairing
from integrator.gateways.embedded.protocol import Check, Checked, News, Situation, Start, Told, Written
from integrator.gateways.embedded.sending import Post, Sending, unsendable
from integrator.gateways.embedded.standing import Standing, View
from integrator.gateways.embedded.supervisor import Rhythm, Supervisor
from integrator.gateways.events.log import EventLog
from integrator.logs import log_event
from integrator.sending.gateway import (
    Assigned,
    Capabilities,
    Condition,
    EventBatch,
    GatewayState,
    NumberCheck,
    StatusNews,
    Webhook,
    nobody,
)

log = logging.getLogger(__name__)

_CHECK_S = 30.0
_CAPABILITIES = Capabilities(
    own_message_id=False,
    confirms_by_id=False,
    number_check=True,
    id_before_sending=True,
    pairs_by_qr=True,
    pairs_by_code=True,
    status=StatusNews.PUSH,
    inbound=True,
)


class EmbeddedGateway:
    """One number, whose session lives in ``folder``. Safe to use from several threads; sends one message at a time.

    ``expected`` (E.164 digits) is the number that may be paired, any when empty; ``command`` starts a worker.
    ``on_connected`` is called on a thread of the engine's: be quick.
    """

    rhythm = Rhythm()

    def __init__(
        self,
        instance: str,
        folder: Path,
        *,
        events: EventLog,
        clock: Callable[[], datetime],
        expected: str = "",
        proxy: str = "",
        command: Sequence[str] | None = None,
    ) -> None:
        self._instance = instance
        self._folder = folder.absolute()
        self._events = events
        self._clock = clock
        number = session.paired_number(self._folder)
        first = View(GatewayState.CONNECTING, number=number) if number else View(GatewayState.NEEDS_PAIRING)
        self._standing = Standing(clock, expected, first)
        self.on_connected: Callable[[], object] = lambda: None
        self._inbox = Inbox(instance, events)
        self._supervisor = Supervisor(
            partial(Child, tuple(command or program())),
            Start(str(self._folder), proxy),
            self._standing,
            self._hear,
            clock,
            self.rhythm,
        )
        self._pairing = EmbeddedPairing(self._folder, self._standing, self._supervisor)
        self._sending = threading.Lock()
        self._closed = False
        if number:
            self._supervisor.start()

    @property
    def name(self) -> str:
        """The engine's name, as in ``WA_INSTANCIA.MOTOR``."""
        return "embutido"

    @property
    def capabilities(self) -> Capabilities:
        """Always the same."""
        return _CAPABILITIES

    def condition(self) -> Condition:
        """Condition of the number, as last told by the worker."""
        view = self._standing.view()
        return Condition(view.state, view.until, view.detail, view.problem)

    def sender(self) -> str:
        """The paired number, also while it is out of reach."""
        return self._standing.view().number

    def check_numbers(self, numbers: Sequence[str]) -> tuple[NumberCheck, ...]:
        """Asks WhatsApp. Raises :class:`GatewayError` when it cannot be asked."""
        if not numbers:
            return ()
        child = self._connected()
        if child is None:
            raise _unreachable(self._standing.view().state.value)
        try:
            talk = child.ask(lambda number: Check(number, tuple(numbers)))
            try:
                reply = talk.next(_CHECK_S)
            finally:
                talk.close()
        except (WorkerGone, WorkerSilent) as error:
            raise _unreachable(str(error)) from error
        if not isinstance(reply, Checked) or len(reply.canonical) != len(numbers):
            raise _unreachable(reply.detail if isinstance(reply, Checked) else "no answer to the question")
        return tuple(
            NumberCheck(query, bool(known), known) for query, known in zip(numbers, reply.canonical, strict=True)
        )

    def new_message_id(self, row_guid: str, part: Part) -> str:
        """Empty: the library chooses, and tells before the message leaves."""
        del row_guid, part
        return ""

    def send(self, to: str, part: Part, message_id: str, assigned: Assigned = nobody) -> Outcome:
        """Post one part; raises what ``assigned`` raises, and then nothing left."""
        del message_id
        refused = unsendable(part)
        if refused is not None:
            return refused
        with self._sending:
            child = self._connected()
            if child is None:
                return outcomes.away(self._standing.view())
            sending = Sending(child, self._supervisor.restart, self._clock, self.rhythm.answer)
            return sending.post(Post(to, part, assigned))

    def confirm(self, message_id: str) -> Confirmation:
        """Only a receipt proves that a message was accepted, and none proves nothing."""
        try:
            return self._events.confirm(self._instance, message_id)
        except GatewayError:
            return CannotTell()

    def events(self, after: int) -> EventBatch:
        """What the worker told and the disk took."""
        try:
            return self._events.since(self._instance, after)
        except GatewayError:
            return EventBatch((), after)

    def pairing(self) -> EmbeddedPairing:
        """By code or digits."""
        return self._pairing

    def webhook(self) -> Webhook | None:
        """None: the worker tells by its pipe."""
        return None

    def close(self) -> None:
        """End the worker and write down what it told; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._supervisor.close()
            self._inbox.close()

    def _connected(self) -> Child | None:
        if self._closed or self._standing.view().state is not GatewayState.CONNECTED:
            return None
        return self._supervisor.child

    def _hear(self, news: News) -> None:
        """On the worker's reading thread."""
        match news:
            case Told() | Written():
                self._inbox.put(news)
            case Situation():
                self._remember()
                if self._standing.view().state is GatewayState.CONNECTED:
                    self.on_connected()

    def _remember(self) -> None:
        """So that a worker is started for a session that has a phone, and for no other."""
        view = self._standing.view()
        try:
            if view.state is GatewayState.LOGGED_OUT:
                session.forget_number(self._folder)
            elif view.state is GatewayState.CONNECTED:
                session.remember_number(self._folder, view.number)
        except OSError as error:
            log_event(log, "session_not_written", level=logging.ERROR, detail=repr(error))


def _unreachable(detail: str) -> GatewayError:
    return GatewayError(
        "Este computador está sem conexão com o WhatsApp, e não deu para conferir os números.", detail=detail
    )
