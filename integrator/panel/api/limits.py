"""How much one caller may ask: so many requests a second, and not too many large bodies at once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

_MOST_CALLERS: Final = 2_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    """A bucket for each caller: filled at its rate, it holds what two seconds bring. Used by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, caller: str, per_second: int) -> float:
        """0.0 when the caller may ask now, which is then counted; else the seconds until it may."""
        now, most = time.monotonic(), 2.0 * per_second
        with self._lock:
            bucket = self._buckets.setdefault(caller, _Bucket(most, now))
            self._buckets.move_to_end(caller)
            while len(self._buckets) > _MOST_CALLERS:
                self._buckets.popitem(last=False)
            bucket.left = min(most, bucket.left + (now - bucket.at) * per_second)
            bucket.at = now
            if bucket.left < 1.0:
                return (1.0 - bucket.left) / per_second
            bucket.left -= 1.0
            return 0.0
