"""A figure beside its floor and target, and the arithmetic of repeated measurements."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

_Given = TypeVar("_Given")


class Sense(StrEnum):
    """Which side of a limit is good."""

    AT_MOST = "≤"
    AT_LEAST = "≥"


class Verdict(StrEnum):
    """How a figure stands against its target."""

    PASS = "pass"
    FAIL = "FAIL"
    NO_TARGET = "-"


@dataclass(frozen=True, slots=True)
class Floor:
    """What the same work costs at least on this machine, in the figure's own unit; `what` says how it was measured."""

    what: str
    value: float


@dataclass(frozen=True, slots=True)
class Target:
    """A promise: a limit of the figure itself or, with `of_floor`, of the figure divided by its floor."""

    limit: float
    sense: Sense = Sense.AT_MOST
    of_floor: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: the median of `n` repetitions, in `unit`. `p95` is given where single calls were timed."""

    group: str
    what: str
    value: float
    unit: str
    n: int
    floor: Floor | None = None
    target: Target | None = None
    p95: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times its floor the figure is; None without a floor, or with one too small to divide by."""
        return self.value / self.floor.value if self.floor is not None and self.floor.value > 0 else None

    @property
    def verdict(self) -> Verdict:
        if self.target is None:
            return Verdict.NO_TARGET
        measured = self.ratio if self.target.of_floor else self.value
        if measured is None:
            return Verdict.FAIL
        within = measured <= self.target.limit if self.target.sense is Sense.AT_MOST else measured >= self.target.limit
        return Verdict.PASS if within else Verdict.FAIL


def per_second(work: Callable[[_Given], object], sets: Collection[_Given]) -> float:
    """How many of `sets` the work gets through in a second."""
    start = time.perf_counter()
    for given in sets:
        work(given)
    return len(sets) / (time.perf_counter() - start)


def median(values: Sequence[float]) -> float:
    """The middle of the measurements. ValueError when there are none."""
    if not values:
        raise ValueError("no measurements")
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest measurement that `percent` of them do not exceed (nearest rank). ValueError when there are none."""
    if not values:
        raise ValueError("no measurements")
    rank = math.ceil(len(values) * percent / 100)
    return sorted(values)[max(rank, 1) - 1]
