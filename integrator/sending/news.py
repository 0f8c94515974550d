"""What comes back from WhatsApp: receipts go to the queue and the guard, what people wrote goes to the listener.

Taken in before each row is chosen and before each row leaves, and people also between its parts, so that a "SAIR" that
has arrived counts. The cursor moves on after everything was taken in: what a crash interrupts is heard again. Answers
to people leave last, and none of them twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from integrator.logs import log_event
from integrator.sending.gateway import EventBatch, Inbound, Receipt
from integrator.sending.ports import Age, Listener, World
from integrator.sending.sender import Sender

log = logging.getLogger(__name__)


class News:
    """The events of one number as one database reads them; ``reader`` names the cursor. Used by the engine's thread.

    ``settling``: a row that an earlier run was posting is not settled yet, and receipts wait until it is.
    """

    def __init__(
        self, world: World, reader: str, listener: Listener | None = None, sender: Sender | None = None
    ) -> None:
        self._queue = world.queue
        self._journal = world.journal
        self._gateway = world.gateway
        self._reader = reader
        self._listener = listener
        self._sender = sender
        self._clock = world.clock
        self.settling = False

    def take(self) -> None:
        """Everything that arrived since last time. Raises the errors of the queue and of the journal."""
        if self.settling:
            self.listen()
            return
        for batch in self._batches(self._journal.cursor(self._reader)):
            for event in batch.events:
                match event:
                    case Receipt():
                        self._receive(event)
                    case Inbound() if self._listener is not None:
                        self._listener.hear(event)
                    case Inbound():
                        pass
            self._journal.set_cursor(self._reader, batch.cursor)
        if self._listener is not None:
            self._listener.answer()

    def listen(self) -> None:
        """Only what people wrote; receipts wait for the next :meth:`take`, which hears the people again.

        While a row is posted the queue does not know the ids of its parts: a receipt would be nobody's, and lost.
        Raises as :meth:`take`.
        """
        if self._listener is None:
            return
        self._hear(self._listener, self._journal.cursor(self._reader))
        self._listener.answer()

    def database_is(self, age: Age) -> None:
        """Where an older copy has come in the database's place, people are heard again as far back as is kept.

        A "SAIR" that came after the copy was made stands in no table of it. Raises as :meth:`take`.
        """
        if self._listener is None:
            return
        made, grown = f"{self._reader}|banco", f"{self._reader}|numerados"
        created = int(f"{age.created:%Y%m%d%H%M%S}")
        known, numbered = self._journal.cursor(made), self._journal.cursor(grown)
        if known and (known != created or age.numbered < numbered):
            log_event(log, "heard_again", reader=self._reader)
            self._hear(self._listener, 0)
        if known != created:
            self._journal.set_cursor(made, created)
        if numbered != age.numbered:
            self._journal.set_cursor(grown, age.numbered)

    def _hear(self, listener: Listener, after: int) -> None:
        for batch in self._batches(after):
            for event in batch.events:
                if isinstance(event, Inbound):
                    listener.hear(event)

    def _batches(self, after: int) -> Iterator[EventBatch]:
        """Everything after the cursor: a "SAIR" may stand behind a night's receipts, more than come at once."""
        while (batch := self._gateway.events(after)).cursor != after:
            yield batch
            after = batch.cursor

    def _receive(self, receipt: Receipt) -> None:
        """Of another database's message on the same number nothing is known here: it is heard there."""
        known = self._queue.receive(receipt)
        if known and self._sender is not None:
            self._sender.told(receipt.kind, self._clock.now())
        log_event(log, "receipt", kind=receipt.kind.value, known=known)

    def quiet_until(self, number: str, now: datetime) -> datetime | None:
        """See :meth:`integrator.sending.ports.Listener.quiet_until`."""
        return None if self._listener is None else self._listener.quiet_until(number, now)
