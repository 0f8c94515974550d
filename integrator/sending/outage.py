"""A database that is away or refuses us: one episode, from the first failure to the first success.

The engine asks again after 1, 2, 4 … 60 seconds; each minute where somebody works on the database or a person must act
(a wrong password tried more often would lock the login). An episode is logged when it begins, when its reason
changes and when it is over, not at every try.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from integrator.domain.errors import ErpDatabaseError, Remedy
from integrator.logs import log_event

log = logging.getLogger(__name__)

_FIRST_S, _LONGEST_S = 1.0, 60.0
_FOR_PEOPLE = frozenset({Remedy.WAIT, Remedy.ASK})
#: Ticks come a moment early or late.
_SLACK = timedelta(seconds=1)


class Outage:
    """When to ask again. ``wait_s`` is the pause after the latest failure, 0 while all is well."""

    def __init__(self) -> None:
        self.wait_s = 0.0
        self._since = self._failed_at = datetime.min
        self._reason = ""

    def due(self, now: datetime) -> bool:
        """Whether to ask now. A clock that was put back makes nobody wait for longer than a minute."""
        passed = now - self._failed_at
        return self.wait_s == 0 or passed < timedelta(0) or passed + _SLACK >= timedelta(seconds=self.wait_s)

    def failed(self, error: ErpDatabaseError, now: datetime) -> None:
        """Another try failed."""
        if self.wait_s == 0:
            self._since = now
        if error.message != self._reason:
            level = logging.ERROR if error.permanent else logging.WARNING
            log_event(log, "problem", level=level, title=error.title, message=error.message, detail=error.detail)
        self._reason, self._failed_at = error.message, now
        grown = min(self.wait_s * 2, _LONGEST_S) if self.wait_s else _FIRST_S
        self.wait_s = _LONGEST_S if error.remedy in _FOR_PEOPLE else grown

    def over(self, now: datetime) -> None:
        """A try succeeded, up to writing."""
        if self.wait_s == 0:
            return
        away_s = round((now - self._since).total_seconds())
        log_event(log, "problem_over", message="O banco de dados voltou a responder.", away_s=away_s)
        self.wait_s, self._reason = 0.0, ""
