"""When the engine is looked at again, and how long a phone is waited for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

_EVERY: Final = timedelta(seconds=1)
_CALM: Final = timedelta(seconds=3)
_VIEW_EVERY: Final = timedelta(seconds=5)
_LONGEST: Final = timedelta(seconds=8)
#: An engine needs some seconds to its first code, and one without internet is not asked all the time.
_AGAIN: Final = timedelta(seconds=10)
_PATIENCE: Final = timedelta(minutes=10)


@dataclass(slots=True)
class Pace:
    """``due``: the next look; ``view_due``: the next that asks for all numbers, not for one."""

    due: datetime = datetime.min
    view_due: datetime = datetime.min
    failures: int = 0

    def heard(self, now: datetime, *, moving: bool, afresh: bool) -> None:
        """An answer came; ``moving``: the next one may be another at any second."""
        self.failures = 0
        self.due = now + (_EVERY if moving else _CALM)
        if afresh:
            self.view_due = now + _VIEW_EVERY

    def missed(self, now: datetime) -> None:
        """Nobody answered: less and less often."""
        self.failures += 1
        self.due = now + min(_LONGEST, _EVERY * 2**self.failures)

    def done(self, now: datetime) -> None:
        """Something was done: what came of it is seen soon."""
        self.due = now + _EVERY


class Patience(Enum):
    """What becomes of a wait in which no code is shown."""

    STAY = auto()
    AGAIN = auto()
    OVER = auto()


@dataclass(slots=True)
class Wait:
    """``since`` the person asked to wait for a phone; ``begun``: when a code was last asked for."""

    since: datetime = datetime.min
    begun: datetime = datetime.min

    def patience(self, now: datetime) -> Patience:
        """Whether another code is asked for now."""
        if now - self.since >= _PATIENCE:
            return Patience.OVER
        return Patience.AGAIN if now - self.begun >= _AGAIN else Patience.STAY
