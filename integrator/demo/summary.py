"""What the night came to: counts, gaps, and the queue compared with what the simulator's phones really got."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from statistics import fmean

from integrator.domain.lifecycle import State
from integrator.erp.connection import Database
from integrator.gateways.simulator.ledger import Ledger

_SENT = (State.SENT, State.DELIVERED, State.READ)
_UNFINISHED = (State.PENDING, State.RESERVED, State.SENDING)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Seconds between the end of one message and the beginning of the next."""

    min: float
    mean: float
    max: float


@dataclass(frozen=True, slots=True)
class Summary:
    """``duplicates`` are bubbles that a customer got once too often; ``lost`` are rows that say sent and are not in the
    ledger, or that were left unfinished."""

    counts: dict[str, int]
    parts: int
    documents: int
    gaps: Gaps | None
    first_sent: datetime | None
    last_sent: datetime | None
    duplicates: int
    lost: int

    def as_json(self) -> str:
        """Indented JSON, times in ISO format."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, default=datetime.isoformat) + "\n"


def summarize(database: Database, ledger: Ledger) -> Summary:
    """Compare the queue with the ledger."""
    rows = database.read(lambda s: s.rows("SELECT SITUACAO, COUNT(*) FROM WA_FILA GROUP BY SITUACAO"))
    counts = {str(state).strip(): int(count) for state, count in rows}
    spans = _spans(database, ledger)
    waits = [(later[0] - earlier[1]).total_seconds() for earlier, later in pairwise(spans)]
    return Summary(
        counts=counts,
        parts=len(ledger.messages),
        documents=sum(bool(bubble.file_name) for bubble in ledger.messages),
        gaps=Gaps(round(min(waits), 1), round(fmean(waits), 1), round(max(waits), 1)) if waits else None,
        first_sent=spans[0][0] if spans else None,
        last_sent=spans[-1][1] if spans else None,
        duplicates=len(ledger.duplicates()),
        lost=_lost(database, ledger) + sum(counts.get(state.value, 0) for state in _UNFINISHED),
    )


def _spans(database: Database, ledger: Ledger) -> list[tuple[datetime, datetime]]:
    """When each row began and ended to be posted, by the ledger's own times, in order."""
    found = database.read(lambda s: s.rows("SELECT FILA_ID, ID_PROVEDOR FROM WA_PARTE WHERE ID_PROVEDOR IS NOT NULL"))
    row_of = {str(provider).strip(): int(row) for row, provider in found}
    times: dict[int, list[datetime]] = {}
    for bubble in ledger.messages:
        times.setdefault(row_of.get(bubble.id, -1), []).append(bubble.at)
    return sorted((min(posted), max(posted)) for posted in times.values())


def _lost(database: Database, ledger: Ledger) -> int:
    """Rows that the queue believes sent and of which some part never reached the phone."""
    states = ", ".join(f"'{state.value}'" for state in _SENT)
    found = database.read(
        lambda s: s.rows(
            "SELECT F.ID, P.ID_PROVEDOR FROM WA_FILA F LEFT JOIN WA_PARTE P ON P.FILA_ID = F.ID WHERE "
            f"F.SITUACAO IN ({states})"
        )
    )
    received = {bubble.id for bubble in ledger.messages}
    return len({row for row, provider in found if str(provider or "").strip() not in received})
