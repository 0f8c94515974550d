"""What the worker heard, on its way to the disk: a thread of its own waits for the disk, and nothing is dropped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import datetime
from queue import SimpleQueue
from typing import Final

from integrator.domain.errors import GatewayError
from integrator.gateways.embedded.protocol import Told, Written
from integrator.gateways.events.log import EventLog
from integrator.logs import log_event
from integrator.sending.gateway import Event, Inbound, Receipt, ReceiptKind

log = logging.getLogger(__name__)

_AGAIN_S: Final = 5.0


class Inbox:
    """News of one number. What the disk refuses is offered again until it is taken or the program ends."""

    def __init__(self, instance: str, events: EventLog) -> None:
        self._instance = instance
        self._events = events
        self._queue: SimpleQueue[Told | Written | None] = SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="whatsapp-inbox", daemon=True)
        self._thread.start()

    def put(self, news: Told | Written) -> None:
        """Returns at once."""
        self._queue.put(news)

    def close(self) -> None:
        """Write what has come in, then rest."""
        self._closing.set()
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (news := self._queue.get()) is not None:
            for event in _events(news):
                self._keep(event)

    def _keep(self, event: Event) -> None:
        while True:
            try:
                self._events.append(self._instance, event)
                return
            except GatewayError as error:
                log_event(log, "news_not_written", level=logging.ERROR, detail=error.detail)
                if self._closing.wait(_AGAIN_S):
                    return
            except Exception as error:  # the top of this thread: after one event that cannot be kept come others
                log_event(log, "news_lost", level=logging.ERROR, kind=type(error).__name__)
                return


def _events(news: Told | Written) -> Iterator[Event]:
    try:
        at = datetime.fromtimestamp(news.at)
        match news:
            case Told(message_ids, kind, _):
                yield from [Receipt(message_id, ReceiptKind(kind), at) for message_id in message_ids]
            case Written(message_id, sender, text, _, name):
                yield Inbound(message_id, sender, text, at, name)
    except (ValueError, OverflowError, OSError):
        log_event(log, "news_not_understood", level=logging.WARNING)
