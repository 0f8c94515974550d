"""Leftovers of a run that died: rows ``reservada`` or ``enviando`` that nobody is working on any more.

A ``reservada`` row was never posted: back to the queue. An ``enviando`` row is settled by the journal, then by the
gateway; what cannot be settled becomes ``incerta``. Nothing is posted here.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from integrator.domain.errors import RowLocked
from integrator.domain.lifecycle import State
from integrator.logs import log_event
from integrator.sending.ports import Ending, Leftover, PartRecord, PartState, World
from integrator.sending.settle import DOUBT, Clean, Doubt, Partly, Settlement, Whole, recall, settle

log = logging.getLogger(__name__)

#: Longer than the slowest answer of a gateway (75 s): until then a post of an earlier run may still be on its way.
DOUBT_AGE_S = 90.0


class Rescue:
    """Settles leftovers; run by the engine at every tick, while it holds no row.

    ``waits``: after the last run a row that we posted was too fresh to be settled.
    """

    def __init__(self, world: World, database: str, doubt_age_s: float = DOUBT_AGE_S) -> None:
        self._queue = world.queue
        self._journal = world.journal
        self._gateway = world.gateway
        self._database = database
        self._doubt_age_s = doubt_age_s
        self.waits = False

    def run(self, now: datetime) -> int:
        """Settle what can be settled now; how many rows were moved."""
        self.waits = False
        return sum(self._one(leftover, now) for leftover in self._queue.leftovers())

    def _one(self, leftover: Leftover, now: datetime) -> bool:
        if leftover.state is State.RESERVED:
            ending: Ending | None = Ending(State.PENDING)
        elif leftover.mine:
            ending = self._ours(leftover, now)
        else:
            ending = self._another(leftover)
        if ending is None:
            return False
        try:
            moved = self._queue.finish(leftover.reservation, ending)
        except RowLocked as error:
            # The ERP's transaction holds this one; the others must not wait for it.
            log_event(log, "rescue_later", row=leftover.reservation.id, detail=error.detail)
            return False
        log_event(
            log, "rescued", row=leftover.reservation.id, state=ending.state.value, mine=leftover.mine, moved=moved
        )
        return moved

    def _ours(self, leftover: Leftover, now: datetime) -> Ending | None:
        """Our journal knows everything that we posted."""
        row = (self._database, leftover.reservation.guid, leftover.key)
        parts, _ = self._journal.posted(*row)
        if not leftover.expired and self._too_fresh(parts, now):
            self.waits = True
            return None
        return _ending(settle(*recall(self._journal, self._gateway, *row), self._gateway))

    def _another(self, leftover: Leftover) -> Ending | None:
        """Another computer posted it, and its journal is not here: only the engine itself can tell.

        Our engine knows nothing of what another number posted: its "no" would prove nothing.
        """
        if not leftover.expired:
            return None
        if not leftover.same_number:
            return Ending(State.UNCERTAIN, DOUBT, "duvida")
        parts = self._queue.recorded_parts(leftover.reservation)
        if not parts:
            return Ending(State.UNCERTAIN, DOUBT, "duvida")
        settlement = settle(parts, len(parts), self._gateway)
        return _ending(settlement)

    def _too_fresh(self, parts: tuple[PartRecord, ...], now: datetime) -> bool:
        """An unanswered post may still arrive: wait before asking the gateway about it."""
        age = timedelta(seconds=self._doubt_age_s)
        return any(part.state is PartState.PLANNED and part.at is not None and now - part.at < age for part in parts)


def _ending(settlement: Settlement) -> Ending:
    match settlement:
        case Whole(parts, at):
            return Ending(State.SENT, sent_at=at, parts=parts)
        case Partly(parts):
            return Ending(State.PENDING, parts=parts)
        case Doubt(parts):
            return Ending(
                State.UNCERTAIN, DOUBT, "duvida", max((p.at for p in parts if p.at), default=None), None, parts
            )
        case Clean():
            return Ending(State.PENDING)
