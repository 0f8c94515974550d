"""What the figures were measured on, and whether anybody else was using it."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

_CALM_SHARE = 0.25
_SAMPLE_S = 1.0
_PATIENCE_S = 45.0


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine of a run. `load` is the one-minute load average when it began."""

    cores: int
    cpu: str
    system: str
    python: str
    firebird: str
    load: float


def describe(firebird: str) -> Machine:
    """This machine; `firebird` is the server's own word on its version."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return Machine(
        os.cpu_count() or 1, _cpu_model(), platform.platform(terse=True), platform.python_version(), firebird, load
    )


def wait_for_calm() -> float:
    """Wait until others use less than a quarter of the processors, at most 45 s; the share in use at the end (0..1)."""
    deadline = time.monotonic() + _PATIENCE_S
    share = busy_share()
    while share > _CALM_SHARE and time.monotonic() < deadline:
        share = busy_share()
    return share


def busy_share() -> float:
    """The share of all processors in use during one second of our own silence; 0 where the system does not tell."""
    before = _cpu_times()
    time.sleep(_SAMPLE_S)
    after = _cpu_times()
    total = sum(after) - sum(before)
    idle = sum(after[3:5]) - sum(before[3:5])  # idle and waiting for a disk
    return 1 - idle / total if total > 0 else 0.0


def _cpu_times() -> tuple[int, ...]:
    try:
        first = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    except OSError:
        return ()
    return tuple(int(cell) for cell in first.split()[1:])


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()
