"""Which rows of the queue a closing writes anew instead of adding another: what waits for this send day, what is held.

A held message is brought up to date by every closing while its step is looked for: what was mended in the ERP takes
effect, and there is never a second row for somebody to release as well.
"""

from __future__ import annotations

from datetime import date

from integrator.closing.drafts import REMINDER
from integrator.closing.ports import Memory


class Rows:
    """The rows that may still change, by company, receiver and phone."""

    def __init__(self, memory: Memory, day: date) -> None:
        self._waiting = memory.waiting
        self._keys = {_rest(key): key for key in sorted(memory.held) if key.startswith(REMINDER)}
        self._planned: set[tuple[str, str]] = set()
        for (company, ref), steps in memory.steps.items():
            for past in steps:
                if past.day == day and past.key in memory.waiting:
                    self._keys[_rest(past.key)] = past.key
                    self._planned.add((company, ref))

    def key(self, key: str) -> str:
        """The key of the row that takes the message: one that is there already, else ``key`` itself."""
        return key if key in self._waiting else self._keys.get(_rest(key), key)

    def planned(self, company: str, ref: str) -> bool:
        """Whether a row that waits reminds of the title on this very send day."""
        return (company, ref) in self._planned


def _rest(key: str) -> str:
    """The key without its send day."""
    return key.split("|", 2)[-1]
