"""How often one key may ask."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    """A bucket for each key: filled at its rate, it holds what two seconds bring. Used by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, key: str, per_second: int) -> float:
        """0.0 when the key may ask now, which is then counted; else the seconds until it may."""
        now, most = time.monotonic(), 2.0 * per_second
        with self._lock:
            bucket = self._buckets.setdefault(key, _Bucket(most, now))
            bucket.left = min(most, bucket.left + (now - bucket.at) * per_second)
            bucket.at = now
            if bucket.left < 1.0:
                return (1.0 - bucket.left) / per_second
            bucket.left -= 1.0
            return 0.0
