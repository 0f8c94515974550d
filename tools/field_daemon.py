"""``python -m tools.field_daemon … run --headless``: the product's daemon with its time compressed.

A minute of the wall passes in a second, and so do the waits and the seconds for which an idle attachment is kept: what
a shop sees in an hour is seen in a minute. Ticks are a real second apart, so that the share of time in which the
database is attached stays about what it is in a shop. Nothing else differs from ``python -m integrator``; the first
instant is the next working day at 9:00, so that the calendar is open whenever this is run.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from integrator import clock, daemon
from integrator.cli.entry import main
from integrator.erp.connection import Database
from tools.faults_engine import next_workday

SPEED = 60.0
_TICK_S = 1.0
#: For how many real seconds the server may stay silent; absent: the product's own patience.
PATIENCE_VARIABLE = "FIELD_PATIENCE_S"


def compress_time() -> None:
    """Everything in this process that waits or asks for the time goes ``SPEED`` times as fast."""
    start, began = next_workday(date.today()), time.monotonic()

    def now(_: clock.SystemClock) -> datetime:
        return start + timedelta(seconds=(time.monotonic() - began) * SPEED)

    sleep = clock.SystemClock.sleep
    _replace(clock.SystemClock, "now", now)
    _replace(clock.SystemClock, "sleep", lambda self, seconds: sleep(self, seconds / SPEED))
    _replace(daemon, "TICK_S", _TICK_S)
    made = Database.__init__

    def make(self: Database, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        self.linger_s /= SPEED
        if PATIENCE_VARIABLE in os.environ:
            patience_s = float(os.environ[PATIENCE_VARIABLE])
            self.patience_s = patience_s
            self.target = replace(self.target, connect_timeout_s=patience_s, attach_timeout_s=2 * patience_s)

    _replace(Database, "__init__", make)


def _replace(owner: Any, name: str, value: object) -> None:
    getattr(owner, name)  # a name that the product no longer has must not pass unnoticed
    setattr(owner, name, value)


if __name__ == "__main__":
    compress_time()
    sys.exit(main())
