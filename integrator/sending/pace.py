"""The pace of one number: random gaps, batches with a rest, and a daily maximum.

Gaps and maximum count rows, not the parts of a row. What was sent is read from the queue and from the journal,
whichever says more, so that neither a restart nor a restored backup makes a number send faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from integrator.sending.ports import SentCount


@dataclass(frozen=True, slots=True)
class PacePolicy:
    """Seconds between rows, between the parts of a row, and how many rows per day and per batch (0: no batches)."""

    gap_min_s: float = 60.0
    gap_max_s: float = 120.0
    daily_max: int = 400
    batch_size: int = 0
    batch_rest_s: float = 900.0
    part_gap_min_s: float = 2.0
    part_gap_max_s: float = 5.0


class Pace:
    """When the next row may leave. The gap after each row is drawn once and kept."""

    def __init__(self, policy: PacePolicy, random: Random) -> None:
        self.policy = policy
        self._random = random
        self._gap_s = self._draw()
        self._in_batch = 0

    def adopt(self, policy: PacePolicy) -> None:
        """Go on by other limits; the batch in hand goes on too, so that a change of settings is no way around it."""
        self.policy = policy
        self._gap_s = self._draw()

    def next_at(self, sent: SentCount) -> datetime | None:
        """The earliest time of the next row; None when it may leave now as far as the gap is concerned."""
        return None if sent.latest is None else sent.latest + timedelta(seconds=self._gap_s)

    def day_is_full(self, sent: SentCount) -> bool:
        """Whether the daily maximum is reached, for ``sent`` counted since :func:`day_start`."""
        return sent.rows >= self.policy.daily_max

    def row_left(self) -> None:
        """A row was posted: draw the gap until the next one, longer after a full batch."""
        self._gap_s = self._draw()
        self._in_batch += 1
        if self.policy.batch_size and self._in_batch >= self.policy.batch_size:
            self._in_batch = 0
            self._gap_s = max(self._gap_s, self.policy.batch_rest_s)

    def part_gap_s(self) -> float:
        """A pause between two parts of one row, seconds."""
        return self._random.uniform(self.policy.part_gap_min_s, self.policy.part_gap_max_s)

    def _draw(self) -> float:
        return self._random.uniform(self.policy.gap_min_s, self.policy.gap_max_s)


def day_start(now: datetime) -> datetime:
    """Midnight of that day: the daily maximum counts calendar days."""
    return datetime.combine(now.date(), time.min)
