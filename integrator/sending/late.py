"""A composer that is made with the first message: a daemon that waits needs neither language nor digits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from integrator.domain.message import Composed, Message
from integrator.sending.debts import Debts, Pointless
from integrator.sending.policy import ComposePolicy

if TYPE_CHECKING:
    from integrator.sending.compose import Composer


class Composes(Protocol):
    """What makes parts of a row: :class:`~integrator.sending.compose.Composer`, or this one."""

    def compose(self, message: Message, now: datetime, debts: Debts | None = None) -> Composed | Pointless: ...


class LateComposer:
    """A :class:`~integrator.sending.compose.Composer` from its first message on."""

    def __init__(self, policy: ComposePolicy) -> None:
        self._policy = policy
        self._composer: Composer | None = None

    def compose(self, message: Message, now: datetime, debts: Debts | None = None) -> Composed | Pointless:
        """As the composer does."""
        if self._composer is None:
            from integrator.sending.compose import Composer

            self._composer = Composer(self._policy)
        return self._composer.compose(message, now, debts)
