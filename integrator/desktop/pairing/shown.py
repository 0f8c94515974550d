"""All that the window of pairing shows at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrator.desktop.engine import NumberView, PairingView
from integrator.desktop.kit.signs import Kind
from integrator.desktop.pairing.stage import Stage


@dataclass(frozen=True, slots=True)
class Busy:
    """Something takes its time. ``lasts``: about how many seconds."""

    text: str
    since: datetime
    lasts: int


@dataclass(frozen=True, slots=True)
class Note:
    """What came of the last thing that the person asked for."""

    kind: Kind
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """``pairing`` is of the number ``instance``; ``test_phone`` in E.164 digits or empty."""

    stage: Stage
    numbers: tuple[NumberView, ...]
    instance: str
    pairing: PairingView | None
    busy: Busy | None
    note: Note | None
    test_phone: str
