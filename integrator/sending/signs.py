"""What warns that a number is about to be blocked, and what follows: a pause of cold contacts, then a stop.

Everything is durable before the next row is chosen (:class:`~integrator.sending.ports.Senders`).
"""

from __future__ import annotations

import logging
from datetime import datetime

from integrator.domain.outcome import Outcome, Rejected, Restricted, Sent, TryLater, Unknown
from integrator.domain.phone import mask_phone
from integrator.domain.sender import COLD_PAUSE, signs_stop
from integrator.logs import log_event
from integrator.sending.gateway import ReceiptKind
from integrator.sending.ports import Senders

log = logging.getLogger(__name__)


class Signs:
    """Hears the answer to every part of one number. ``failures_to_stop`` in a row stop it."""

    def __init__(self, senders: Senders, failures_to_stop: int) -> None:
        self._senders = senders
        self._failures_to_stop = failures_to_stop

    def hear(self, number: str, outcome: Outcome, now: datetime) -> None:
        """Take one answer into account. Raises the journal's errors."""
        match outcome:
            case Sent():
                self._senders.succeeded(number)
            case Restricted():
                self._restricted(number, outcome, now)
                self._failed(number, now)
            case Unknown():
                self._failed(number, now)
            case Rejected(about_recipient=False):
                self._failed(number, now)
            case Rejected() | TryLater():
                pass

    def told(self, number: str, kind: ReceiptKind, now: datetime) -> None:
        """What became of a part that the engine had accepted.

        Counted apart: an engine on a server accepts every part, and WhatsApp's refusal comes minutes later.
        """
        match kind:
            case ReceiptKind.FAILED:
                self._stop_after(self._senders.refused_late(number), number, now)
            case ReceiptKind.DELIVERED | ReceiptKind.READ:
                self._senders.delivered(number)
            case ReceiptKind.SENT:
                pass

    def _restricted(self, number: str, sign: Restricted, now: datetime) -> None:
        record = self._senders.record(number)
        again = record is not None and signs_stop(record.signs, now)
        until = max(sign.until or now + COLD_PAUSE, now)
        self._senders.sign(number, now, sign.reason, until)
        log_event(log, "sender_sign", level=logging.WARNING, sender=mask_phone(number), until=until)
        if sign.stops or again:
            why = "segundo aviso do WhatsApp em uma semana" if again else "aviso do WhatsApp"
            self._halt(number, now, f"{why}: {sign.reason}")

    def _failed(self, number: str, now: datetime) -> None:
        self._stop_after(self._senders.failed(number), number, now)

    def _stop_after(self, failures: int, number: str, now: datetime) -> None:
        if failures >= self._failures_to_stop:
            self._halt(number, now, f"{failures} envios seguidos sem sucesso")

    def _halt(self, number: str, now: datetime, why: str) -> None:
        self._senders.halt(number, now, why)
        log_event(log, "sender_stopped", level=logging.WARNING, sender=mask_phone(number), why=why)
