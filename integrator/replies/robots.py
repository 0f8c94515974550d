"""Whether a program answers at the other end: it repeats itself, or is quicker than a person, time and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from integrator.journal.replies import Exchange

#: How far back is looked, and how long a robot is taken for one after it was found out.
LOOKED_BACK: Final = timedelta(days=1)
REMEMBERED: Final = timedelta(days=30)
_QUICK: Final = timedelta(seconds=5)
_QUICK_TIMES: Final = 2
_ONE_MESSAGE: Final = timedelta(seconds=60)
_SAME_TIMES: Final = 3


def looks_like_robot(exchange: Exchange) -> bool:
    """By what went back and forth within :data:`LOOKED_BACK`.

    The same text three times, or twice something within seconds of what was posted: the greeting of a shop's own
    WhatsApp, an attendance robot, another installation of this program.
    """
    said = Counter(heard.digest for heard in exchange.heard if heard.digest)
    if said and max(said.values()) >= _SAME_TIMES:
        return True
    answered = {_before(exchange.posted, heard.at) for heard in exchange.heard} - {None}
    return len(answered) >= _QUICK_TIMES


def _before(posted: Sequence[datetime], at: datetime) -> datetime | None:
    """When that began which was posted within seconds before that moment; WhatsApp dates by whole seconds.

    The parts of a message are one: a person who holds the phone says "recebi" and "obrigada" between two of them.
    """
    if not any(when - timedelta(seconds=1) <= at <= when + _QUICK for when in posted):
        return None
    earlier = [when for when in posted if when - timedelta(seconds=1) <= at]
    began = earlier.pop()
    while earlier and began - earlier[-1] <= _ONE_MESSAGE:
        began = earlier.pop()
    return began
