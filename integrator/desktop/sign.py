"""The signs of the icon beside the clock."""

from __future__ import annotations

from enum import Enum


class Sign(Enum):
    """What the icon says by its shape, the gravest first. The value names the picture in ``assets/integrador.svg``."""

    ERROR = "error"
    DISCONNECTED = "disconnected"
    PAUSED = "paused"
    SENDING = "sending"
    IDLE = "idle"
