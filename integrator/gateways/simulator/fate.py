"""What becomes of an accepted message: delivered, read or failed, and when. Decided by seed and id alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Final

from integrator.sending.gateway import Receipt, ReceiptKind

#: A seed of a world in which whatever was accepted arrives.
NO_LATE_REFUSALS: Final = 0
_FAILED_SHARE: Final = 0.003
_PHONE_OFF_SHARE: Final = 0.05
_READ_SHARE: Final = 0.7
_FAILURE: Final = "O WhatsApp aceitou a mensagem, mas não conseguiu entregá-la ao celular."


def receipts_to_come(seed: int, message_id: str, accepted_at: datetime) -> tuple[Receipt, ...]:
    """The receipts that the message will get, in order of time.

    About 0.3 % fail within a minute; the others are delivered within 45 s, or after 2 to 9 hours by phones that are off
    (5 %); 70 % are read, 20 s to 3 h after delivery. The same seed and id always give the same answer.
    With the seed ``NO_LATE_REFUSALS`` nothing fails.
    """
    chance = Random(f"{seed}:{message_id}")
    if chance.random() < _FAILED_SHARE and seed != NO_LATE_REFUSALS:
        failed_at = accepted_at + timedelta(seconds=chance.randint(5, 60))
        return (Receipt(message_id, ReceiptKind.FAILED, failed_at, _FAILURE),)
    phone_off = chance.random() < _PHONE_OFF_SHARE
    wait_s = chance.randint(2 * 3600, 9 * 3600) if phone_off else chance.randint(2, 45)
    delivered = Receipt(message_id, ReceiptKind.DELIVERED, accepted_at + timedelta(seconds=wait_s))
    if chance.random() >= _READ_SHARE:
        return (delivered,)
    read_at = delivered.at + timedelta(seconds=chance.randint(20, 3 * 3600))
    return (delivered, Receipt(message_id, ReceiptKind.READ, read_at))
