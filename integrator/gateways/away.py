"""A number whose engine cannot be started: nothing leaves by it, and people are told why. The other numbers work on."""

from __future__ import annotations

from collections.abc import Sequence

from integrator.domain.errors import GatewayError
from integrator.domain.message import Part
from integrator.domain.outcome import CannotTell, Confirmation, Outcome, TryLater
from integrator.sending.gateway import (
    Assigned,
    Capabilities,
    Condition,
    EventBatch,
    NumberCheck,
    Pairable,
    StatusNews,
    Webhook,
    nobody,
)

_RETRY_S = 3600.0


class AwayGateway:
    """Implements :class:`integrator.sending.gateway.Gateway`; ``condition.told`` says why, in Portuguese."""

    def __init__(self, name: str, condition: Condition) -> None:
        self._name = name
        self._condition = condition

    @property
    def name(self) -> str:
        """Of the engine that was configured."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """None at all."""
        return Capabilities(own_message_id=False, confirms_by_id=False, number_check=False, status=StatusNews.NONE)

    def condition(self) -> Condition:
        """As it was made."""
        return self._condition

    def sender(self) -> str:
        """None."""
        return ""

    def check_numbers(self, numbers: Sequence[str]) -> tuple[NumberCheck, ...]:
        """Raises :class:`GatewayError`."""
        raise GatewayError(self._condition.told, detail=f"{len(numbers)} numbers")

    def new_message_id(self, row_guid: str, part: Part) -> str:
        """None."""
        del row_guid, part
        return ""

    def send(self, to: str, part: Part, message_id: str, assigned: Assigned = nobody) -> Outcome:
        """Nothing leaves."""
        del to, part, message_id, assigned
        return TryLater(self._condition.told, _RETRY_S)

    def confirm(self, message_id: str) -> Confirmation:
        """Nobody can tell."""
        del message_id
        return CannotTell()

    def events(self, after: int) -> EventBatch:
        """None."""
        return EventBatch((), after)

    def pairing(self) -> Pairable | None:
        """None."""
        return None

    def webhook(self) -> Webhook | None:
        """None."""
        return None

    def close(self) -> None:
        """Nothing to let go of."""
